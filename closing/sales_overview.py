"""What the stores sold today, beside the same weekday of last week and of last year, and on the last thirty days. Money in yen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from closing.chart_scale import change_permille
from closing.models import BusinessDay, Holiday
from stores.models import Staff, Store

DAYS_SHOWN = 30
WEEK = timedelta(days=7)
YEAR = timedelta(days=364)  # 52 weeks: the same weekday

IS_OPEN = Q(state=BusinessDay.State.OPEN)


@dataclass(frozen=True, slots=True)
class DateSales:
    """What all the stores sold on one date. Of an open day, what it came to so far."""

    date: date
    sales: int = 0
    sales_so_far: int = 0
    stores: int = 0
    open_stores: int = 0
    is_rest: bool = False

    @property
    def sales_of_closed(self) -> int:
        return self.sales - self.sales_so_far

    @property
    def closed_stores(self) -> int:
        return self.stores - self.open_stores

    @property
    def is_weekend(self) -> bool:
        return self.date.weekday() >= 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """Today beside an earlier date."""

    today: DateSales
    before: DateSales

    @property
    def difference(self) -> int:
        return self.today.sales - self.before.sales

    @property
    def permille(self) -> int | None:
        return change_permille(self.today.sales, self.before.sales)

    @property
    def missing(self) -> int:
        """How much today still lacks to be as much; 0 when it is."""
        return max(-self.difference, 0)

    @property
    def is_of_equal_stores(self) -> bool:
        return self.today.stores == self.before.stores


@dataclass(frozen=True, slots=True)
class SalesOverview:
    """`days` end with today. `unopened` stores are neither open nor closed nor resting today."""

    last_week: Comparison
    last_year: Comparison
    days: tuple[DateSales, ...]
    unopened: int

    @property
    def today(self) -> DateSales:
        return self.days[-1]

    @property
    def is_part_of_a_day(self) -> bool:
        """Whether today's sales are still growing."""
        return bool(self.today.open_stores or (self.today.stores and self.unopened))

    @property
    def has_traded(self) -> bool:
        return any(day.stores for day in self.days)


def sales_overview_of(person: Staff, today: date) -> SalesOverview:
    """Return what the stores that the person sees sold, in four queries however many they are."""
    dates = [today - timedelta(days=back) for back in reversed(range(DAYS_SHOWN))]
    wanted = {*dates, today - YEAR}
    # A range is read in one go; dates that are named would be looked for one by one at each store.
    days = BusinessDay.objects.visible_to(person)
    sold = sales_by_date(days.filter(date__range=(dates[0], today))) | sales_by_date(days.filter(date=today - YEAR))
    stores = Store.objects.visible_to(person).retail().in_use()
    resting = _resting_by_date(Holiday.objects.filter(date__in=wanted, store__in=stores))
    in_use = stores.count()

    def on(day: date) -> DateSales:
        return replace(sold.get(day, DateSales(day)), is_rest=0 < in_use <= resting.get(day, 0))

    return SalesOverview(
        last_week=Comparison(on(today), on(today - WEEK)),
        last_year=Comparison(on(today), on(today - YEAR)),
        days=tuple(on(day) for day in dates),
        unopened=max(in_use - on(today).stores - resting.get(today, 0), 0),
    )


def sales_by_date(days: QuerySet[BusinessDay]) -> dict[date, DateSales]:
    """Return what the days sold by date, in one query however many stores they are of."""
    rows = (
        days.order_by()
        .values_list("date")
        .annotate(
            sales=Sum("sales_total"),
            sales_so_far=Sum("sales_total", filter=IS_OPEN, default=0),
            stores=Count("pk"),
            open_stores=Count("pk", filter=IS_OPEN),
        )
    )
    # PostgreSQL adds whole numbers up to a decimal.
    return {day: DateSales(day, *map(int, sums)) for day, *sums in rows}


def _resting_by_date(holidays: QuerySet[Holiday]) -> Mapping[date, int]:
    return dict(holidays.order_by().values_list("date").annotate(Count("pk")))
