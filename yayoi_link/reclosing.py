"""Closing a closed day again, knowing what of it is at Yayoi already."""

from collections.abc import Collection

from django.db import transaction

from closing.models import BusinessDay, Closing
from closing.signals import Wish
from closing.trading_day import close_again
from stores.audit import Origin
from yayoi_link.history import LinkAction
from yayoi_link.models import Decision, Delivery
from yayoi_link.presence import past_postings, rows_doubled
from yayoi_link.rulings import StateChanged, decide, release
from yayoi_link.states import HoldReason

DECISION_FOR = {
    Wish.EVERYTHING: Decision.Kind.CLOSE_EVERYTHING,
    Wish.DIFFERENCE: Decision.Kind.CLOSE_DIFFERENCE,
    Wish.NOTHING: Decision.Kind.CLOSE_NOTHING,
}


@transaction.atomic
def close_again_knowingly(
    day: BusinessDay, *, seen_revision: int, seen_postings: Collection[int], wish: Wish, by: Origin, day_confirmed: bool = False
) -> Closing:
    """Close the day again and send everything, the difference or nothing. `seen_postings` are the deliveries the person was warned of.

    `day_confirmed`: the person wants it sent although it lies before 連携開始日. Raises AlreadyClosed when somebody closed it
    again first, and StateChanged when a posting has passed its gate since the warning, or what the difference would be is
    no longer known: then nothing is done.
    """
    before = Delivery.objects.of_day(day).current().first()
    closing = close_again(day, seen_revision=seen_revision, by=by, wish=wish)
    made = closing.deliveries.get()
    # The close has taken back what could still be stopped: only now it is certain what could not.
    postings = past_postings(day, besides=made)
    if {posting.delivery.pk for posting in postings} - set(seen_postings) or made.awaits_decision:
        raise StateChanged
    if before is not None:
        doubled = rows_doubled(postings) if wish is Wish.EVERYTHING else 0
        decide(before, DECISION_FOR[wish], LinkAction.DELIVERY_DECIDED, by=by, successor=made, rows_doubled=doubled)
    if day_confirmed and made.hold_reason == HoldReason.BEFORE_START:
        release(made, by=by, day_confirmed=True)
    return closing
