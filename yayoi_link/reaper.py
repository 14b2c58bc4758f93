"""The reaper: rules on the deliveries whose worker is gone."""

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from yayoi_link.models import Delivery, Outcome
from yayoi_link.states import REAP_CLAIMED, REAP_SENDING
from yayoi_link.verdicts import ErrorCode, Verdict
from yayoi_link.write_turn import short_transaction


def reap() -> int:
    """Rule on the deliveries whose lease is over: `claimed` is tried again, `sending` is unknown, never sent again.

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
