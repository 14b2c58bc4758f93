"""The parts of the 日計: words for its closed sets, and the cash of a day as a table."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from closing.cash import DENOMINATIONS, DifferenceKind, difference_kind
from closing.models.labels import DIRECTIONS, PAYMENT_GROUPS, TAX_CATEGORIES
from closing.templatetags.figures import yen

register = template.Library()


@register.filter
def category_label(category):
    return TAX_CATEGORIES[category]


@register.filter
def group_label(group):
    return PAYMENT_GROUPS[group]


@register.filter
def direction_label(direction):
    return DIRECTIONS[direction]


FIGURE_LABELS = {
    "sales_count": gettext_lazy("売上件数"),
    "gross_sales": gettext_lazy("総売上（税込）"),
    "net_sales": gettext_lazy("純売上（税抜）"),
    "sales_tax": gettext_lazy("消費税"),
    "non_sales_total": gettext_lazy("売上外の合計"),
    "overage_total": gettext_lazy("金券等差額"),
    "reversal_count": gettext_lazy("赤伝票（支払取消）の件数"),
    "reversal_amount": gettext_lazy("赤伝票（支払取消）"),
    "correction_count": gettext_lazy("黒伝票（訂正）の件数"),
    "correction_amount": gettext_lazy("黒伝票（訂正）"),
    "discount": gettext_lazy("値引"),
    "service_charge": gettext_lazy("サービス料"),
    "points": gettext_lazy("ポイント"),
    "guests": gettext_lazy("客数"),
    "unclear_receipts": gettext_lazy("登録番号が要確認の領収書"),
    "opening_float": gettext_lazy("釣銭準備金"),
    "float_adjustment": gettext_lazy("釣銭引継差額"),
    "expected_cash": gettext_lazy("想定レジ金額"),
    "actual_cash": gettext_lazy("実際のレジ内現金"),
    "cash_difference": gettext_lazy("現金差異"),
    "carry_over": gettext_lazy("翌日釣銭準備金"),
}


@register.filter
def figure_label(figure):
    """Name a compared figure: 総売上（税込）, 10%対象 消費税, レジ1 現金差異 …"""
    if figure.subject == "category":
        return TAX_CATEGORIES[figure.detail]
    if figure.subject == "category_tax":
        return _("%(category)s 消費税") % {"category": TAX_CATEGORIES[figure.detail]}
    if figure.subject == "method":
        return figure.detail
    if figure.subject in DIRECTIONS:
        return f"{DIRECTIONS[figure.subject]} {figure.detail}"
    label = FIGURE_LABELS[figure.subject]
    return _("レジ%(number)s %(figure)s") % {"number": figure.detail, "figure": label} if figure.detail else label


@register.filter
def difference_in_words(difference):
    """-90 → 不足 ¥90: a sign alone is read the wrong way round."""
    words = {
        DifferenceKind.NONE: _("差異なし"),
        DifferenceKind.OVER: _("過剰 %(amount)s"),
        DifferenceKind.SHORT: _("不足 %(amount)s"),
    }
    return words[difference_kind(difference)] % {"amount": yen(abs(difference))}


@register.filter
def float_in_words(adjustment):
    """釣銭引継差額: 2000 → 繰越より ¥2,000 多い."""
    words = {
        DifferenceKind.NONE: _("繰越と同額"),
        DifferenceKind.OVER: _("繰越より %(amount)s 多い"),
        DifferenceKind.SHORT: _("繰越より %(amount)s 少ない"),
    }
    return words[difference_kind(adjustment)] % {"amount": yen(abs(adjustment))}


@register.inclusion_tag("closing/report/difference.html")
def cash_difference(difference):
    return {"difference": difference, "kind": difference_kind(difference)}


@register.inclusion_tag("closing/report/cash.html")
def cash_report(figures):
    """現金, in the order in which it is counted: from 釣銭準備金 to 売上回収, a column per register."""
    return {"figures": figures, "steps": _steps(figures), "results": _results(figures), "pieces": _pieces(figures)}


def _steps(figures):
    names = [
        ("opening_float", _("釣銭準備金")),
        ("cash_sales", _("＋ 現金売上")),
        ("cash_refunds", _("－ 現金返金")),
        ("voucher_change", _("－ 金券の釣銭")),
        ("paid_in", _("＋ 入金")),
        ("paid_out", _("－ 出金")),
    ]
    return [_row(figures, name, label) for name, label in names]


def _results(figures):
    return [_row(figures, "carry_over", _("翌日釣銭準備金")), _row(figures, "pickup", _("売上回収"))]


def _row(figures, name, label):
    return {"label": label, "amounts": [getattr(register, name) for register in figures.registers], "total": getattr(figures, name)}


def _pieces(figures):
    counts = [dict(register.counts) for register in figures.registers]
    used = [denomination for denomination in DENOMINATIONS if any(denomination in count for count in counts)]
    return [{"denomination": denomination, "numbers": [count.get(denomination, "") for count in counts]} for denomination in used]
