"""月報: the closed days of one store in one month, each as it was frozen, and what they come to. Money in yen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from closing.categories import PaymentGroup
from closing.day_lines import MethodTotal, SalesLine, SlipTotals, VoucherOverage
from closing.figures import DayFigures
from closing.month_figures import MonthFigures, added


@dataclass(frozen=True, slots=True)
class MonthReport:
    """`together` has the lines of all days as if they were one, but no registers: a drawer is counted day by day."""

    days: Mapping[date, DayFigures]
    together: DayFigures
    sums: MonthFigures

    @property
    def groups(self) -> tuple[int, ...]:
        """What was paid by 現金, クレジット and その他決済."""
        return group_amounts(self.together)

    @property
    def cash_difference(self) -> int:
        return self.sums.overs - self.sums.shorts

    @property
    def pickup(self) -> int:
        return sum(figures.pickup for figures in self.days.values())

    @property
    def average(self) -> int:
        """総売上 per closed day, rounded down."""
        return self.sums.gross_sales // len(self.days) if self.days else 0


def month_report(days: Mapping[date, DayFigures]) -> MonthReport:
    """Return the report of these days. Nothing is computed anew: each sum is that of the frozen figures."""
    sums = MonthFigures()
    for figures in days.values():
        sums = added(sums, figures)
    return MonthReport(days, _together(list(days.values())), sums)


def group_amounts(figures: DayFigures) -> tuple[int, ...]:
    """Return the amounts per PaymentGroup, in its order."""
    amounts = {total.group: total.amount for total in figures.by_group}
    return tuple(amounts[group] for group in PaymentGroup)


def _together(days: Sequence[DayFigures]) -> DayFigures:
    return DayFigures(
        slips=_slips_together([day.slips for day in days]),
        lines=_merged([line for day in days for line in day.lines], lambda line: line.position, ("amount", "tax")),
        methods=_merged([total for day in days for total in day.methods], lambda total: total.method, ("count", "amount")),
        overages=_merged([overage for day in days for overage in day.overages], lambda overage: overage.method, ("amount",)),
        movements=tuple(movement for day in days for movement in day.movements),
    )


def _slips_together(days: Sequence[SlipTotals]) -> SlipTotals:
    return SlipTotals(**{each.name: sum(getattr(day, each.name) for day in days) for each in fields(SlipTotals)})


def _merged[Line: (SalesLine, MethodTotal, VoucherOverage)](lines: Sequence[Line], key, sums: tuple[str, ...]) -> tuple[Line, ...]:
    """Add up what has the same key. A name that has changed within the month is the last one."""
    merged = {}
    for line in lines:
        before = merged.get(key(line))
        merged[key(line)] = replace(line, **{name: getattr(line, name) + getattr(before, name) for name in sums}) if before else line
    return tuple(merged.values())
