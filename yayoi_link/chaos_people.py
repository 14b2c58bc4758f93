"""The people of the chaos run: when all is quiet they look in Yayoi, which is to say at what the receiver keeps, and rule on what is
unsure. Afterwards every day has to be there once."""

import contextlib
from collections.abc import Collection
from dataclasses import replace

from django.db.models import F
from django.utils import timezone

from yayoi_link.chaos_faults import Chaos
from yayoi_link.chaos_receiver import read_notes
from yayoi_link.models import Delivery
from yayoi_link.rulings import CHECKED_FROM, StateChanged, StillHeld, release, resend, resend_after_no, settle, waive
from yayoi_link.states import State

REASON = "弥生で確認"
UNSURE = frozenset({State.UNKNOWN, State.UNVERIFIED})


def rule_on_what_is_unsure(chaos: Chaos) -> int:
    """Rule on every day that waits for a person, as somebody does who has looked. Returns how many there were."""
    kept = {note.key for note in read_notes(chaos.receiver.notes) if note.is_kept}
    # Looking counts from ten minutes after the gate; nothing is on its way any more.
    Delivery.objects.filter(state__in=UNSURE).update(gate_at=F("gate_at") - CHECKED_FROM)
    waiting = list(Delivery.objects.needing_a_person().select_related("day__store__company", "closing"))
    for delivery in waiting:
        with contextlib.suppress(StateChanged, StillHeld):
            _rule(delivery, kept, replace(chaos.stores.by, at=timezone.now()))
    return len(waiting)


def _rule(delivery: Delivery, kept: Collection[str], by) -> None:
    if delivery.state in UNSURE:
        settle(delivery, was_there=str(delivery.key) in kept, reason=REASON, by=by)
    elif _is_there(delivery.day, kept):
        waive(delivery, reason=REASON, by=by)
    elif delivery.state == State.HELD:
        release(delivery, by=by)
    elif delivery.passed_gate:
        resend_after_no(delivery, by=by)
    else:
        resend(delivery, by=by)


def _is_there(day, kept):
    return any(str(key) in kept for key in day.deliveries.values_list("key", flat=True))
