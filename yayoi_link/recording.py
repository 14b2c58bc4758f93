"""Writes down what came of a try: by its worker, in time or late."""

import random
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import Error, connection
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from yayoi_link import payload, schedule
from yayoi_link.claiming import Claimed
from yayoi_link.group_commit import write_together
from yayoi_link.link_health import Ruled, note_on_links
from yayoi_link.models import Delivery, Outcome, YayoiLink
from yayoi_link.states import (
    ACKNOWLEDGED,
    ANSWERED_NO,
    BLOCK,
    GIVE_UP,
    HOLD_CLAIMED,
    LATE_ACKNOWLEDGED,
    LATE_NO,
    LATE_NOT_ACKNOWLEDGED,
    NO_ANSWER,
    NOT_ACKNOWLEDGED,
    NOT_SENT,
    OVERTAKEN,
    REFUSED,
    HoldReason,
    State,
)
from yayoi_link.verdicts import NO_CONTENT, Answer, ErrorCode, Verdict, verdict

KEEPS_ANSWER_FOR = timedelta(minutes=10)
PAUSE_SECONDS = 0.5

STEP_FOR = {
    Verdict.NOT_SENT: NOT_SENT,
    Verdict.BLOCKED: BLOCK,
    Verdict.DELIVERED: ACKNOWLEDGED,
    Verdict.UNVERIFIED: NOT_ACKNOWLEDGED,
    Verdict.REFUSED: REFUSED,
    Verdict.MOVED: ANSWERED_NO,
    Verdict.REJECTED: ANSWERED_NO,
    Verdict.UNKNOWN: NO_ANSWER,
}
LATE_STEP_FOR = {
    Verdict.DELIVERED: LATE_ACKNOWLEDGED,
    Verdict.UNVERIFIED: LATE_NOT_ACKNOWLEDGED,
    Verdict.MOVED: LATE_NO,
    Verdict.REJECTED: LATE_NO,
}
_IN_TIME = (ACKNOWLEDGED.target, Outcome.Source.WORKER)


def record_patiently(claimed: Claimed, answer: Answer) -> State | None:
    """Record the answer, again and again while the database is away, until 10 minutes past the lease.

    Returns the state the delivery then has; None when the answer could not be recorded: the reaper rules then.
    """
    until = time.monotonic() + (settings.DELIVERY_LEASE + KEEPS_ANSWER_FOR).total_seconds()
    while time.monotonic() < until:
        try:
            return record(claimed, answer)
        except Error:
            connection.close()
            time.sleep(PAUSE_SECONDS)
    return None


def record(claimed: Claimed, answer: Answer) -> State:
    """Write down what came of the try and move the delivery accordingly. Returns the state it then has."""
    return write_together(_record_all, (claimed, answer))


def _record_all(ended: Sequence[tuple[Claimed, Answer]]) -> list[State]:
    ruled = [(claimed, answer, rule(claimed, answer)) for claimed, answer in ended]
    note_on_links(ruled)
    acknowledged = _take_acknowledged(ruled)
    moved = [_IN_TIME if each[0].delivery.pk in acknowledged else _move_and_say_how(*each) for each in ruled]
    Outcome.objects.bulk_create(_outcome(*each, source=source) for each, (_state, source) in zip(ruled, moved, strict=True) if source)
    return [state or _state_of(claimed) for (claimed, _answer), (state, _source) in zip(ended, moved, strict=True)]


def _take_acknowledged(ruled: Sequence[Ruled]) -> set[int]:
    """Move in one statement what arrived, as nearly all does; return the ids of the deliveries. The rest is moved one by one.

    So is a delivery of which two tries end in the same moment: which of them moved the row, the statement cannot say.
    """
    tries = Counter(claimed.delivery.pk for claimed, _answer, _ruling in ruled)
    arrived = [claimed for claimed, _answer, ruling in ruled if ruling is Verdict.DELIVERED and tries[claimed.delivery.pk] == 1]
    if not arrived:
        return set()
    own = reduce(or_, (Q(pk=claimed.delivery.pk, fence=claimed.fence) for claimed in arrived))
    return Delivery.objects.filter(own).take_each(ACKNOWLEDGED, lease_until=None, ended_at=Now())


