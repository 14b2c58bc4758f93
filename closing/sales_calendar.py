"""The days of a month as a calendar: what each came to, and what the weeks and the month come to. Money in yen."""

from calendar import MONDAY, Calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from closing.models import BusinessDay


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One square: the days of all chosen stores on this date, and how many of the stores rest."""

    date: date
    days: tuple[BusinessDay, ...] = ()
    resting: int = 0
    is_in_month: bool = True

    @property
    def only(self) -> BusinessDay | None:
        """The day, when the calendar shows one store."""
        return self.days[0] if len(self.days) == 1 else None

    @property
    def sales(self) -> int:
        return sum(day.sales_total for day in self.days)

    @property
    def closed(self) -> int:
        return sum(not day.is_open for day in self.days)


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
        return sum(bool(day.days) for week in self.weeks for day in week.days)

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


def sales_calendar(month: date, days: Iterable[BusinessDay], resting: Mapping[date, int]) -> SalesCalendar:
    """Return the calendar of the month that begins with `month`; weeks begin on Monday. `resting` counts stores per date."""
    by_date: dict[date, list[BusinessDay]] = {}
    for day in days:
        by_date.setdefault(day.date, []).append(day)
    weeks = Calendar(MONDAY).monthdatescalendar(month.year, month.month)
    return SalesCalendar(month, tuple(_week(month, dates, by_date, resting) for dates in weeks))


def _week(month: date, dates: Sequence[date], by_date: Mapping[date, list[BusinessDay]], resting: Mapping[date, int]) -> CalendarWeek:
    return CalendarWeek(
        tuple(
            CalendarDay(day, tuple(by_date.get(day, ())), resting.get(day, 0))
            if day.month == month.month
            else CalendarDay(day, is_in_month=False)
            for day in dates
        )
    )
