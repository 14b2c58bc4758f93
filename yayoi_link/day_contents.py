"""What the rows of whole closed days are made of: as they were sent in full, or as they would be written by hand today."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched, groupby

from django.db.models import F, Prefetch, QuerySet

from closing.models import BusinessDay, Closing
from stores.models import Store
from yayoi_link.booking import book_under
from yayoi_link.difference import on_accounts_of
from yayoi_link.journal import JournalEntry, LeftOut, Missing
from yayoi_link.mappings_of_period import MappingsOfPeriod
from yayoi_link.models import Delivery
from yayoi_link.presence import PastPosting, past_postings_of_days
from yayoi_link.states import HoldReason, State

DAYS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class DayContent:
    """What a day's rows are made of."""

    closing: Closing
    entries: tuple[JournalEntry, ...]
    missing: tuple[Missing, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def day(self) -> BusinessDay:
        return self.closing.day

    @property
    def is_empty(self) -> bool:
        """Nothing to write, and nothing that stands in the way."""
        return not self.entries and not self.missing

    @property
    def texts(self) -> set[str]:
        """The names and words that its rows were made of, as people wrote them."""
        figures = self.closing.figures
        named = {line.method_name for line in (*figures.lines, *figures.overages)}
        moved = {text for line in figures.movements for text in (line.reason_name, line.payee, line.memo)}
        return {self.day.store.name} | named | moved


def contents_of_days(stores: Iterable[Store], *, first: date, last: date) -> Iterator[DayContent]:
    """Yield the closed days of the stores from `first` to `last`, each in its latest revision, sorted by date and store."""
    mappings = MappingsOfPeriod(stores, last=last)
    closings = closings_of_days(stores, first=first, last=last)
    for some in batched(closings.iterator(chunk_size=DAYS_AT_ONCE), DAYS_AT_ONCE):
        yield from contents_of(some, mappings)


def closings_of_days(stores: Iterable[Store], *, first: date, last: date) -> QuerySet[Closing]:
    """Return the latest closing of each day of the stores from `first` to `last`, sorted by date and store."""
    return _in_order(Closing.objects.filter(day__store__in=stores, day__date__range=(first, last), revision=F("day__revision")))


def closings_numbered(pks: Collection[int]) -> QuerySet[Closing]:
    """Return these closings in the same order, even when their days have been closed again since."""
    return _in_order(Closing.objects.filter(pk__in=pks))


def _in_order(closings):
    return with_postings(closings.select_related("day__store__company", "closed_by").order_by("day__date", "day__store__code", "pk"))


def with_postings(closings: QuerySet[Closing]) -> QuerySet[Closing]:
    """Return the closings as `contents_of` reads them."""
    postings = Delivery.objects.order_by("generation", "pk")
    return closings.prefetch_related(Prefetch("deliveries", postings, to_attr="postings"))


def contents_of(closings: Sequence[Closing], mappings: MappingsOfPeriod) -> list[DayContent]:
    """Return what the rows of closings `with_postings` are made of, in two queries more however many they are.

    One that was frozen in full is written exactly so, whatever the accounts are today. One that corrects an earlier posting
    keeps that posting's accounts, as its differences do: the file is what Yayoi has after them (spec of the books: a change of
    accounts never rewrites a sent day).
    """
    sent = _sent_of_days([closing.day for closing in closings if _corrects(closing)])
    return [_content_of(closing, mappings, sent.get(closing.day_id, ())) for closing in closings]


def _content_of(closing, mappings, sent):
    if frozen := _frozen_in_full(closing):
        return DayContent(closing, frozen.entries, left_out=frozen.lines_left_out)
    mapping = mappings.of(closing.day.store, on=closing.day.date)
    booked = book_under(mapping, closing.figures, closing.day, revision=closing.revision)
    return DayContent(closing, on_accounts_of(_rows_before(closing, sent), booked.entries), booked.missing, booked.left_out)


def _frozen_in_full(closing):
    whole = [posting for posting in closing.postings if posting.mode == Delivery.Mode.FULL and posting.is_frozen]
    return whole[-1] if whole else None


def _corrects(closing):
    """It was not sent in full, nor will be as soon as what holds it is mended: then it gets the accounts of that day."""
    if closing.revision == 1 or _frozen_in_full(closing):
        return False
    return not any(_is_held_in_full(posting) for posting in closing.postings if posting.is_current)


def _is_held_in_full(posting):
    is_undecided = posting.hold_reason == HoldReason.AWAITING_DECISION
    return posting.mode == Delivery.Mode.FULL and posting.state == State.HELD and not is_undecided


def _sent_of_days(days: Sequence[BusinessDay]) -> dict[int, list[PastPosting]]:
    postings = past_postings_of_days(days) if days else []
    return {day: list(of_day) for day, of_day in groupby(postings, key=lambda posting: posting.delivery.day_id)}


def _rows_before(closing: Closing, latest_first: Iterable[PastPosting]) -> list[tuple[JournalEntry, ...]]:
    """Return the rows that are or may be at Yayoi from the last full posting up to this revision's, the earliest posting first."""
    last = max((posting.pk for posting in closing.postings), default=0)
    found: list[tuple[JournalEntry, ...]] = []
    for posting in latest_first:
        if not posting.doubles or not posting.delivery.is_frozen or posting.delivery.pk > last:
            continue
        found.insert(0, posting.entries)
        if posting.delivery.mode == Delivery.Mode.FULL:
            return found
    return []
