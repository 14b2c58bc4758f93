"""表紙: proves that the papers agree with each other and with the books, and says aloud what they cannot prove."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import F, Sum

from closing.categories import TaxCategory
from closing.models import Closing, SlipTax
from closing.models.labels import TAX_CATEGORIES
from closing.month_figures import Taxed
from yayoi_link.month_proof import FileTotals, Margin, Margins, Subject, Topic
from yayoi_link.monthly_papers.month_sums import MonthSums
from yayoi_link.monthly_papers.scope import PapersScope
from yayoi_link.monthly_papers.situation import Concern
from yayoi_link.monthly_papers.tax_paper import net_of

TOPICS = {
    Topic.CATEGORY: "売上",
    Topic.TAX: "売上の消費税（税抜経理）",
    Topic.OVERAGE: "金券等差額",
    Topic.PAID_IN: "入金",
    Topic.PAID_OUT: "出金",
    Topic.SHORT_EXPLAINED: "不足の原因判明",
    Topic.OVER_EXPLAINED: "過剰の原因判明",
    Topic.OVER: "現金過剰",
    Topic.SHORT: "現金不足",
    Topic.UNEXPECTED: "日計にない仕訳",
}


@dataclass(frozen=True, slots=True)
class Equation:
    """Two sums of the same thing from different sources, in yen."""

    subject: str
    left: tuple[str, int]
    right: tuple[str, int]

    @property
    def holds(self) -> bool:
        return self.left[1] == self.right[1]


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One subject of the journal beside its 日計."""

    label: str
    margin: Margin


def equations(scope: PapersScope, sums: MonthSums, files: FileTotals | None) -> Iterator[Equation]:
    """Yield what must be equal: 日計 and the books, 日計 and 税額集計表, 日計 and payments, journal and CSV, debit and credit."""
    total = sums.total
    amount, tax = net_of(total.sales)
    outside, _no_tax = net_of(total.non_sales)
    posted = sum(margin.posted + margin.left_out for subject, margin in sums.margins.items() if subject.topic is Topic.CATEGORY)
    slips = _slips_seen(scope)
    yield Equation("総売上", ("日計の合計", total.gross_sales), ("閉局までの伝票の合計", slips.amount))
    yield Equation("総売上", ("日計の合計", total.gross_sales), ("閉局の記録の合計", _recorded_sales(scope)))
    yield Equation("総売上", ("日計の合計", total.gross_sales), ("税額集計表の合計", amount))
    yield Equation("消費税", ("日計の合計", total.sales_tax), ("閉局までの伝票の合計", slips.tax))
    yield Equation("消費税", ("日計の合計", total.sales_tax), ("税額集計表の合計", tax))
    yield Equation("売上外", ("日計の合計", total.non_sales_total), ("税額集計表の合計", outside))
    received = total.gross_sales + total.non_sales_total
    yield Equation("総売上と売上外", ("日計の合計", received), ("支払方法別の合計", total.payments_total))
    if not sums.missing:
        yield Equation("総売上と売上外", ("日計の合計", received), ("仕訳の合計（送らないものを含む）", posted))
    if files is not None:
        yield Equation("弥生インポート形式", ("借方の合計", files.debit), ("貸方の合計", files.credit))
        yield Equation("弥生インポート形式", ("仕訳の合計", sums.entry_total), ("借方の合計", files.debit))


def journal_lines(margins: Margins) -> list[JournalLine]:
    """Return the subjects in words; what is zero on every side says nothing."""
    return [JournalLine(_label(subject), margin) for subject, margin in margins.items() if margin != Margin()]


def sum_concerns(sums: MonthSums, held: Iterable[Equation], refusals: list[str], *, has_changed: bool) -> Iterator[Concern]:
    """Yield what the sums themselves cannot prove."""
    if has_changed:
        yield Concern("bad", "この資料を作っている間に、帳簿の内容が変わりました。もう一度作ってください。")
    if failed := sum(not equation.holds for equation in held):
        yield Concern("bad", f"一致しない合計が{failed}件あります。下の「合計の証明」を確かめてください。")
    if sums.unequal_days:
        yield Concern(
            "bad", f"日計の中の合計、または日計と仕訳が一致しない営業日が{sums.unequal_days}日あります（営業日一覧の「合計の確認」）。"
        )
    if refusals:
        yield Concern("bad", "弥生インポート形式のCSVを作れませんでした。理由は下の「弥生インポート形式」にあります。")
    left_out = [line for line in journal_lines(sums.margins) if line.margin.left_out]
    if left_out and not refusals:
        names = "、".join(f"{line.label} {line.margin.left_out:,}円" for line in left_out)
        yield Concern("warn", f"日計にあって仕訳にないものがあります（送らない設定）: {names}")


def _recorded_sales(scope: PapersScope) -> int:
    closings = Closing.objects.filter(day__store__in=scope.store_set, day__date__range=scope.span, revision=F("day__revision"))
    return closings.aggregate(sum=Sum("sales_total"))["sum"] or 0


def _slips_seen(scope: PapersScope) -> Taxed:
    """What the slips themselves say that the last closings saw, added up by the database."""
    parts = SlipTax.objects.filter(
        slip__day__store__in=scope.store_set,
        slip__day__date__range=scope.span,
        slip__entry__lte=F("slip__day__closed_entries"),
        category__in=[category for category in TaxCategory if category.is_sales],
    )
    sums = parts.aggregate(amount=Sum("amount"), tax=Sum("tax"))
    return Taxed(int(sums["amount"] or 0), int(sums["tax"] or 0))


def _label(subject: Subject) -> str:
    if subject.topic is Topic.CATEGORY:
        return str(TAX_CATEGORIES[subject.name])
    return f"{TOPICS[subject.topic]} {subject.name}".strip()
