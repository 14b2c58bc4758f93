"""A period of 営業日, what it is compared with, and how it is cut into days, weeks and months."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)
A_YEAR = timedelta(days=364)  # 52 weeks, so that weekdays stand beside weekdays


class Step(StrEnum):
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"


class Compared(StrEnum):
    """What a period is compared with."""

    PREVIOUS = "PREVIOUS"
    LAST_YEAR = "LAST_YEAR"


@dataclass(frozen=True, slots=True)
class Span:
    """The dates from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def previous(self) -> Span:
        """What lies right before: as many days, or of a span that begins with a month the same days of as many months."""
        if self.first.day != 1:
            return self._earlier(timedelta(days=self.days))
        return self._months_earlier((self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1)

    @property
    def last_year(self) -> Span:
        """The same weekdays 52 weeks before, or of a span that begins with a month the same months of the year before."""
        return self._months_earlier(12) if self.first.day == 1 else self._earlier(A_YEAR)

    @property
    def suited_step(self) -> Step:
        """How it is cut when nobody says how: in so many parts as the eye can tell apart."""
        if self.days <= 45:
            return Step.DAY
        return Step.WEEK if self.days <= 190 else Step.MONTH

    def compared_with(self, compared: Compared) -> Span:
        return self.previous if compared is Compared.PREVIOUS else self.last_year

    def is_whole(self, step: Step) -> bool:
        """Whether it is a whole day, week or month, or only the part of one that lies in a period."""
        begins = {Step.DAY: True, Step.WEEK: self.first.weekday() == 0, Step.MONTH: self.first.day == 1}
        return begins[step] and self.last == ENDS[step](self.first)

    def cut(self, step: Step) -> tuple[Span, ...]:
        """Return its days, weeks (from Monday) or months; at both ends what lies in it."""
        parts, first = [], self.first
        while first <= self.last:
            parts.append(Span(first, min(ENDS[step](first), self.last)))
            first = parts[-1].last + ONE_DAY
        return tuple(parts)

    def _earlier(self, by: timedelta) -> Span:
        return Span(self.first - by, self.last - by)

    def _months_earlier(self, months: int) -> Span:
        reaches_the_end = self.last == _end_of_month(self.last)
        last_month = _first_of_month(self.last, months)
        last = (
            _end_of_month(last_month) if reaches_the_end else min(last_month + timedelta(days=self.last.day - 1), _end_of_month(last_month))
        )
        return Span(_first_of_month(self.first, months), last)


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _first_of_month(day: date, months_earlier: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - months_earlier, 12)
    return date(years, month + 1, 1)


ENDS: dict[Step, Callable[[date], date]] = {
    Step.DAY: lambda day: day,
    Step.WEEK: lambda day: day + timedelta(days=6 - day.weekday()),
    Step.MONTH: _end_of_month,
}