def _state_of(claimed):
    return State(Delivery.objects.values_list("state", flat=True).get(pk=claimed.delivery.pk))


def rule(claimed: Claimed, answer: Answer) -> Verdict:
    """Return what the answer means for this delivery: the table of verdicts, with the receiver's own words recognised."""
    return verdict(
        answer,
        acknowledged=payload.is_acknowledgement(answer.status or 0, answer.body, claimed.delivery.row_count),
        refused=payload.is_refusal(answer.status or 0, answer.body),
        accepts_204=answer.status == NO_CONTENT and _accepts_no_content(claimed.link),
    )


def _accepts_no_content(link):
    """When it was claimed, and still: whoever takes it back, or replaces the link, wants no 204 to be 連携済 any more."""
    return link.accepts_204 and YayoiLink.objects.filter(pk=link.pk, version=link.version, accepts_204=True).exists()


def _move_and_say_how(claimed, answer, ruling):
    """Move the delivery; return the state that it then has, if it was moved, and how its outcome came.

    No word of an outcome where it is on record already: it was committed, but the database could not say so.
    """
    if state := _move(claimed, answer, ruling):
        return state, Outcome.Source.WORKER
    if state := _move_late(claimed, ruling):
        return state, Outcome.Source.LATE
    earlier = set(claimed.attempt.outcomes.values_list("source", flat=True))
    if not earlier:
        return None, Outcome.Source.WORKER
    return None, Outcome.Source.LATE if earlier == {Outcome.Source.REAPER} else None


def _move(claimed, answer, ruling):
    if answer.error == ErrorCode.KEY_UNAVAILABLE:
        return _take(claimed.own, HOLD_CLAIMED, hold_reason=HoldReason.KEY_UNAVAILABLE)
    step = STEP_FOR[ruling]
    if step.target != State.RETRY_WAIT:
        return _take(claimed.own, step, ended_at=_end_of(ruling))
    # In this order: what is current may stop being so in between, and never the other way round.
    return _move_back(claimed, answer, step) or _take(claimed.own.filter(is_current=False), OVERTAKEN, gate_at=None)


def _move_back(claimed, answer, step):
    """Back before the gate: it is a recorded fact that nothing of this try is at the receiver."""
    current = claimed.own.filter(is_current=True)
    if schedule.gives_up(claimed.tries, claimed.since_first_try):
        return _take(current, GIVE_UP, gate_at=None)
    # Not a matter of secrecy: the jitter only keeps many shops from coming back in the same second.
    delay = schedule.delay_after(claimed.tries, chance=random.random(), retry_after=answer.retry_after)  # noqa: S311
    next_try = {"due_at": Now() + delay, "trigger": Delivery.Trigger.RETRY, "triggered_by": None, "priority": Delivery.Priority.RETRY}
    return _take(current, step, gate_at=None, **next_try)


def _move_late(claimed, ruling):
    """The reaper, or whoever restored a backup, called it unknown; now it is known."""
    return ruling in LATE_STEP_FOR and _take(claimed.own, LATE_STEP_FOR[ruling], ended_at=_end_of(ruling))


def _take(rows, step, **changes):
    return step.target if rows.take(step, lease_until=None, **changes) else None


def _end_of(ruling):
    return Now() if ruling is Verdict.DELIVERED else None


def _outcome(claimed, answer, ruling, *, source):
    """What the try came to. Of the answer only what names no secret: of `Location` the host, of the body its hash."""
    return Outcome(
        attempt=claimed.attempt,
        source=source,
        verdict=ruling,
        phase=answer.phase,
        error=answer.error,
        status=answer.status,
        address=answer.address,
        tls_version=answer.tls_version,
        duration_ms=answer.duration_ms,
        content_type=answer.content_type[:100],
        answer_length=len(answer.body) if answer.status else None,
        answer_sha256=answer.sha256,
        answer_fields=payload.known_fields(answer.body) if answer.status else {},
        location_host=answer.location_host,
        at=timezone.now(),
    )
