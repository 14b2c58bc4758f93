"""The rows of a posting as people read them: grouped like the 日計, with the proof that they say what it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from closing.categories import PaymentGroup
from closing.figures import DayFigures
from yayoi_link.journal import JournalEntry, LeftOut

SALES_FAMILIES = {"sales", "returns", "mistakes", "overage"}


class SheetGroup(StrEnum):
    CASH = "CASH"
    CREDIT = "CREDIT"
    OTHER = "OTHER"
    MOVEMENTS = "MOVEMENTS"
    DIFFERENCE = "DIFFERENCE"


GROUP_OF_FAMILY = {
    "paid_in": SheetGroup.MOVEMENTS,
    "paid_out": SheetGroup.MOVEMENTS,
    "short_explained": SheetGroup.MOVEMENTS,
    "over_explained": SheetGroup.MOVEMENTS,
    "over": SheetGroup.DIFFERENCE,
    "short": SheetGroup.DIFFERENCE,
    "pickup": SheetGroup.MOVEMENTS,
    "float": SheetGroup.MOVEMENTS,
    "carry_over": SheetGroup.MOVEMENTS,
    "float_adjustment": SheetGroup.MOVEMENTS,
}
GROUP_OF_PAYMENT = {
    PaymentGroup.CASH: SheetGroup.CASH,
    PaymentGroup.CREDIT: SheetGroup.CREDIT,
    PaymentGroup.OTHER: SheetGroup.OTHER,
}


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One group's rows. `total` is in yen, what goes out counted negative."""

    group: SheetGroup
    entries: tuple[JournalEntry, ...]

    @property
    def total(self) -> int:
        return sum(_signed(entry) for entry in self.entries)


@dataclass(frozen=True, slots=True)
class PostingSheet:
    """All rows in their groups. `sales` is what they and what was posted `before` say of the slips, `counted` the day, in yen.

    `left_out` is what the company does not send of the day.
    """

    parts: tuple[SheetPart, ...]
    sales: int
    counted: int
    left_out: tuple[LeftOut, ...] = ()
    is_difference: bool = False
    # Nobody knows what a difference was made to: then nothing can be proved.
    is_provable: bool = True

    @property
    def row_count(self) -> int:
        return sum(len(part.entries) for part in self.parts)

    @property
    def amount(self) -> int:
        """Σ debit, which is Σ credit: an entry has one amount for both of its sides."""
        return sum(entry.amount for part in self.parts for entry in part.entries)

    @property
    def unsent_sales(self) -> int:
        """What of the slips is left out."""
        return sum(line.amount for line in self.left_out if _family(line) in SALES_FAMILIES)

    @property
    def adds_up(self) -> bool:
        """Whether the rows of the slips, with what is left out of them, post exactly what the day counted."""
        return self.sales + self.unsent_sales == self.counted


def posting_sheet(entries: Iterable[JournalEntry], figures: DayFigures, *, left_out: Iterable[LeftOut] = ()) -> PostingSheet:
    """Group the entries of a full posting and set them against the figures of their day."""
    parts, sales = _grouped(entries, figures)
    return PostingSheet(parts, sales, figures.payments_total + figures.overage_total, tuple(left_out))


def difference_sheet(
    entries: Iterable[JournalEntry],
    figures: DayFigures,
    *,
    before: Iterable[Iterable[JournalEntry]] | None,
    left_out: Iterable[LeftOut] = (),
) -> PostingSheet:
    """Group the entries of a difference; together with what was posted `before`, they are set against the day's figures."""
    parts, sales = _grouped(entries, figures)
    posted = sum(_sales(rows) for rows in before or ())
    counted = figures.payments_total + figures.overage_total
    return PostingSheet(parts, sales + posted, counted, tuple(left_out), is_difference=True, is_provable=before is not None)


def _grouped(entries: Iterable[JournalEntry], figures: DayFigures) -> tuple[tuple[SheetPart, ...], int]:
    groups = {method.method: GROUP_OF_PAYMENT[method.kind.group] for method in (*figures.lines, *figures.overages, *figures.methods)}
    grouped: dict[SheetGroup, list[JournalEntry]] = {group: [] for group in SheetGroup}
    for entry in entries:
        grouped[_group_of(entry, groups)].append(entry)
    parts = tuple(SheetPart(group, tuple(rows)) for group, rows in grouped.items() if rows)
    return parts, sum(_sales(part.entries) for part in parts)


def _sales(entries: Iterable[JournalEntry]) -> int:
    return sum(_signed(entry) for entry in entries if _family(entry) in SALES_FAMILIES)


def _group_of(entry: JournalEntry, groups: dict[str, SheetGroup]) -> SheetGroup:
    if _family(entry) in GROUP_OF_FAMILY:
        return GROUP_OF_FAMILY[_family(entry)]
    return groups.get(entry.key.split("/")[1], SheetGroup.OTHER)


def _family(row: JournalEntry | LeftOut) -> str:
    return row.key.split("/")[0]


def _signed(entry: JournalEntry) -> int:
    return entry.amount if entry.money_on_debit else -entry.amount
