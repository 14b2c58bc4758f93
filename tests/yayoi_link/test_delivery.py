"""One try of one delivery against a real receiver, and the gate before its first byte."""

import hashlib
import json
import threading
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone
from time_machine import travel

from tests.yayoi_link.impatient_database import locked_database
from tests.yayoi_link.receiver import Receiver, acknowledgement, answering, in_turn, refuse
from tests.yayoi_link.shop import DAY, NEXT_DAY, outcomes_of, state_of
from yayoi_link import gate_journal
from yayoi_link.claiming import claim, claim_all
from yayoi_link.delivery import deliver
from yayoi_link.gate import pass_gate
from yayoi_link.models import Attempt, Delivery, YayoiLink
from yayoi_link.outbound import GateRefused
from yayoi_link.recording import record_patiently
from yayoi_link.states import HoldReason, State
from yayoi_link.verdicts import Answer, Phase

NOWHERE = "http://127.0.0.1:9/link/token"
ELSEWHERE = "http://127.0.0.1:9/link/another"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("state_dir")]


def due_again(delivery):
    Delivery.objects.filter(pk=delivery.pk).update(due_at=Now())


def test_a_day_is_delivered_with_the_bytes_that_were_frozen(shop):
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url()))

        assert deliver(delivery.pk) == State.DELIVERED

    (posting,) = receiver.received
    assert (posting.body, posting.key) == (bytes(delivery.body), str(delivery.key))
    assert hashlib.sha256(posting.body).hexdigest() == delivery.body_sha256


def test_what_was_delivered_is_not_due_again(shop):
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        deliver(delivery.pk)

        assert deliver(delivery.pk) is None

    assert len(receiver.received) == 1


def test_a_store_shows_when_it_was_delivered_last(shop):
    with Receiver() as receiver:
        store = shop.store(receiver.url())
        deliver(shop.close(store).pk)

    assert YayoiLink.objects.get(store=store).last_delivered_at is not None


def test_fault_05_a_connection_refused_is_tried_again(shop):
    delivery = shop.close(shop.store(NOWHERE))

    assert deliver(delivery.pk) == State.RETRY_WAIT
    assert outcomes_of(delivery) == [("worker", "NOT_SENT", "REFUSED")]


def test_fault_23_the_receivers_own_refusal_waits_as_long_as_it_asks(shop):
    with Receiver(answering(429, acknowledgement(0), retry_after="120")) as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        before = timezone.now()

        assert deliver(delivery.pk) == State.RETRY_WAIT

    assert Delivery.objects.get().due_at >= before + timedelta(seconds=120) - timedelta(milliseconds=1)


def test_fault_23_a_bare_429_is_unknown_and_delays_the_other_days_of_the_link(shop):
    with Receiver(answering(429, retry_after="120")) as receiver:
        store = shop.store(receiver.url())
        first, other = shop.close(store), shop.close(store, NEXT_DAY)

        assert deliver(first.pk) == State.UNKNOWN
        assert deliver(other.pk) is None

    assert (state_of(other), len(receiver.received)) == (State.PENDING, 1)


@pytest.mark.parametrize("status", [301, 400, 401, 404, 422])
def test_fault_20_a_definite_no_is_not_tried_again(shop, status):
    with Receiver(answering(status)) as receiver:
        delivery = shop.close(shop.store(receiver.url()))

        assert deliver(delivery.pk) == State.REJECTED
        assert deliver(delivery.pk) is None


def test_fault_60_a_link_that_is_gone_is_switched_off_for_every_store_that_shares_it(shop):
    with Receiver(answering(410)) as receiver:
        first, second = (shop.close(shop.store(receiver.url())) for _ in range(2))

        deliver(first.pk)

    assert (state_of(first), state_of(second)) == (State.REJECTED, State.HELD)
    assert list(YayoiLink.objects.values_list("is_enabled", flat=True)) == [False, False]


def test_fault_60_a_link_shared_by_two_stores_has_one_delivery_in_flight(shop):
    first, second = (shop.close(shop.store(NOWHERE)) for _ in range(2))

    assert claim(first.pk)
    assert claim(second.pk) is None


