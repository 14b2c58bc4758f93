"""The reaper: rules on the deliveries whose worker is gone."""

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from yayoi_link import gate_journal
from yayoi_link.gate_journal import JournalMissing
from yayoi_link.models import Attempt, Delivery, Outcome
from yayoi_link.states import IN_FLIGHT, REAP_CLAIMED, REAP_JOURNALLED, REAP_SENDING, State
from yayoi_link.verdicts import ErrorCode, Verdict
from yayoi_link.write_turn import short_transaction


def reap() -> int:
    """Rule on the deliveries whose lease is over: `claimed` is tried again, `sending` is unknown, never sent again.

    `claimed` that the gate journal names is unknown too, and waits while the journal cannot be read. A lease more than twice its
    length ahead counts as over: somebody set the clock. The fence stays, so that a late answer still finds its delivery.
    Returns how many were reaped.
    """
    over = Delivery.objects.filter(Q(lease_until__lte=Now()) | Q(lease_until__gt=Now() + 2 * settings.DELIVERY_LEASE))
    return _reap_all(over.in_flight())


def reap_everything() -> int:
    """Rule on all deliveries in flight, whatever their lease: for a worker that knows that it is the only one."""
    return _reap_all(Delivery.objects.in_flight())


def _reap_all(left: QuerySet[Delivery]) -> int:
    try:
        journalled = _claims_in_journal(left.filter(state=State.CLAIMED))
    except JournalMissing:
        left, journalled = left.exclude(state=State.CLAIMED), set()
    return sum(_reap(delivery, is_journalled=(delivery.pk, delivery.fence) in journalled) for delivery in left)


def _claims_in_journal(claimed):
    """Those of the claims that came as far as the journal, by id and fence.

    Their worker died before the gate was committed, and nothing was sent; or a backup of that moment was restored, and it was.
    """
    claims = {(delivery.key.hex, delivery.fence): (delivery.pk, delivery.fence) for delivery in claimed}
    lines = gate_journal.lines_since_restore() if claims else ()
    return {claims[line.key, line.fence] for line in lines if (line.key, line.fence) in claims}


@short_transaction()
def _reap(delivery, *, is_journalled):
    row = Delivery.objects.filter(pk=delivery.pk, fence=delivery.fence)
    again = {"due_at": Now(), "trigger": Delivery.Trigger.RETRY, "triggered_by": None}
    if not is_journalled and row.take(REAP_CLAIMED, lease_until=None, **again):
        ruling = Verdict.NOT_SENT
    elif (is_journalled and row.take(REAP_JOURNALLED, lease_until=None)) or row.take(REAP_SENDING, lease_until=None):
        ruling = Verdict.UNKNOWN
    else:
        return False
    attempt = delivery.attempts.get(fence=delivery.fence)
    Outcome.objects.create(attempt=attempt, source=Outcome.Source.REAPER, verdict=ruling, error=ErrorCode.WORKER_GONE, at=timezone.now())
    return True


class ForgottenTries:
    """Rules on tries that nothing points to any more: a newer revision or another link took the delivery away before its gate,
    and then the worker died, who would have said so.

    Remembers up to where all have been ruled on, so that it need not look at all tries again.
    """

    looks_back = 1000  # tries; one that was begun earlier may be committed later

    def __init__(self):
        self.ruled_until = 0

    def rule(self) -> int:
        """Give them their verdict once they are older than a lease, which no try outlives. Returns how many there were."""
        newest = Attempt.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        unruled = Attempt.objects.filter(~Exists(Outcome.objects.filter(attempt=OuterRef("pk"))), pk__gt=self.ruled_until)
        is_alive = Q(delivery__fence=F("fence"), delivery__state__in=IN_FLIGHT) | Q(started_at__gt=timezone.now() - settings.DELIVERY_LEASE)
        forgotten = list(unruled.exclude(is_alive).values_list("pk", flat=True))
        if forgotten:
            _rule_on(forgotten, Verdict.NOT_SENT)
        oldest_alive = unruled.filter(is_alive).order_by("pk").values_list("pk", flat=True).first()
        self.ruled_until = min(newest - self.looks_back, (oldest_alive or newest) - 1)
        return len(forgotten)


def rule_on_what_a_restore_left() -> int:
    """Give tries of before a restored backup the verdict that nobody knows what came of them. Returns how many there were."""
    unruled = Attempt.objects.filter(~Exists(Outcome.objects.filter(attempt=OuterRef("pk"))))
    return _rule_on(list(unruled.values_list("pk", flat=True)), Verdict.UNKNOWN)


def _rule_on(attempt_ids, ruling):
    at = timezone.now()
    ruled = (Outcome(attempt_id=pk, source=Outcome.Source.REAPER, verdict=ruling, error=ErrorCode.WORKER_GONE, at=at) for pk in attempt_ids)
    return len(Outcome.objects.bulk_create(ruled))
