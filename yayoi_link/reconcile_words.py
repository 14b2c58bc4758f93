"""Says in words what 照合 found, and what to do about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from yayoi_link.daybook import DaybookProblem
from yayoi_link.models import Delivery
from yayoi_link.reconciliation import Certainty, Finding
from yayoi_link.reconciling import ReconciledDay
from yayoi_link.row_comparison import Detail, Match
from yayoi_link.states import State


@dataclass(frozen=True, slots=True)
class MatchWord:
    word: str
    look: str
    icon: str


MATCHES = {
    Match.MISSING: MatchWord(pgettext_lazy("match", "不足"), "bad", "minus-circle"),
    Match.DOUBLE: MatchWord(pgettext_lazy("match", "重複"), "bad", "document-duplicate"),
    Match.OTHER_AMOUNT: MatchWord(gettext_lazy("金額違い"), "bad", "x-circle"),
    Match.OTHER_TAX: MatchWord(gettext_lazy("税額違い"), "warn", "exclamation-triangle"),
    Match.SAME: MatchWord(gettext_lazy("一致"), "ok", "check-circle"),
}
STEPS = {
    Match.MISSING: gettext_lazy("弥生の「未確定の取引」に残っていないか、削除や摘要の変更がないか確認し、なければ弥生に入力してください。"),
    Match.DOUBLE: gettext_lazy("弥生でこの行を削除してください。"),
    Match.OTHER_AMOUNT: gettext_lazy("弥生の仕訳の金額を、送った金額に直してください。"),
    Match.OTHER_TAX: gettext_lazy("弥生の仕訳の消費税額を、送った税額に直してください。"),
    Match.SAME: "",
}
STEPS_BY_DETAIL = {
    Detail.SWAPPED: gettext_lazy("弥生の仕訳の借方と貸方が逆です。入れ替えてください。"),
    Detail.OTHER_RATE: gettext_lazy("弥生の仕訳の税区分を、送った税区分に直してください。"),
    Detail.NOT_OURS: gettext_lazy("この管理画面が送った行にありません。手で入力や複写をした行なら、弥生で削除してください。"),
}
PROBLEMS = {
    DaybookProblem.NOT_TEXT: gettext_lazy("CSVファイルではありません。弥生の仕訳日記帳をエクスポートしたファイルを選んでください。"),
    DaybookProblem.EMPTY: gettext_lazy("ファイルに仕訳がありません。"),
    DaybookProblem.NOT_CSV: gettext_lazy("引用符が閉じていません。ファイルが途中で切れているかもしれません。"),
    DaybookProblem.WRONG_WIDTH: gettext_lazy("項目の数が25または27ではありません（%(cell)s）。"),
    DaybookProblem.BAD_FLAG: gettext_lazy("識別フラグ「%(cell)s」は仕訳のものではありません。"),
    DaybookProblem.BAD_DATE: gettext_lazy("取引日付「%(cell)s」を読み取れません。"),
    DaybookProblem.BAD_AMOUNT: gettext_lazy("金額または税金額「%(cell)s」を読み取れません。"),
    DaybookProblem.TOO_MANY_ROWS: gettext_lazy("行が多すぎるため、ここから先は読み取っていません。期間を分けてエクスポートしてください。"),
}


def step_for(finding):
    """What to do about one line, empty where nothing is. A difference to a locked month was not sent under its 営業日."""
    if finding.detail is Detail.OTHER_DATE:
        sent = {"date": date_format(finding.expected.date, "DATE_FORMAT")}
        return _("弥生の仕訳の日付が、送った日付（%(date)s）と違います。月をまたぐときは直してください。") % sent
    return STEPS_BY_DETAIL.get(finding.detail) or STEPS[finding.match]


def problem_in_words(bad):
    reason = PROBLEMS[bad.problem] % {"cell": bad.cell[:40]}
    return _("%(line)s行目: %(reason)s") % {"line": bad.line, "reason": reason}


def presence_in_words(presence, delivery):
    """What the books say of a posting of which nobody was sure."""
    count = {"found": presence.rows_found, "rows": len(presence.posting.entries)}
    if presence.posting.certainty is Certainty.NOT_SENT:
        if delivery.state == State.WAIVED:
            return _("送信不要とした営業日です。弥生に%(found)s行あります（全%(rows)s行）。") % count
        return (
            _(
                "この連携は送れていませんが、弥生に%(found)s行あります（全%(rows)s行）。手で取り込んだ行なら、連携を「送信不要」にしてください。送ると重複します。"
            )
            % count
        )
    state = delivery.get_state_display()
    if presence.is_whole:
        return _("「%(state)s」の連携です。全%(rows)s行が弥生にあります。連携の画面で「弥生で確認」から「あった」と記録してください。") % {
            **count,
            "state": state,
        }
    if not presence.rows_found:
        return _(
            "「%(state)s」の連携です。弥生に1行もありません。「未確定の取引」にもなければ、連携の画面で「なかった」と記録して再連携してください。"
        ) % {"state": state}
    return _("「%(state)s」の連携です。全%(rows)s行のうち%(found)s行だけが弥生にあります。「未確定の取引」を確認してください。") % {
        **count,
        "state": state,
    }


def header_of_lines() -> list[str]:
    """What the columns of `lines_of_day` and `lines_of_unsent` are called."""
    return [
        _("営業日"),
        _("店舗コード"),
        _("店舗名"),
        _("結果"),
        _("摘要"),
        _("送った金額"),
        _("送った税額"),
        _("弥生の金額"),
        _("弥生の税額"),
        _("ファイルの行"),
        _("次にすること"),
    ]


def lines_of_day(found: ReconciledDay) -> Iterator[tuple[str | int, ...]]:
    """Yield what somebody has to look at of a day, a row of a table each. Amounts in yen, empty where there is none."""
    place = (found.day.date.isoformat(), found.day.store.code, found.day.store.name)
    if found.is_content_unknown:
        said = _("送った内容がこの管理画面に残っていない連携があります。弥生の行を目で確認してください。")
        yield (*place, _("内容不明"), *[""] * 6, said)
    for presence in found.findings.presences:
        delivery = found.deliveries[presence.posting.number]
        yield (*place, delivery.get_state_display(), *[""] * 6, presence_in_words(presence, delivery))
    for finding in found.findings.careful:
        yield (*place, str(MATCHES[finding.match].word), finding.description, *_amounts(finding), str(step_for(finding)))


def _amounts(finding: Finding) -> tuple[str | int, ...]:
    expected, found = finding.expected, finding.found
    sent = (expected.amount, expected.tax_amount) if expected else ("", "")
    return (*sent, *((found.amount, finding.found_counter.tax_amount, found.line) if found else ("", "", "")))


def lines_of_unsent(deliveries: Iterable[Delivery]) -> Iterator[tuple[str | int, ...]]:
    """Yield the days that are not in the books because they were not sent yet."""
    for delivery in deliveries:
        day = delivery.day
        yield (
            day.date.isoformat(),
            day.store.code,
            day.store.name,
            delivery.get_state_display(),
            *[""] * 6,
            _("まだ弥生に送っていません。"),
        )
