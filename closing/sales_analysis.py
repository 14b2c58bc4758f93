"""What stores, 支払方法 and 税区分 came to over a period: sums of days and of their last 日計, never of slips. Money in yen.

Stores are compared by what their days hold now, open ones included, as the calendar shows it. Methods and rates are those of
closed days, as their last 日計 froze them; `not_in_reports` says what lies between both.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import starmap
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum

from closing.analysis_period import Span
from closing.categories import TaxCategory
from closing.chart_scale import change_permille, share_permille
from closing.models import BusinessDay, PaymentMethod
from closing.models.labels import TAX_CATEGORIES
from closing.reported_sums import reported_sums
from closing.sales_trend import Trend, trend_of
from stores.models import Company, Store

NOTHING = (0, 0)
SALES = [category for category in TaxCategory if category.is_sales]


class NamedStore(NamedTuple):
    """As much of a store as is shown of each of a thousand."""

    pk: int
    code: str
    name: str


class RankedStore(NamedTuple):
    """A store's sales in the period and in the one before. `days` are its 営業日 in the period."""

    store: NamedStore
    sales: int
    before: int
    days: int
    whole: int

    @property
    def difference(self) -> int:
        return self.sales - self.before

    @property
    def permille(self) -> int | None:
        return change_permille(self.sales, self.before)

    @property
    def share(self) -> int | None:
        return share_permille(self.sales, self.whole)

    @property
    def average(self) -> int:
        """Sales per 営業日, rounded down."""
        return self.sales // self.days if self.days else 0


@dataclass(frozen=True, slots=True)
class NotInReports:
    """What the days hold that no 日計 has yet: open days, and what came after a close."""

    open_days: int
    changed_days: int
    amount: int


def ranked_stores(stores: QuerySet[Store], span: Span, before: Span) -> list[RankedStore]:
    """Return the stores with a 営業日 in one of both periods, those that sold most first. Three queries."""
    sold, sold_before = _sold_by_store(stores, span), _sold_by_store(stores, before)
    whole = sum(sales for sales, _days in sold.values())
    ranked = []
    for store in starmap(NamedStore, stores.order_by("code", "pk").values_list(*NamedStore._fields)):
        if store.pk in sold or store.pk in sold_before:
            sales, days = sold.get(store.pk, NOTHING)
            ranked.append(RankedStore(store, sales, sold_before.get(store.pk, NOTHING)[0], days, whole))
    return sorted(ranked, key=lambda row: -row.sales)


def trend_of_stores(stores: Sequence[Store | NamedStore], everyone: QuerySet[Store], spans: tuple[Span, ...], *, others: str) -> Trend:
    """Return what the stores came to, and under the name `others` what the rest of everyone, who includes them, did (not when that is empty)."""
    names: dict[Hashable, str] = {store.pk: store.name for store in stores}
    own = _days_of(BusinessDay.objects.filter(store__in=list(names)), spans).values_list("store_id", "date", "sales_total")
    rows: list[tuple[Hashable, date, int, int]] = [(store, day, sales, 0) for store, day, sales in own]
    if others:
        names["others"] = others
        # To add up everyone and take the stores away is faster than to leave them out of a thousand.
        rows += [("others", day, -sales, 0) for _store, day, sales, _tax in rows]
        sold = _days_of(BusinessDay.objects.filter(store__in=everyone), spans).values_list("date").annotate(Sum("sales_total"))
        rows += [("others", day, int(sales), 0) for day, sales in sold]
    return trend_of(spans, rows, names=names, before={})


def trend_of_methods(company: Company, stores: QuerySet[Store], spans: tuple[Span, ...], before: Span) -> tuple[Trend, int]:
    """Return what each 支払方法 took, the one that took most first, and how much of all that was 売上外."""
    names = dict(PaymentMethod.objects.filter(company=company).order_by("position", "code", "pk").values_list("pk", "name"))
    sums, sums_before = reported_sums(stores, _whole(spans)), reported_sums(stores, before)
    parts = [(each.method_id, each.date, each.amount, each.tax) for each in sums]
    trend = trend_of(spans, parts, names=names, before=_amounts((each.method_id, each.amount) for each in sums_before))
    ordered = Trend(trend.spans, tuple(sorted(trend.strands, key=lambda strand: -strand.total)))
    return ordered, sum(each.amount for each in sums if each.category not in SALES)


def trend_of_rates(stores: QuerySet[Store], spans: tuple[Span, ...], before: Span) -> Trend:
    """Return what was sold of each 税区分 and the tax in it, in their fixed order. 売上外 is not in it."""
    names: dict[Hashable, str] = {category.value: str(TAX_CATEGORIES[category]) for category in SALES}
    sums, sums_before = reported_sums(stores, _whole(spans)), reported_sums(stores, before)
    parts = [(each.category, each.date, each.amount, each.tax) for each in sums if each.category in names]
    return trend_of(spans, parts, names=names, before=_amounts((each.category, each.amount) for each in sums_before))


def not_in_reports(stores: QuerySet[Store], spans: Sequence[Span], *, reported: int) -> NotInReports:
    """Return what lies between the sales of the days and those that their 日計 have `reported` (yen)."""
    days = BusinessDay.objects.filter(store__in=stores, date__range=_range(spans))
    found = days.aggregate(
        open_days=Count("pk", filter=Q(state=BusinessDay.State.OPEN)),
        changed_days=Count("pk", filter=Q(state=BusinessDay.State.CLOSED, entries__gt=F("closed_entries"))),
        sales=Sum("sales_total", default=0),
    )
    return NotInReports(found["open_days"], found["changed_days"], int(found["sales"]) - reported)


def _whole(spans: Sequence[Span]) -> Span:
    return Span(spans[0].first, spans[-1].last)


def _range(spans: Sequence[Span]) -> tuple[date, date]:
    whole = _whole(spans)
    return whole.first, whole.last


def _sold_by_store(stores: QuerySet[Store], span: Span) -> dict[int, tuple[int, int]]:
    days = BusinessDay.objects.filter(store__in=stores, date__range=(span.first, span.last)).order_by()
    rows = days.values_list("store_id").annotate(Sum("sales_total"), Count("pk"))
    return {store: (int(sales), count) for store, sales, count in rows}


def _days_of(days: QuerySet[BusinessDay], spans: Sequence[Span]) -> QuerySet[BusinessDay]:
    return days.filter(date__range=_range(spans)).order_by()


def _amounts(amounts: Iterable[tuple[Hashable, int]]) -> dict[Hashable, int]:
    sums: defaultdict[Hashable, int] = defaultdict(int)
    for key, amount in amounts:
        sums[key] += amount
    return sums
