"""照合: sets what was posted of a business day against the rows that Yayoi's books have of it.

A row is recognised by the reference in its 摘要 (store, day, revision) and by the whole 摘要, or by the key in its 仕訳メモ. Rows
that share a 摘要 are paired by their amounts. Nothing here knows a database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

from yayoi_link.accounts import OUT_OF_SCOPE
from yayoi_link.daybook import DaybookRow, DaybookSide
from yayoi_link.journal import JournalEntry
from yayoi_link.row_comparison import Detail, Match, compare_row


class Certainty(StrEnum):
    """How sure it is, before looking, that a posting is at Yayoi."""

    THERE = "there"
    MAYBE = "maybe"
    # Nothing says so, but a file of it may have been imported by hand.
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True)
class Posting:
    """What was, or may have been, posted of a day. `number` identifies it to the caller."""

    number: int
    revision: int
    is_full: bool
    certainty: Certainty
    entries: tuple[JournalEntry, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a day: what was expected of it, what was found, and what that means."""

    match: Match
    key: str
    expected: JournalEntry | None = None
    found: DaybookRow | None = None
    detail: Detail = Detail.NONE

    @property
    def needs_care(self) -> bool:
        return self.match is not Match.SAME or self.detail is not Detail.NONE

    @property
    def found_counter(self) -> DaybookSide | None:
        """The side of the found row that holds the tax."""
        if self.found is None:
            return None
        if self.expected is None:
            return max(self.found.debit, self.found.credit, key=lambda side: (side.tax_amount, side.tax_category != OUT_OF_SCOPE))
        return self.found.credit if self.expected.money_on_debit else self.found.debit

    @property
    def description(self) -> str:
        return self.found.description if self.found else self.expected.description if self.expected else ""


@dataclass(frozen=True, slots=True)
class Presence:
    """How many rows of a posting that was not certain the books hold."""

    posting: Posting
    rows_found: int

    @property
    def is_whole(self) -> bool:
        return self.rows_found >= len(self.posting.entries)


@dataclass(frozen=True, slots=True)
class DayFindings:
    """All lines of a day, what needs care first; and of every posting that was not certain, how much of it is there."""

    findings: tuple[Finding, ...]
    presences: tuple[Presence, ...] = ()

    @property
    def needs_care(self) -> bool:
        return bool(self.presences) or any(finding.needs_care for finding in self.findings)

    @property
    def careful(self) -> tuple[Finding, ...]:
        """What somebody has to look at."""
        return tuple(finding for finding in self.findings if finding.needs_care)

    def count(self, match: Match) -> int:
        return sum(finding.match is match for finding in self.findings)


# A 摘要 as both sides write it, with its revision; an unknown row has none.
Slot = tuple[int, str]


def compare_day(postings: Sequence[Posting], rows: Sequence[DaybookRow]) -> DayFindings:
    """Compare a day's postings, the earliest first, with the rows that refer to the day.

    What should be in the books is the latest full posting that is there, and the differences after it. A posting of which
    that is not certain counts when the books hold a row of it, or when nothing else of the day was posted.
    """
    slots = _slots(postings)
    by_slot: dict[Slot | None, list[DaybookRow]] = defaultdict(list)
    for row in rows:
        by_slot[_slot_of(row, slots)].append(row)
    expected = _slots(_expected(postings, {row.reference.revision for row in rows if row.reference}))
    findings = [Finding(Match.DOUBLE, row.key, found=row, detail=Detail.NOT_OURS) for row in by_slot.pop(None, [])]
    for slot in sorted(expected.keys() | by_slot.keys()):
        findings += _paired(expected.get(slot, []), by_slot.get(slot, []), slots[slot][0].key)
    findings.sort(key=lambda finding: (not finding.needs_care, finding.key, finding.found.line if finding.found else 0))
    return DayFindings(tuple(findings), tuple(_presences(postings, by_slot)))


def _slots(postings: Iterable[Posting]) -> dict[Slot, list[JournalEntry]]:
    slots: dict[Slot, list[JournalEntry]] = defaultdict(list)
    for posting in postings:
        for entry in posting.entries:
            slots[posting.revision, _compact(entry.description)].append(entry)
    return slots


def _compact(description: str) -> str:
    """Blanks and widths may have changed on the way through Yayoi."""
    return "".join(normalize("NFKC", description).split())


def _slot_of(row: DaybookRow, slots: dict[Slot, list[JournalEntry]]) -> Slot | None:
    """The line's own 摘要, else the line with its key, else the only one that begins with the same phrase."""
    revision = row.reference.revision if row.reference else 0
    if (revision, _compact(row.description)) in slots:
        return revision, _compact(row.description)
    of_revision = {slot: entries for slot, entries in slots.items() if slot[0] == revision}
    phrase = row.description.split(maxsplit=1)[:1]
    alike = (
        [slot for slot, entries in of_revision.items() if any(entry.key == row.key for entry in entries)]
        if row.key
        else [slot for slot, entries in of_revision.items() if entries[0].description.split(maxsplit=1)[:1] == phrase]
    )
    return alike[0] if len(alike) == 1 else None


def _expected(postings: Sequence[Posting], revisions_found: set[int]) -> list[Posting]:
    certain = [posting for posting in postings if posting.certainty is Certainty.THERE or posting.revision in revisions_found]
    counted = certain or [posting for posting in postings if posting.certainty is Certainty.MAYBE]
    full = [position for position, posting in enumerate(counted) if posting.is_full]
    return counted[full[-1] if full else 0 :]


def _paired(entries: Sequence[JournalEntry], rows: Sequence[DaybookRow], key: str) -> list[Finding]:
    """Pair the rows of one 摘要: those that agree first, then the rest in their order; what is left over is missing or double."""
    findings, missing, left = [], list(entries), []
    for row in rows:
        same = next((entry for entry in missing if compare_row(entry, row)[0] is Match.SAME), None)
        if same is None:
            left.append(row)
            continue
        missing.remove(same)
        findings.append(Finding(Match.SAME, same.key, same, row, compare_row(same, row)[1]))
    for entry, row in zip(missing, left, strict=False):
        match, detail = compare_row(entry, row)
        findings.append(Finding(match, entry.key, entry, row, detail))
    findings += [Finding(Match.MISSING, entry.key, expected=entry) for entry in missing[len(left) :]]
    return findings + [Finding(Match.DOUBLE, row.key or key, found=row) for row in left[len(missing) :]]


def _presences(postings: Sequence[Posting], by_slot: dict[Slot | None, list[DaybookRow]]) -> Iterable[Presence]:
    """Rows that a certain posting explains say nothing of another one with the same 摘要."""
    certain = _slots(posting for posting in postings if posting.certainty is Certainty.THERE)
    for posting in postings:
        if posting.certainty is Certainty.THERE or not posting.entries:
            continue
        own = _slots([posting])
        found = sum(min(len(entries), max(0, len(by_slot.get(slot, [])) - len(certain.get(slot, [])))) for slot, entries in own.items())
        if found or posting.certainty is Certainty.MAYBE:
            yield Presence(posting, found)
