"""The rows of a posting as people read them: grouped like the 日計, with the proof that they say what it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from closing.categories import PaymentGroup
from closing.figures import DayFigures
from yayoi_link.journal import JournalEntry

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
    "over": SheetGroup.DIFFERENCE,
    "short": SheetGroup.DIFFERENCE,
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
    """All rows in their groups. `sales` is what the rows post of the slips, `counted` what the day counted, in yen."""

    parts: tuple[SheetPart, ...]
    sales: int
    counted: int

    @property
    def row_count(self) -> int:
        return sum(len(part.entries) for part in self.parts)

    @property
    def amount(self) -> int:
        """Σ debit, which is Σ credit: an entry has one amount for both of its sides."""
        return sum(entry.amount for part in self.parts for entry in part.entries)

    @property
    def adds_up(self) -> bool:
        """Whether the rows of the slips post exactly what the day counted."""
        return self.sales == self.counted


def posting_sheet(entries: Iterable[JournalEntry], figures: DayFigures) -> PostingSheet:
    """Group the entries of a full posting and set them against the figures of their day."""
    groups = {method.method: GROUP_OF_PAYMENT[method.kind.group] for method in (*figures.lines, *figures.overages, *figures.methods)}
    grouped: dict[SheetGroup, list[JournalEntry]] = {group: [] for group in SheetGroup}
    for entry in entries:
        grouped[_group_of(entry, groups)].append(entry)
    parts = tuple(SheetPart(group, tuple(rows)) for group, rows in grouped.items() if rows)
    sales = sum(_signed(entry) for part in parts for entry in part.entries if _family(entry) in SALES_FAMILIES)
    return PostingSheet(parts, sales, figures.payments_total + figures.overage_total)


def _group_of(entry: JournalEntry, groups: dict[str, SheetGroup]) -> SheetGroup:
    if _family(entry) in GROUP_OF_FAMILY:
        return GROUP_OF_FAMILY[_family(entry)]
    return groups.get(entry.key.split("/")[1], SheetGroup.OTHER)


def _family(entry: JournalEntry) -> str:
    return entry.key.split("/")[0]


def _signed(entry: JournalEntry) -> int:
    return entry.amount if entry.money_on_debit else -entry.amount
