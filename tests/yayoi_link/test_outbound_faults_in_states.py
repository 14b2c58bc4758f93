"""The faults of one try, all the way: what the delivery then is, what is written down, and what it does next by itself."""

from collections import Counter

import pytest
from django.db.models.functions import Now

from closing.models import Closing
from tests.yayoi_link import receiver as behaviours
from tests.yayoi_link.certificates import only_tls_1_0, wanting_a_client_certificate
from tests.yayoi_link.receiver import Receiver, acknowledgement, answering, answering_raw, dripping
from tests.yayoi_link.shop import outcomes_of, state_of
from yayoi_link.delivery import deliver
from yayoi_link.gate import pass_gate
from yayoi_link.models import Attempt, Delivery, YayoiLink
from yayoi_link.states import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("state_dir")]

HTML = {"body": b"<html>", "content_type": "text/html"}
ONE = acknowledgement(1)
EARLY_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n" + ONE


def answer_and_close_before_the_body(call):
    call.answer(200, ONE)
    call.receiver.has_answered.set()
    call.read_header()
    call.reset()


# fault: (what the receiver does, state, verdict, copies at the receiver)
ANSWERED = {
    "12 reset in mid-request": (behaviours.reset_after_header, State.UNKNOWN, "UNKNOWN", 0),
    "13 reset after the body": (behaviours.reset_after_body, State.UNKNOWN, "UNKNOWN", 1),
    "14 closed without an answer": (behaviours.close_after_body, State.UNKNOWN, "UNKNOWN", 1),
    "15 silence": (behaviours.stay_silent, State.UNKNOWN, "UNKNOWN", 1),
    "16 dripping header": (dripping(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500), State.UNKNOWN, "UNKNOWN", 1),
    "17 login page": (answering(200, **HTML), State.UNVERIFIED, "UNVERIFIED", 1),
    "18 no content": (answering(204), State.UNVERIFIED, "UNVERIFIED", 1),
    "19 moved": (answering(301, Location="/elsewhere"), State.REJECTED, "MOVED", 1),
    "20 not found": (answering(404, **HTML), State.REJECTED, "REJECTED", 1),
    "20 gone": (answering(410), State.REJECTED, "REJECTED", 1),
    "21 unauthorized": (answering(401), State.REJECTED, "REJECTED", 1),
    "21 forbidden": (answering(403), State.REJECTED, "REJECTED", 1),
    "22 conflict": (answering(409), State.UNKNOWN, "UNKNOWN", 1),
    "23 own refusal": (answering(429, acknowledgement(0)), State.RETRY_WAIT, "REFUSED", 1),
    "23 bare 429": (answering(429), State.UNKNOWN, "UNKNOWN", 1),
    "24 server error": (answering(500), State.UNKNOWN, "UNKNOWN", 1),
    "24 bad gateway": (answering(502), State.UNKNOWN, "UNKNOWN", 1),
    "24 gateway timeout": (answering(504), State.UNKNOWN, "UNKNOWN", 1),
    "25 own refusal": (answering(503, acknowledgement(0)), State.RETRY_WAIT, "REFUSED", 1),
    "25 bare 503": (answering(503, **HTML), State.UNKNOWN, "UNKNOWN", 1),
    "56 true": (answering(200, b'{"received": true}'), State.UNVERIFIED, "UNVERIFIED", 1),
    "56 text": (answering(200, b'{"received": "1"}'), State.UNVERIFIED, "UNVERIFIED", 1),
    "56 wrong number": (answering(200, acknowledgement(2)), State.UNVERIFIED, "UNVERIFIED", 1),
    "56 twice": (answering(200, b'{"received": 1, "received": 1}'), State.UNVERIFIED, "UNVERIFIED", 1),
    "64 echo": (lambda call: call.answer(404, call.read_posting().path.encode()), State.REJECTED, "REJECTED", 1),
    "acknowledged": (answering_raw(EARLY_ANSWER), State.DELIVERED, "DELIVERED", 1),
}
# fault: what the receiver does with the TLS settings it got; none of it gets as far as a byte of the posting
UNSENT_OVER_TLS = {
    "07 stalled handshake": (behaviours.accept_and_stall, lambda authority: None),
    "08 another authority": (behaviours.acknowledge, lambda authority: type(authority)(authority.folder).context("localhost")),
    "09 another name": (behaviours.acknowledge, lambda authority: authority.context("elsewhere.example")),
    "09 expired": (behaviours.acknowledge, lambda authority: authority.context("localhost", days_left=-1)),
    "10 no TLS": (lambda call: call.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"), lambda authority: None),
    "11 TLS 1.0": (behaviours.acknowledge, lambda authority: only_tls_1_0(authority.context("localhost"))),
}


# These last until the deadline.
LASTING = ("07 ", "15 ", "16 ")


@pytest.fixture(autouse=True)
def trusting_and_impatient(settings, authority, request):
    settings.OUTBOUND_CA_BUNDLE = str(authority.bundle)
    if any(fault in request.node.name for fault in LASTING):
        settings.DELIVERY_DEADLINE /= 10


@pytest.fixture(autouse=True)
def nothing_is_lost_or_doubled():
    """Whatever the fault: no closing without its delivery, and no try without its outcome."""
    yield
    assert Closing.objects.filter(deliveries=None).count() == 0
    assert Attempt.objects.filter(outcomes=None).count() == 0


def try_again_at_once(delivery):
    """What happens next by itself, without the wait."""
    Delivery.objects.filter(pk=delivery.pk).update(due_at=Now())
    YayoiLink.objects.update(delayed_until=None)
    return deliver(delivery.pk)


@pytest.mark.parametrize(("behaviour", "state", "verdict", "copies"), ANSWERED.values(), ids=ANSWERED)
def test_after_a_fault_the_day_is_in_its_state_and_only_an_own_refusal_is_tried_again(shop, behaviour, state, verdict, copies):
    with Receiver(behaviour) as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        came_to = deliver(delivery.pk), [said for _source, said, _error in outcomes_of(delivery)]
        arrived = len(receiver.received)

        receiver.behaviour = behaviours.acknowledge
        again = try_again_at_once(delivery)

    assert (came_to, arrived) == ((state, [verdict]), copies)
    assert again == (State.DELIVERED if state == State.RETRY_WAIT else None)
    assert (receiver.connections, state_of(delivery)) == ((2, State.DELIVERED) if again else (1, state))


@pytest.mark.parametrize(("behaviour", "tls"), UNSENT_OVER_TLS.values(), ids=UNSENT_OVER_TLS)
def test_what_fails_before_the_gate_is_tried_again_and_arrives_once(shop, authority, behaviour, tls):
    with Receiver(behaviour, tls=tls(authority)) as receiver:
        delivery = shop.close(shop.store(f"https://localhost:{receiver.port}/link/token"))
        came_to = deliver(delivery.pk), [said for _source, said, _error in outcomes_of(delivery)]
        arrived = len(receiver.received)

        receiver.behaviour, receiver.tls = behaviours.acknowledge, authority.context("localhost")
        assert try_again_at_once(delivery) == State.DELIVERED

    assert (came_to, arrived) == ((State.RETRY_WAIT, ["NOT_SENT"]), 0)
    assert receiver.copies == Counter({str(delivery.key): 1})


def test_fault_57_a_client_certificate_wanted_after_the_gate_leaves_an_unknown_result(shop, authority):
    with Receiver(tls=wanting_a_client_certificate(authority.context("localhost"))) as receiver:
        delivery = shop.close(shop.store(f"https://localhost:{receiver.port}/link/token"))

        assert deliver(delivery.pk) == State.UNKNOWN

    assert receiver.received == []


def test_fault_55_an_answer_before_the_body_is_never_delivered_and_not_sent_again(shop, monkeypatch):
    with Receiver(answer_and_close_before_the_body) as receiver:
        # Otherwise the body may be out before the receiver's thread has had its turn.
        monkeypatch.setattr("yayoi_link.delivery.pass_gate", lambda claimed: receiver.has_answered.wait(10) and pass_gate(claimed))
        delivery = shop.close(shop.store(receiver.url()))

        assert deliver(delivery.pk) in {State.UNVERIFIED, State.UNKNOWN}
        assert try_again_at_once(delivery) is None

    assert receiver.connections == 1
