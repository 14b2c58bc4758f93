"""One try of one delivery: claim, gate, send, record. Safety rests on fences and on the gate, never on clocks.

`deliver` may be called twice or not at all by whatever calls it: the row is the truth.
"""

import logging

from yayoi_link import outbound
from yayoi_link.addresses import BadLink
from yayoi_link.claiming import Claimed, claim
from yayoi_link.gate import pass_gate
from yayoi_link.link_secret import KeyUnavailable
from yayoi_link.outbound_settings import outbound_rules
from yayoi_link.recording import record_patiently
from yayoi_link.states import State
from yayoi_link.verdicts import Answer, ErrorCode, Phase

logger = logging.getLogger(__name__)


def deliver(delivery_id: int) -> State | None:
    """Try the delivery once if it is due and free. Returns the state it then has, or None when it was not claimed.

    No exception of the network leaves this function, and no text of one: they name the link.
    """
    claimed = claim(delivery_id)
    return deliver_claimed(claimed) if claimed else None


def deliver_claimed(claimed: Claimed) -> State | None:
    """Send a delivery that was claimed, once, and record what came of it. Returns the state it then has, as `deliver` does."""
    state = record_patiently(claimed, _send(claimed))
    day = claimed.delivery.day
    logger.info(
        "Delivery %s of %s/%s on %s: %s", claimed.delivery.pk, day.store.company.code, day.store.code, day.date, state or "not recorded"
    )
    return state


def _send(claimed: Claimed) -> Answer:
    """Post over the link as it was claimed: one that replaced it since is the next try's."""
    delivery = claimed.delivery
    try:
        link = claimed.link.open_url()
    except BadLink:
        return Answer.bad_link()
    except KeyUnavailable:
        return Answer(phase=Phase.RESOLVE, error=ErrorCode.KEY_UNAVAILABLE)
    return outbound.post(link, bytes(delivery.body), key=delivery.key, gate=lambda: pass_gate(claimed), rules=outbound_rules())
