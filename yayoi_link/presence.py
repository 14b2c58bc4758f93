"""What of a day is, may be, or is not at Yayoi: the answer that every warning about double rows is made from."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet

from closing.models import BusinessDay
from yayoi_link.journal import JournalEntry
from yayoi_link.models import Decision, Delivery
from yayoi_link.states import IS_THERE, MAY_BE_THERE, State


class Presence(StrEnum):
    THERE = "there"
    MAYBE = "maybe"
    # The receiver read the posting and said no: usually, not surely, nothing is there.
    HARDLY = "hardly"
    NOT = "not"


# What the typed confirmation is about.
DOUBLES = frozenset({Presence.THERE, Presence.MAYBE})


@dataclass(frozen=True, slots=True)
class PastPosting:
    """A posting of the day whose rows are at Yayoi, may be, or hardly are."""

    delivery: Delivery
    presence: Presence

    @property
    def doubles(self) -> bool:
        return self.presence in DOUBLES

    @property
    def entries(self) -> tuple[JournalEntry, ...]:
        """The rows that are or may be there, as they were sent; none when a restored database no longer knows them."""
        return rows_there(self.delivery)

    @property
    def row_count(self) -> int:
        found = self.delivery.found_keys
        return self.delivery.row_count if found is None else len(found)


def presence(delivery: Delivery) -> Presence:
    """Tell whether the delivery's rows are at Yayoi, as far as it is known. Reads its decisions where people have ruled."""
    if delivery.state == State.SETTLED:
        return Presence.NOT if _last(delivery, Decision.Kind.FOUND, Decision.Kind.NOT_FOUND) == Decision.Kind.NOT_FOUND else Presence.THERE
    if delivery.state in IS_THERE:
        return Presence.THERE
    if delivery.state in MAY_BE_THERE:
        return Presence.MAYBE
    return Presence.HARDLY if delivery.passed_gate and _was_answered_no(delivery) else Presence.NOT


def rows_there(delivery: Delivery) -> tuple[JournalEntry, ...]:
    """Return the frozen rows of a posting that are or may be at Yayoi: all, or those that a person has found there."""
    sent, found = delivery.entries, delivery.found_keys
    return sent if found is None else tuple(entry for entry in sent if entry.key in found)


def past_postings(day: BusinessDay, *, besides: Delivery | None = None) -> list[PastPosting]:
    """Return the day's postings of which anything is, may be or hardly is at Yayoi, the latest first."""
    sent = Delivery.objects.of_day(day)
    if besides is not None:
        sent = sent.exclude(pk=besides.pk)
    return _known(sent.order_by("-created_at", "-pk"))


def past_postings_of_days(days: Iterable[BusinessDay]) -> list[PastPosting]:
    """Return the same of many days in two queries, by date and store."""
    sent = Delivery.objects.filter(day__in=list(days)).select_related("day__store")
    return _known(sent.order_by("day__date", "day__store__code", "day", "-created_at", "-pk"))


def _known(deliveries):
    sent = deliveries.exclude(gate_at=None, state__in=_unsent_before_the_gate()).exclude(is_empty=True)
    postings = [PastPosting(delivery, presence(delivery)) for delivery in sent.prefetch_related("decisions")]
    return [posting for posting in postings if posting.presence is not Presence.NOT]


def postings_there(states: Collection[State] = IS_THERE | MAY_BE_THERE) -> QuerySet[Delivery]:
    """Return the postings in these states, but for those that somebody has looked for and not found: the same answer for many days."""
    not_found = Decision.objects.filter(delivery=OuterRef("pk"), kind=Decision.Kind.NOT_FOUND)
    return Delivery.objects.filter(~Exists(not_found), state__in=states, is_empty=False)


def rows_doubled(postings: list[PastPosting]) -> int:
    """Return how many rows will or may be double if the day is sent again."""
    return sum(posting.row_count for posting in postings if posting.doubles)


def _unsent_before_the_gate():
    """After a restored backup a delivery is `unknown` without a gate that this database knows of."""
    return [state for state in State if state not in IS_THERE | MAY_BE_THERE]


def _was_answered_no(delivery):
    return delivery.state == State.REJECTED or (delivery.state == State.WAIVED and _state_when_waived(delivery) == State.REJECTED)


def _state_when_waived(delivery):
    states = [decision.state_before for decision in delivery.decisions.all() if decision.kind == Decision.Kind.WAIVE]
    return states[-1] if states else ""


def _last(delivery, *kinds):
    ruled = [decision.kind for decision in delivery.decisions.all() if decision.kind in kinds]
    return ruled[-1] if ruled else ""
