"""Books a day under its store's mapping: in full, or as the difference to what of it is at Yayoi."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from closing.figures import DayFigures
from closing.models import BusinessDay
from closing.month_locks import first_open_day
from yayoi_link.accounts import Mapping
from yayoi_link.company_accounts import mapping_of
from yayoi_link.difference import difference
from yayoi_link.journal import Journal, JournalContext, JournalEntry, journal
from yayoi_link.models import Delivery
from yayoi_link.presence import PastPosting, Presence, past_postings


class Obstacle(StrEnum):
    """Why a day has no baseline, so that nobody can say what the difference to it would be."""

    NOTHING_THERE = "nothing_there"
    UNCERTAIN = "uncertain"
    CONTENT_UNKNOWN = "content_unknown"


class NoBaseline(Exception):
    """What of the day is at Yayoi is not known, or nothing is. `obstacle` says which."""

    def __init__(self, obstacle: Obstacle):
        super().__init__(obstacle)
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True)
class Correction:
    """What 差分 would send: `journal` holds its entries. `before` is the baseline, None with an obstacle."""

    journal: Journal
    before: tuple[tuple[JournalEntry, ...], ...] | None
    obstacle: Obstacle | str = ""
    # The date of its rows where it is not the 営業日.
    posted_on: date | None = None

    @property
    def is_needed(self) -> bool:
        """Something differs, and it is known what."""
        return not self.obstacle and not self.journal.is_empty

    @property
    def is_identical(self) -> bool:
        return not self.obstacle and self.journal.is_empty


def book(figures: DayFigures, day: BusinessDay, *, revision: int) -> Journal:
    """Return the journal of the day's figures under the store's mapping of that day, for a posting or a preview of one."""
    return book_under(mapping_of(day.store, on=day.date), figures, day, revision=revision)


def book_under(mapping: Mapping, figures: DayFigures, day: BusinessDay, *, revision: int) -> Journal:
    """Return the journal of the day's figures under a mapping that need not be saved."""
    return journal(figures, _context(day, revision), mapping)


def correct(
    figures: DayFigures, day: BusinessDay, *, revision: int, before: Delivery | None = None, besides: Delivery | None = None
) -> Correction:
    """Return what the figures have more or less than what is at Yayoi of the day.

    Its rows carry the 営業日 or, where that month is locked, the first day of the books that is still open. Counts what was
    sent earlier than `before`, and not `besides`, which somebody has not found there.
    """
    open_day = first_open_day(day.store.company_id, day.date)
    context = replace(_context(day, revision), is_correction=True, posted_on=None if open_day == day.date else open_day)
    new = journal(figures, context, mapping_of(day.store, on=day.date))
    try:
        postings = baseline(day, before=before, besides=besides)
    except NoBaseline as missing:
        return Correction(Journal(), None, missing.obstacle)
    entries = difference(postings, new, context)
    return Correction(Journal(entries, new.missing, new.left_out), postings, posted_on=context.posted_on)


def baseline(day: BusinessDay, *, before: Delivery | None = None, besides: Delivery | None = None) -> tuple[tuple[JournalEntry, ...], ...]:
    """Return the entries of the latest full posting that is at Yayoi and of the differences after it, the earliest first.

    Raises NoBaseline: a posting since then may be there or not, or a restored database no longer knows what it said.
    """
    return tuple(posting.entries for posting in baseline_postings(day, before=before, besides=besides))


def baseline_postings(day: BusinessDay, *, before: Delivery | None = None, besides: Delivery | None = None) -> list[PastPosting]:
    """Return the postings that a baseline is made of. Raises NoBaseline."""
    found: list[PastPosting] = []
    for posting in past_postings(day, besides=besides):
        if before is not None and before.pk and posting.delivery.pk >= before.pk:
            continue
        if posting.presence is Presence.MAYBE:
            raise NoBaseline(Obstacle.UNCERTAIN)
        if posting.presence is not Presence.THERE:
            continue
        if not posting.delivery.is_frozen:
            raise NoBaseline(Obstacle.CONTENT_UNKNOWN)
        found.insert(0, posting)
        if posting.delivery.mode == Delivery.Mode.FULL:
            return found
    raise NoBaseline(Obstacle.NOTHING_THERE)


def before_difference(delivery: Delivery) -> tuple[tuple[JournalEntry, ...], ...] | None:
    """Return what was at Yayoi when the difference was made, as far as it is known today; else None."""
    try:
        return baseline(delivery.day, before=delivery)
    except NoBaseline:
        return None


def _context(day, revision):
    return JournalContext(
        company_code=day.store.company.code,
        store_code=day.store.code,
        store_name=day.store.name,
        business_date=day.date,
        revision=revision,
    )
