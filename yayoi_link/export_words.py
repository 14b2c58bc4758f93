"""Says why a day cannot be written as 弥生インポート形式, and what had to be written otherwise than people did."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yayoi_link.importfile import Column, Refusal

NAMES = {
    Column.DEBIT_ACCOUNT: gettext_lazy("借方勘定科目"),
    Column.DEBIT_SUB_ACCOUNT: gettext_lazy("借方補助科目"),
    Column.DEBIT_DEPARTMENT: gettext_lazy("借方部門"),
    Column.DEBIT_TAX_CATEGORY: gettext_lazy("借方税区分"),
    Column.DEBIT_AMOUNT: gettext_lazy("金額"),
    Column.CREDIT_ACCOUNT: gettext_lazy("貸方勘定科目"),
    Column.CREDIT_SUB_ACCOUNT: gettext_lazy("貸方補助科目"),
    Column.CREDIT_DEPARTMENT: gettext_lazy("貸方部門"),
    Column.CREDIT_TAX_CATEGORY: gettext_lazy("貸方税区分"),
    Column.DESCRIPTION: gettext_lazy("摘要"),
    Column.MEMO: gettext_lazy("仕訳メモ"),
}


def refusals_in_words(refused):
    """One sentence per cell or line that keeps its day out."""
    return [
        f"{day.day.store.name} {date_format(day.day.date, 'Y/m/d')} {sentence}"
        for day in refused
        for sentence in [*map(missing_in_words, day.missing), *map(cell_in_words, day.cells)]
    ]


def missing_in_words(missing):
    if missing.character:
        return _("「%(phrase)s」に弥生で使えない文字「%(character)s」があります。") % {
            "phrase": missing.phrase,
            "character": missing.character,
        }
    return _("「%(phrase)s」の勘定科目が決まっていません。") % {"phrase": missing.phrase}


def cell_in_words(cell):
    place = {"row": cell.row, "column": NAMES[cell.column], "text": cell.text, "character": cell.character}
    match cell.refusal:
        case Refusal.UNWRITABLE:
            return _("%(row)s行目の%(column)s「%(text)s」に弥生で使えない文字「%(character)s」があります。") % place
        case Refusal.TOO_WIDE:
            return _("%(row)s行目の%(column)s「%(text)s」が長すぎます。") % place
        case _other:
            return _("%(row)s行目の%(column)s「%(text)s」は弥生で扱えない金額です。") % place


def shortened_in_words(shortened):
    """One sentence per name, whichever side it stands on."""
    return list(
        dict.fromkeys(
            _("「%(name)s」は弥生の桁数に合わせて「%(written)s」に縮めました。") % {"name": cut.name, "written": cut.written}
            for cut in shortened
        )
    )


def changes_in_words(made):
    """One sentence per name that was shortened and per text with characters that Yayoi does not have."""
    replaced = [
        _("「%(text)s」は弥生で使えない文字があるため「%(written)s」と書きました。") % {"text": text, "written": written}
        for text, written in made.replaced
    ]
    return [*shortened_in_words(made.shortened), *replaced]
