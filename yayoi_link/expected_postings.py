"""What Yayoi's books should have of each business day: the postings that are, may be, or by hand could be there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from closing.models import BusinessDay
from stores.models import Store
from yayoi_link.journal import Journal, JournalEntry
from yayoi_link.models import Delivery
from yayoi_link.outbox import content_of
from yayoi_link.presence import Presence, presence, rows_there
from yayoi_link.reconciliation import Certainty, Posting

CERTAINTY = {
    Presence.THERE: Certainty.THERE,
    Presence.MAYBE: Certainty.MAYBE,
    Presence.HARDLY: Certainty.NOT_SENT,
    Presence.NOT: Certainty.NOT_SENT,
}


@dataclass(slots=True)
class DayPostings:
    """A day's postings, the earliest first, and the deliveries that they were made of, by number."""

    day: BusinessDay
    postings: list[Posting] = field(default_factory=list)
    deliveries: dict[int, Delivery] = field(default_factory=dict)
    # After a restored backup: something may be there, and nobody knows which rows.
    is_content_unknown: bool = False
    current: Delivery | None = None


def expected_postings(
    stores: Iterable[Store], *, first: date, last: date, within: tuple[date, date], mentioned: Collection[tuple[str, date]]
) -> dict[tuple[str, date], DayPostings]:
    """Return the days of the period with their postings, by store code and date.

    A day belongs to the period too when a difference to it is dated there. Rows dated outside of `within`, which the books
    were read for, are left out. `mentioned` are the days of which the books hold rows: only of these it matters what a file
    by hand would say.
    """
    dated_here = Delivery.objects.filter(day__store__in=stores, posted_on__range=(first, last)).values("day")
    deliveries = (
        Delivery.objects.filter(Q(day__date__range=(first, last)) | Q(day__in=dated_here), day__store__in=stores, is_empty=False)
        .select_related("day__store__company", "closing")
        .prefetch_related("decisions")
        .order_by("created_at", "pk")
    )
    found: dict[tuple[str, date], DayPostings] = {}
    for delivery in deliveries.iterator(chunk_size=200):
        name = (delivery.day.store.code, delivery.day.date)
        of_day = found.setdefault(name, DayPostings(delivery.day))
        of_day.current = delivery if delivery.is_current else of_day.current
        add_posting(of_day, delivery, is_mentioned=name in mentioned, within=within)
    return found


def add_posting(of_day: DayPostings, delivery: Delivery, *, is_mentioned: bool, within: tuple[date, date]) -> None:
    certainty = CERTAINTY[presence(delivery)]
    if certainty is not Certainty.NOT_SENT and not delivery.is_frozen:
        of_day.is_content_unknown = True
        return
    if certainty is Certainty.NOT_SENT and not (is_mentioned and (delivery.is_current or delivery.passed_gate)):
        return
    first, last = within
    entries = tuple(entry for entry in entries_of(delivery) if first <= entry.date <= last)
    is_full = delivery.mode == Delivery.Mode.FULL
    of_day.postings.append(Posting(delivery.pk, delivery.closing.revision, is_full, certainty, entries))
    of_day.deliveries[delivery.pk] = delivery


def entries_of(delivery: Delivery) -> tuple[JournalEntry, ...]:
    if delivery.is_frozen:
        return rows_there(delivery)
    return (content_of(delivery) or Journal()).entries
