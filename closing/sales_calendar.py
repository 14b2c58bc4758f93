"""The days of a month as a calendar: what each came to, and what the weeks and the month come to. Money in yen."""

from calendar import MONDAY, Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import batched

from django.db.models import Q, QuerySet, Sum

from closing.analysis_period import Span
from closing.chart_scale import change_permille
from closing.models import BusinessDay
from closing.sales_overview import DateSales


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One square: what the chosen stores sold on this date, and how many of them rest. `only` is the day of the one store that is shown."""

    date: date
    sold: DateSales | None = None
    only: BusinessDay | None = None
    resting: int = 0
    is_in_month: bool = True

    @property
    def sales(self) -> int:
        return self.sold.sales if self.sold else 0


@dataclass(frozen=True, slots=True)
class CalendarWeek:
    days: tuple[CalendarDay, ...]

    @property
    def sales(self) -> int:
        return sum(day.sales for day in self.days if day.is_in_month)


@dataclass(frozen=True, slots=True)
class SalesCalendar:
    month: date
    weeks: tuple[CalendarWeek, ...]

    @property
    def sales(self) -> int:
        return sum(week.sales for week in self.weeks)

    @property
    def trading_days(self) -> int:
        return sum(day.sold is not None for week in self.weeks for day in week.days)

    @property
    def average(self) -> int:
        """Sales per date on which somebody traded, rounded down."""
        return self.sales // self.trading_days if self.trading_days else 0

    @property
    def previous(self) -> date:
        return (self.month - timedelta(days=1)).replace(day=1)

    @property
    def next(self) -> date:
        return (self.month + timedelta(days=31)).replace(day=1)


@dataclass(frozen=True, slots=True)
class EarlierSales:
    """What the same days of an earlier month came to, beside what they come to now."""

    span: Span
    sales: int
    now: int

    @property
    def difference(self) -> int:
        return self.now - self.sales

    @property
    def permille(self) -> int | None:
        return change_permille(self.now, self.sales)


def earlier_sales(days: QuerySet[BusinessDay], span: Span, *, now: int) -> tuple[EarlierSales, EarlierSales]:
    """Return the sales of the days in the month before and in the same month of the year before. One query."""
    spans = {"previous": span.previous, "last_year": span.last_year}
    sums = {name: Sum("sales_total", filter=Q(date__range=(one.first, one.last)), default=0) for name, one in spans.items()}
    earliest, latest = spans["last_year"].first, spans["previous"].last
    found = days.filter(date__range=(earliest, latest)).order_by().aggregate(**sums)
    return (
        EarlierSales(spans["previous"], int(found["previous"]), now),
        EarlierSales(spans["last_year"], int(found["last_year"]), now),
    )


def sales_calendar(
    month: date, sold: Mapping[date, DateSales], resting: Mapping[date, int], *, only: Mapping[date, BusinessDay]
) -> SalesCalendar:
    """Return the calendar of the month that begins with `month`; weeks begin on Monday. `resting` counts stores per date."""
    weeks = Calendar(MONDAY).monthdatescalendar(month.year, month.month)
    squares = (
        CalendarDay(day, sold.get(day), only.get(day), resting.get(day, 0))
        if day.month == month.month
        else CalendarDay(day, is_in_month=False)
        for dates in weeks
        for day in dates
    )
    return SalesCalendar(month, tuple(CalendarWeek(week) for week in batched(squares, 7)))
