"""The gate: what has to be on record, durably, before the first byte of a delivery leaves."""

from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import Error, connection
from django.db.models import Q
from django.db.models.functions import Now

from yayoi_link import gate_journal
from yayoi_link.claiming import Claimed
from yayoi_link.gate_journal import GateLine, JournalMissing
from yayoi_link.group_commit import write_together
from yayoi_link.models import Delivery
from yayoi_link.one_try import GateRefused, awake_clock
from yayoi_link.states import PASS_GATE


def pass_gate(claimed: Claimed) -> float:
    """Commit `claimed → sending`, durably, before the first byte leaves. Raises GateRefused: then nothing may leave.

    Returns the moment from which the first byte may be at most a second away, taken before the commit. Reads its own row only.
    Whoever closes a revision or changes the link writes that row too, so that one of both wins.
    """
    try:
        moment = write_together(_pass_gates, claimed)
    except (JournalMissing, OSError, Error):
        raise GateRefused from None
    if moment is None:
        raise GateRefused
    return moment


def _pass_gates(claims: Sequence[Claimed]) -> list[float | None]:
    gate_journal.append(*map(_gate_line, claims))
    _wait_for_the_disk()
    own = reduce(or_, (Q(pk=each.delivery.pk, fence=each.fence, link_version=each.link.version) for each in claims))
    # A lease further ahead than any can be is over too: somebody has set the clock.
    in_time = Delivery.objects.filter(own, is_current=True, lease_until__gt=Now(), lease_until__lte=Now() + 2 * settings.DELIVERY_LEASE)
    passed = in_time.take_each(PASS_GATE, gate_at=Now())
    # After waiting for locks, which harms nobody; before the commit, in which the process may be frozen.
    moment = awake_clock()
    return [moment if each.delivery.pk in passed else None for each in claims]


def _wait_for_the_disk() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO on")


def _gate_line(claimed: Claimed) -> GateLine:
    day = claimed.delivery.day
    return GateLine(
        key=claimed.delivery.key.hex,
        company=day.store.company.code,
        store=day.store.code,
        day=day.date.isoformat(),
        generation=claimed.delivery.generation,
        fence=claimed.fence,
    )
