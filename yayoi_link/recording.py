"""Writes down what came of a try: by its worker, late, or, when the worker is gone, by the reaper."""

import random
import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from closing.models import BusinessDay
from yayoi_link import payload, schedule
from yayoi_link.models import Attempt, Delivery, Outcome, YayoiLink
from yayoi_link.states import (
    ACKNOWLEDGED,
    ANSWERED_NO,
    BLOCK,
    GIVE_UP,
    HOLD_CLAIMED,
    LATE_ACKNOWLEDGED,
    LATE_NO,
    LATE_NOT_ACKNOWLEDGED,
    LINK_SWITCHED_OFF,
    NO_ANSWER,
    NOT_ACKNOWLEDGED,
    NOT_SENT,
    OVERTAKEN,
    REAP_CLAIMED,
    REAP_SENDING,
    REFUSED,
    HoldReason,
    State,
)
from yayoi_link.verdicts import Answer, ErrorCode, Verdict, verdict
from yayoi_link.write_turn import short_transaction

GONE = 410
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


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in a worker's hands, as it was just before it was claimed."""

    delivery: Delivery
    attempt: Attempt
    fence: int
    link: YayoiLink

    @property
    def own(self):
        """The row, as long as nobody else has taken it over."""
        return Delivery.objects.filter(pk=self.delivery.pk, fence=self.fence)

    @property
    def tries(self) -> int:
        return self.delivery.tries + 1

    @property
    def since_first_try(self) -> timedelta:
        return timezone.now() - (self.delivery.first_tried_at or timezone.now())


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


@short_transaction()
def record(claimed: Claimed, answer: Answer) -> State:
    """Write down what came of the try and move the delivery accordingly. Returns the state it then has."""
    ruling = rule(claimed.delivery, answer)
    is_late = not _move(claimed, answer, ruling) and (_move_late(claimed, ruling) or claimed.attempt.outcomes.exists())
    write_outcome(claimed.attempt, answer, ruling, source=Outcome.Source.LATE if is_late else Outcome.Source.WORKER)
    _tell_link(claimed, answer, ruling)
    return State(Delivery.objects.values_list("state", flat=True).get(pk=claimed.delivery.pk))


def rule(delivery: Delivery, answer: Answer) -> Verdict:
    """Return what the answer means for this delivery: the table of verdicts, with the receiver's own words recognised."""
    return verdict(
        answer,
        acknowledged=payload.is_acknowledgement(answer.status or 0, answer.body, delivery.row_count),
        refused=payload.is_refusal(answer.status or 0, answer.body),
        accepts_204=YayoiLink.objects.filter(store=delivery.day.store_id, accepts_204=True).exists(),
    )


def _move(claimed, answer, ruling):
    if answer.error == ErrorCode.KEY_UNAVAILABLE:
        return claimed.own.take(HOLD_CLAIMED, hold_reason=HoldReason.KEY_UNAVAILABLE, lease_until=None)
    step = STEP_FOR[ruling]
    if step.target != State.RETRY_WAIT:
        return claimed.own.take(step, lease_until=None, ended_at=_end_of(ruling))
    # In this order: what is current may stop being so in between, and never the other way round.
    return _move_back(claimed, answer, step) or claimed.own.filter(is_current=False).take(OVERTAKEN, lease_until=None, gate_at=None)


def _move_back(claimed, answer, step):
    current = claimed.own.filter(is_current=True)
    if schedule.gives_up(claimed.tries, claimed.since_first_try):
        return current.take(GIVE_UP, lease_until=None, gate_at=None)
    # Not a matter of secrecy: the jitter only keeps many shops from coming back in the same second.
    delay = schedule.delay_after(claimed.tries, chance=random.random(), retry_after=answer.retry_after)  # noqa: S311
    # Back before the gate: it is a recorded fact that nothing of this try is at the receiver.
    return current.take(
        step,
        lease_until=None,
        gate_at=None,
        due_at=Now() + delay,
        trigger=Delivery.Trigger.RETRY,
        triggered_by=None,
        priority=Delivery.Priority.RETRY,
    )


def _move_late(claimed, ruling):
    """The reaper, or whoever restored a backup, called it unknown; now it is known."""
    return ruling in LATE_STEP_FOR and claimed.own.take(LATE_STEP_FOR[ruling], ended_at=_end_of(ruling))


def _end_of(ruling):
    return Now() if ruling is Verdict.DELIVERED else None


def write_outcome(attempt: Attempt, answer: Answer, ruling: Verdict, *, source: Outcome.Source) -> Outcome:
    """Append what the try came to. Of the answer only what names no secret: of `Location` the host, of the body its hash."""
    return Outcome.objects.create(
        attempt=attempt,
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


def _tell_link(claimed, answer, ruling):
    store = claimed.delivery.day.store_id
    sharing = YayoiLink.objects.filter(url_hash__in=Delivery.objects.filter(pk=claimed.delivery.pk).values("link_hash"))
    if ruling is Verdict.DELIVERED:
        YayoiLink.objects.filter(store=store).update(last_delivered_at=Now(), delivered_host=F("host"))
    if ruling is Verdict.UNKNOWN and answer.retry_after:
        sharing.update(delayed_until=Now() + timedelta(seconds=answer.retry_after))
    if answer.status == GONE and ruling is Verdict.REJECTED:
        _switch_off(sharing.exclude(url_hash=""))


def _switch_off(links):
    """The receiver says that this link is gone for good (410): nothing more is sent to it until a person has looked."""
    stores = list(links.values_list("store", flat=True))
    YayoiLink.objects.filter(store__in=stores).update(is_enabled=False)
    Delivery.objects.filter(day__in=BusinessDay.objects.filter(store__in=stores)).take(
        LINK_SWITCHED_OFF, fence=F("fence") + 1, hold_reason=HoldReason.LINK_OFF, lease_until=None
    )


def reap() -> int:
    """Rule on the deliveries whose worker is gone: `claimed` is tried again, `sending` is unknown, never sent again.

    A lease more than twice its length ahead counts as over: somebody set the clock. The fence stays, so that a late answer
    still finds its delivery. Returns how many were reaped.
    """
    over = Delivery.objects.filter(Q(lease_until__lte=Now()) | Q(lease_until__gt=Now() + 2 * settings.DELIVERY_LEASE))
    return sum(_reap(delivery) for delivery in over.in_flight())


def reap_everything() -> int:
    """Rule on all deliveries in flight, whatever their lease: for a worker that knows that it is the only one."""
    return sum(_reap(delivery) for delivery in Delivery.objects.in_flight())


@short_transaction()
def _reap(delivery):
    row = Delivery.objects.filter(pk=delivery.pk, fence=delivery.fence)
    ruling = Verdict.UNKNOWN
    if row.take(REAP_CLAIMED, lease_until=None, due_at=Now(), trigger=Delivery.Trigger.RETRY, triggered_by=None):
        ruling = Verdict.NOT_SENT
    elif not row.take(REAP_SENDING, lease_until=None):
        return False
    attempt = delivery.attempts.get(fence=delivery.fence)
    Outcome.objects.create(attempt=attempt, source=Outcome.Source.REAPER, verdict=ruling, error=ErrorCode.WORKER_GONE, at=timezone.now())
    return True