def test_of_two_stores_that_share_a_link_one_is_claimed_and_stores_beside_them_too(shop):
    deliveries = [shop.close(shop.store(url)) for url in (NOWHERE, ELSEWHERE, NOWHERE)]

    claims = claim_all([delivery.pk for delivery in deliveries])

    assert [claimed.delivery.pk for claimed in claims] == [deliveries[0].pk, deliveries[1].pk]


def test_what_is_claimed_twice_at_once_is_claimed_once(shop):
    delivery = shop.close(shop.store(NOWHERE))

    assert [len(claim_all([delivery.pk, delivery.pk])), len(claim_all([delivery.pk]))] == [1, 0]


def test_fault_41_a_wish_to_wait_that_a_set_clock_has_put_far_ahead_is_none(shop):
    delivery = shop.close(shop.store(NOWHERE))
    YayoiLink.objects.update(delayed_until=Now() + timedelta(hours=2))

    assert claim(delivery.pk)


def test_an_older_day_that_waits_does_not_block_a_newer_one(shop):
    store = shop.store(NOWHERE)
    older, newer = shop.close(store), shop.close(store, NEXT_DAY)
    deliver(older.pk)

    assert list(Delivery.objects.next_of_each_link().values_list("pk", flat=True)) == [newer.pk]


def test_an_older_unknown_day_does_not_block_a_newer_one(shop):
    with Receiver(in_turn(answering(500), answering(200, acknowledgement(1)))) as receiver:
        store = shop.store(receiver.url())
        older, newer = shop.close(store), shop.close(store, NEXT_DAY)

        assert [deliver(older.pk), deliver(newer.pk)] == [State.UNKNOWN, State.DELIVERED]


def test_fault_42_a_changed_link_is_used_by_the_next_try_and_the_attempt_says_which(shop):
    with Receiver() as receiver:
        store = shop.store(NOWHERE)
        delivery = shop.close(store)
        deliver(delivery.pk)
        shop.link(store, receiver.url())

        assert deliver(delivery.pk) == State.DELIVERED

    assert list(Attempt.objects.values_list("number", "link_version")) == [(1, 1), (2, 2)]


def test_fault_42_a_link_changed_while_claimed_is_refused_by_the_gate(shop):
    store = shop.store(NOWHERE)
    delivery = shop.close(store)
    claimed = claim(delivery.pk)
    shop.link(store, ELSEWHERE)

    with pytest.raises(GateRefused):
        pass_gate(claimed)
    assert state_of(delivery) == State.PENDING


@pytest.mark.parametrize("state", [State.PENDING, State.CLAIMED, State.RETRY_WAIT])
def test_fault_43_switching_a_link_off_holds_what_is_not_past_its_gate(shop, state):
    store = shop.store(NOWHERE)
    delivery = shop.close(store)
    Delivery.objects.update(state=state)

    shop.switch_off(store)

    assert (state_of(delivery), Delivery.objects.get().hold_reason) == (State.HELD, HoldReason.LINK_OFF)


def test_fault_43_a_link_switched_off_while_claimed_is_refused_by_the_gate_and_stays_held(shop):
    store = shop.store(NOWHERE)
    delivery = shop.close(store)
    claimed = claim(delivery.pk)
    shop.switch_off(store)

    with pytest.raises(GateRefused):
        pass_gate(claimed)
    record_patiently(claimed, Answer(phase=Phase.GATE))

    assert state_of(delivery) == State.HELD


def test_fault_45_a_link_that_no_key_opens_holds_the_delivery(shop, settings):
    delivery = shop.close(shop.store(NOWHERE))
    settings.LINK_KEYS = ["another key"]

    assert deliver(delivery.pk) == State.HELD
    assert Delivery.objects.get().hold_reason == HoldReason.KEY_UNAVAILABLE
    assert outcomes_of(delivery) == [("worker", "NOT_SENT", "KEY_UNAVAILABLE")]


def test_a_link_that_the_rules_forbid_now_is_rejected(shop, settings):
    delivery = shop.close(shop.store(NOWHERE))
    settings.OUTBOUND_ALLOW_LOOPBACK = False

    assert deliver(delivery.pk) == State.REJECTED


