"""What differs between two revisions of a day's figures. All money is whole yen."""

from collections.abc import Iterator
from dataclasses import dataclass

from closing.figures import DayFigures

TOTALS = ("gross_sales", "net_sales", "sales_tax", "non_sales_total", "overage_total")
SLIP_TOTALS = (
    "sales_count",
    "reversal_count",
    "reversal_amount",
    "correction_count",
    "correction_amount",
    "discount",
    "service_charge",
    "points",
    "guests",
)
CASH = ("opening_float", "float_adjustment", "expected_cash", "actual_cash", "cash_difference", "carry_over")
COUNTS = frozenset({"sales_count", "reversal_count", "correction_count", "guests", "unclear_receipts"})


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """One figure in both revisions. `subject` names it, `detail` says of which category, method, reason or register."""

    subject: str
    detail: str
    before: int | None
    after: int | None

    @property
    def is_changed(self) -> bool:
        return self.before != self.after

    @property
    def is_count(self) -> bool:
        return self.subject in COUNTS

    @property
    def change(self) -> int:
        return (self.after or 0) - (self.before or 0)


def compare(before: DayFigures, after: DayFigures) -> list[ComparedFigure]:
    """Return every figure of either revision, in the order of the report; what one of them lacks is None there."""
    first, second = dict(_named(before)), dict(_named(after))
    words = _words(before) | _words(after)
    names = [*second, *(name for name in first if name not in second)]
    order = {subject: position for position, subject in enumerate(_subjects())}
    return [
        ComparedFigure(subject, words.get((subject, detail), detail), first.get((subject, detail)), second.get((subject, detail)))
        for subject, detail in sorted(names, key=lambda name: order[name[0]])
    ]


def _subjects() -> tuple[str, ...]:
    return (*SLIP_TOTALS[:1], *TOTALS, "category", "category_tax", "method", *SLIP_TOTALS[1:], "PAID_IN", "PAID_OUT",
            "SHORT_EXPLAINED", "OVER_EXPLAINED", "unclear_receipts", *CASH)  # fmt: skip


def _words(figures: DayFigures) -> dict[tuple[str, str], str]:
    """What methods and reasons are called: two of them may have one name, but each has its own code."""
    methods = {("method", method.method): method.method_name for method in figures.methods}
    return methods | {(total.direction.value, total.reason): total.reason_name for total in figures.by_reason}


def _named(figures: DayFigures) -> Iterator[tuple[tuple[str, str], int | None]]:
    yield from (((name, ""), getattr(figures, name)) for name in TOTALS)
    yield from (((name, ""), getattr(figures.slips, name)) for name in SLIP_TOTALS)
    for total in (*figures.by_category, *figures.non_sales):
        yield ("category", total.category.value), total.amount
        yield ("category_tax", total.category.value), total.tax
    yield from ((("method", method.method), method.amount) for method in figures.methods)
    yield from (((total.direction.value, total.reason), total.amount) for total in figures.by_reason)
    yield ("unclear_receipts", ""), len(figures.unclear_receipts)
    for cash in figures.registers:
        counted = cash.actual_cash is not None
        yield from (((name, str(cash.register)), getattr(cash, name)) for name in CASH if counted or name != "cash_difference")
