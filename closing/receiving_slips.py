"""What a register sends is booked or kept in 保留, never dropped; the same thing sent again has the same answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import transaction

from closing.intake import Booked, Booking, book_slips
from closing.kept_slips import RefusedItem, cause_of, earlier_kept, keep_all, mark_sent_again
from closing.models import KeptSlip
from closing.raw_json import with_register
from closing.slip_content import Problem, SlipContent
from stores.audit import Origin
from stores.models import Store


class Receipt(StrEnum):
    """What became of something that a register sent."""

    CREATED = "created"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    INVALID = "invalid"
    KEPT = "kept"


RECEIPTS = {
    KeptSlip.Cause.CONFLICT: Receipt.CONFLICT,
    KeptSlip.Cause.INVALID: Receipt.INVALID,
    KeptSlip.Cause.LOCKED: Receipt.KEPT,
}
TAKEN = {Booked.CREATED: Receipt.CREATED, Booked.UNCHANGED: Receipt.UNCHANGED}


@dataclass(frozen=True, slots=True)
class Received:
    """One item of a batch: JSON as it came, its POS番号, and the slip in it, or why there is none."""

    sent: Any
    register: int
    content: SlipContent | None
    problems: tuple[Problem, ...] = ()

    @property
    def raw(self) -> dict[str, Any]:
        """The item as 保留 keeps it."""
        return with_register(self.sent, self.register)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one item."""

    status: Receipt
    problems: tuple[Problem, ...] = ()


@transaction.atomic
def receive_slips(store: Store, items: Sequence[Received], *, by: Origin, today: date) -> list[Answer]:
    """Book what can be booked, keep the rest, and return what became of each item, in their order.

    What waits in 保留 is booked when it is sent again and nothing stands in its way any more. What a person has decided stays
    decided: it would come into the books twice, as it was booked there and as it came.
    """
    earlier = earlier_kept(store, items)
    to_book = {
        place: item.content
        for place, (item, kept) in enumerate(zip(items, earlier, strict=True))
        if item.content and (kept is None or kept.is_waiting)
    }
    booked = dict(zip(to_book, book_slips(store, list(to_book.values()), by=by, today=today), strict=True))
    mark_sent_again(kept for place, kept in enumerate(earlier) if kept and place in booked and booked[place].status in TAKEN)
    refused = [_refused(item, booked.get(place)) for place, item in enumerate(items) if earlier[place] is None]
    keep_all(store, filter(None, refused), source=KeptSlip.Source.REGISTER, by=by)
    return [_answer(item, earlier[place], booked.get(place)) for place, item in enumerate(items)]


def _refused(item: Received, booking: Booking | None) -> RefusedItem | None:
    if booking is None:
        return RefusedItem(item.raw, KeptSlip.Cause.INVALID, item.problems)
    if booking.status in TAKEN:
        return None
    return RefusedItem(item.raw, cause_of(booking), booking.problems, item.content)


def _answer(item: Received, kept: KeptSlip | None, booking: Booking | None) -> Answer:
    if booking and booking.status in TAKEN:
        return Answer(TAKEN[booking.status])
    if booking:
        return Answer(RECEIPTS[cause_of(booking)], booking.problems)
    return answer_of_kept(kept) if kept else Answer(Receipt.INVALID, item.problems)


def answer_of_kept(kept: KeptSlip) -> Answer:
    """Return the answer to what was kept before and is not looked at again."""
    if kept.is_booked:
        return Answer(Receipt.UNCHANGED)
    return Answer(RECEIPTS[KeptSlip.Cause(kept.cause)], tuple(kept.found_problems))