def test_without_its_journal_the_gate_lets_nothing_pass(shop, state_dir):
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        (state_dir / "gate-journal").unlink()

        assert deliver(delivery.pk) == State.RETRY_WAIT

    assert (receiver.received, outcomes_of(delivery)) == ([], [("worker", "NOT_SENT", "GATE_REFUSED")])


def test_fault_36_with_a_full_disk_the_gate_lets_nothing_pass(shop, state_dir):
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        (state_dir / "gate-journal").unlink()
        (state_dir / "gate-journal").symlink_to("/dev/full")

        assert deliver(delivery.pk) == State.RETRY_WAIT

    assert receiver.received == []


def test_a_gate_is_passed_once(shop):
    claimed = claim(shop.close(shop.store(NOWHERE)).pk)
    pass_gate(claimed)

    with pytest.raises(GateRefused):
        pass_gate(claimed)


def test_a_gate_is_refused_when_the_lease_is_over(shop):
    delivery = shop.close(shop.store(NOWHERE))
    claimed = claim(delivery.pk)
    Delivery.objects.update(lease_until=Now())

    with pytest.raises(GateRefused):
        pass_gate(claimed)
    assert state_of(delivery) == State.CLAIMED


def test_fault_41_a_gate_is_refused_when_a_set_clock_has_put_the_lease_far_ahead(shop):
    claimed = claim(shop.close(shop.store(NOWHERE)).pk)
    Delivery.objects.update(lease_until=Now() + timedelta(hours=1))

    with pytest.raises(GateRefused):
        pass_gate(claimed)


def test_each_passing_of_the_gate_is_in_the_journal_first(shop):
    delivery = shop.close(shop.store(NOWHERE))
    pass_gate(claim(delivery.pk))

    (line,) = gate_journal.lines_since_restore()
    assert (line.key, line.company, line.store, line.day, line.generation, line.fence) == (delivery.key.hex, "1000", "1001", str(DAY), 1, 1)


@pytest.mark.usefixtures("impatient_database")
def test_fault_34_a_database_that_does_not_answer_at_the_gate_lets_nothing_pass(shop, authority, settings):
    settings.OUTBOUND_CA_BUNDLE = str(authority.bundle)
    tls = authority.context("localhost")

    def lock_before_the_handshake(call):
        with locked_database(), tls.wrap_socket(call.connection, server_side=True) as call.connection:
            call.wait_for_the_end()

    with Receiver(lock_before_the_handshake) as receiver:
        delivery = shop.close(shop.store(f"https://localhost:{receiver.port}/link/token"))

        assert deliver(delivery.pk) == State.RETRY_WAIT

    assert outcomes_of(delivery) == [("worker", "NOT_SENT", "GATE_REFUSED")]


@pytest.mark.usefixtures("impatient_database")
def test_fault_35_an_answer_is_kept_until_the_database_takes_it(shop):
    recovers = threading.Event()

    def lock_before_the_answer(call):
        posting = call.read_posting()
        with locked_database():
            call.answer(200, acknowledgement(len(json.loads(posting.body)["transactions"])))
            recovers.wait(0.5)

    with Receiver(lock_before_the_answer) as receiver:
        delivery = shop.close(shop.store(receiver.url()))

        assert deliver(delivery.pk) == State.DELIVERED


def test_fault_41_a_close_by_a_clock_that_is_an_hour_ahead_is_sent_at_once(shop):
    with Receiver() as receiver:
        with travel(timezone.now() + timedelta(hours=1)):
            delivery = shop.close(shop.store(receiver.url()))

        assert deliver(delivery.pk) == State.DELIVERED


def test_a_refusal_is_sent_again_with_the_same_key_and_bytes(shop):
    with Receiver(in_turn(refuse, answering(200, acknowledgement(1)))) as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        deliver(delivery.pk)
        due_again(delivery)

        assert deliver(delivery.pk) == State.DELIVERED

    assert receiver.received[0].body == receiver.received[1].body
    assert receiver.received[0].key == receiver.received[1].key
