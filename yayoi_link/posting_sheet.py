"""The rows of a posting as people read them: grouped like the 日計, with the proof that they say what it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from closing.categories import PaymentGroup
from closing.figures import DayFigures
from yayoi_link.journal import SALES_FAMILIES, JournalEntry, LeftOut, family_of

PAID_FAMILIES = SALES_FAMILIES | {"overage"}


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
        return sum(entry.signed_amount for entry in self.entries)


@dataclass(frozen=True, slots=True)
class PostingSheet:
    """All rows in their groups. `sales` is what they and what was posted `before` say of the slips, `counted` the day, in yen.

    `tax` is what they carry of the slips' tax, nothing but under 税抜経理. `left_out` is what the company does not send of the day.
    """

    parts: tuple[SheetPart, ...]
    sales: int
    counted: int
    tax: int = 0
    counted_tax: int = 0
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
        return sum(line.amount for line in self.left_out if family_of(line) in PAID_FAMILIES)

    @property
    def has_all_tax(self) -> bool:
        """Whether the rows that carry tax carry exactly that of the slips."""
        unsent = sum(line.tax for line in self.left_out if family_of(line) in SALES_FAMILIES)
        return not self.tax or self.tax + unsent == self.counted_tax

    @property
    def adds_up(self) -> bool:
        """Whether the rows of the slips, with what is left out of them, post exactly what the day counted."""
        return self.sales + self.unsent_sales == self.counted and self.has_all_tax


def posting_sheet(entries: Iterable[JournalEntry], figures: DayFigures, *, left_out: Iterable[LeftOut] = ()) -> PostingSheet:
    """Group the entries of a full posting and set them against the figures of their day."""
    return _sheet(entries, figures, (), left_out=tuple(left_out))


def difference_sheet(
    entries: Iterable[JournalEntry],
    figures: DayFigures,
    *,
    before: Iterable[Iterable[JournalEntry]] | None,
    left_out: Iterable[LeftOut] = (),
) -> PostingSheet:
    """Group the entries of a difference; together with what was posted `before`, they are set against the day's figures."""
    earlier = tuple(entry for rows in before or () for entry in rows)
    return _sheet(entries, figures, earlier, left_out=tuple(left_out), is_difference=True, is_provable=before is not None)


def _sheet(entries: Iterable[JournalEntry], figures: DayFigures, earlier: tuple[JournalEntry, ...], **told: Any) -> PostingSheet:
    rows = tuple(entries)
    return PostingSheet(
        _grouped(rows, figures),
        sales=sum(entry.signed_amount for entry in (*rows, *earlier) if family_of(entry) in PAID_FAMILIES),
        counted=figures.payments_total + figures.overage_total,
        tax=sum(entry.signed_tax for entry in (*rows, *earlier) if family_of(entry) in SALES_FAMILIES),
        counted_tax=figures.sales_tax,
        **told,
    )


def _grouped(entries: Iterable[JournalEntry], figures: DayFigures) -> tuple[SheetPart, ...]:
    groups = {method.method: GROUP_OF_PAYMENT[method.kind.group] for method in (*figures.lines, *figures.overages, *figures.methods)}
    grouped: dict[SheetGroup, list[JournalEntry]] = {group: [] for group in SheetGroup}
    for entry in entries:
        grouped[_group_of(entry, groups)].append(entry)
    return tuple(SheetPart(group, tuple(rows)) for group, rows in grouped.items() if rows)


def _group_of(entry: JournalEntry, groups: dict[str, SheetGroup]) -> SheetGroup:
    if family_of(entry) in GROUP_OF_FAMILY:
        return GROUP_OF_FAMILY[family_of(entry)]
    return groups.get(entry.key.split("/")[1], SheetGroup.OTHER)
