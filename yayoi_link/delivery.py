"""One try of one delivery: claim, gate, send, record. Safety rests on fences and on the gate, never on clocks.

`deliver` may be called twice or not at all by whatever calls it: the row is the truth.
"""

import logging

from django.conf import settings
from django.db import Error, IntegrityError, connection
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from yayoi_link import gate_journal, outbound
from yayoi_link.addresses import BadLink
from yayoi_link.gate_journal import GateLine, JournalMissing
from yayoi_link.link_secret import KeyUnavailable
from yayoi_link.models import Attempt, Delivery, YayoiLink
from yayoi_link.one_try import awake_clock
from yayoi_link.outbound import GateRefused
from yayoi_link.outbound_settings import outbound_rules
from yayoi_link.recording import Claimed, record_patiently
from yayoi_link.states import CLAIM, PASS_GATE, State
from yayoi_link.verdicts import Answer, ErrorCode, Phase
from yayoi_link.write_turn import short_transaction

logger = logging.getLogger(__name__)


def deliver(delivery_id: int) -> State | None:
    """Try the delivery once if it is due and free. Returns the state it then has, or None when it was not claimed.

    No exception of the network leaves this function, and no text of one: they name the link.
    """
    claimed = claim(delivery_id)
    if claimed is None:
        return None
    state = record_patiently(claimed, _send(claimed))
    day = claimed.delivery.day
    logger.info("Delivery %s of %s/%s on %s: %s", delivery_id, day.store.company.code, day.store.code, day.date, state or "not recorded")
    return state


def claim(delivery_id: int) -> Claimed | None:
    """Take a due delivery by compare-and-set, with a lease and the next fence. None: not due, or something is in flight."""
    try:
        with short_transaction():
            return _claim(Delivery.objects.select_related("day__store__company", "closing").get(pk=delivery_id))
    except IntegrityError:
        return None  # another delivery of the same link is in flight


def _claim(delivery: Delivery) -> Claimed | None:
    link = YayoiLink.objects.select_related("store").get(store=delivery.day.store_id)
    unchanged = YayoiLink.objects.filter(version=link.version, store__days=OuterRef("day"))
    taken = (
        Delivery.objects.filter(Exists(unchanged), pk=delivery.pk, fence=delivery.fence)
        .due()
        .take(
            CLAIM,
            fence=F("fence") + 1,
            tries=F("tries") + 1,
            first_tried_at=Coalesce("first_tried_at", Now()),
            link_version=link.version,
            link_hash=link.url_hash,
            lease_until=Now() + settings.DELIVERY_LEASE,
            gate_at=None,
        )
    )
    if not taken:
        return None
    attempt = Attempt.objects.create(
        delivery=delivery,
        number=delivery.attempts.count() + 1,
        trigger=delivery.trigger,
        actor=delivery.triggered_by,
        fence=delivery.fence + 1,
        link_version=link.version,
        link_shown=link.shown,
        started_at=timezone.now(),
    )
    return Claimed(delivery, attempt, delivery.fence + 1, link)


def _send(claimed: Claimed) -> Answer:
    """Post over the link as it was claimed: one that replaced it since is the next try's."""
    delivery = claimed.delivery
    try:
        link = claimed.link.open_url()
    except BadLink:
        return Answer.bad_link()
    except KeyUnavailable:
        return Answer(phase=Phase.RESOLVE, error=ErrorCode.KEY_UNAVAILABLE)
    _give_connection_back()
    return outbound.post(link, bytes(delivery.body), key=delivery.key, gate=lambda: pass_gate(claimed), rules=outbound_rules())


def pass_gate(claimed: Claimed) -> float:
    """Commit `claimed → sending`, durably, before the first byte leaves. Raises GateRefused: then nothing may leave.

    Returns the moment from which the first byte may be at most a second away, taken before the commit. Reads its own row only.
    Whoever closes a revision or changes the link writes that row too, so that one of both wins.
    """
    try:
        gate_journal.append(_gate_line(claimed))
        with short_transaction(durable=True):
            _wait_for_the_disk()
            own = claimed.own.filter(link_version=claimed.link.version, is_current=True, lease_until__gt=Now())
            passed = own.take(PASS_GATE, gate_at=Now())
            # After waiting for locks, which harms nobody; before the commit, in which the process may be frozen.
            moment = awake_clock()
    except (JournalMissing, OSError, Error):
        raise GateRefused from None
    finally:
        _give_connection_back()
    if not passed:
        raise GateRefused
    return moment


def _give_connection_back() -> None:
    """Hold no connection while waiting for the network: a hundred receivers that hang must not use up what PostgreSQL allows."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        connection.close()


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
