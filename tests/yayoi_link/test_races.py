"""Two that want the same row in the same moment: one of both wins, on both databases, and the other knows."""

import contextlib
import json
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from closing.signals import Wish
from tests.yayoi_link.fates import LOGIN_PAGE, NO_NAME, NOT_FOUND, meet, ten_minutes_later
from tests.yayoi_link.receiver import PATIENCE, Receiver
from tests.yayoi_link.shop import DAY, state_of
from yayoi_link import outbound
from yayoi_link.delivery import claim, deliver, pass_gate
from yayoi_link.models import Delivery, YayoiLink
from yayoi_link.outbound import GateRefused
from yayoi_link.outbound_settings import outbound_rules
from yayoi_link.reaper import reap
from yayoi_link.recording import record
from yayoi_link.rulings import StateChanged, resend_after_no, resend_doubled, settle
from yayoi_link.states import State
from yayoi_link.verdicts import Answer, Phase

ROUNDS = 10
NOWHERE = "http://127.0.0.1:9/link/token"
ELSEWHERE = "http://127.0.0.1:9/link/another-token"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("state_dir")]


def at_once(*actions):
    """Run the actions in threads that start together, and return what they return. A little jitter lets each of them win."""
    start = threading.Barrier(len(actions))

    def run(action):
        try:
            start.wait(PATIENCE)
            time.sleep(random.uniform(0, 0.03))
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as threads:
        return [future.result() for future in [threads.submit(run, action) for action in actions]]


def passes_gate(claimed):
    try:
        pass_gate(claimed)
    except GateRefused:
        return False
    return True


def days():
    return [DAY + timedelta(days=number) for number in range(ROUNDS)]


def write(claimed):
    """The rest of a try: connect, ask the gate, send, record."""
    link, body, key = claimed.link.open_url(), bytes(claimed.delivery.body), claimed.delivery.key
    record(claimed, outbound.post(link, body, key=key, gate=lambda: pass_gate(claimed), rules=outbound_rules()))


@pytest.mark.parametrize("day", days())
def test_fault_58_of_two_revisions_that_meet_at_the_gate_exactly_one_is_written(shop, day):
    with Receiver() as receiver:
        first = shop.close(shop.store(receiver.url()), day)
        claimed = claim(first.pk)

        _, second = at_once(lambda: write(claimed), lambda: shop.close_again(first))
        deliver(second.pk)

    written = [json.loads(posting.body)["batch"]["revision"] for posting in receiver.received]
    assert (written, state_of(first), state_of(second)) in [
        ([1], State.DELIVERED, State.HELD),
        ([2], State.SUPERSEDED, State.DELIVERED),
    ]


def test_a_try_that_met_a_closing_revision_before_its_gate_sends_nothing(shop):
    store = shop.store(NOWHERE)
    for day in days():
        first = shop.close(store, day)

        claimed, second = at_once(lambda first=first: claim(first.pk), lambda first=first: shop.close_again(first))

        assert (state_of(first), state_of(second)) == (State.SUPERSEDED, State.PENDING)
        assert not (claimed and passes_gate(claimed))
        deliver_no_more(second)


def test_what_comes_back_unsent_while_everything_is_sent_anew_is_never_left_waiting(shop):
    store = shop.store(NOWHERE)
    for day in days():
        delivery = shop.close(store, day)
        claimed = claim(delivery.pk)
        assert passes_gate(claimed)

        at_once(
            lambda claimed=claimed: record(claimed, NO_NAME), lambda delivery=delivery: shop.close_again(delivery, wish=Wish.EVERYTHING)
        )

        assert state_of(delivery) == State.SUPERSEDED
        deliver_no_more(*Delivery.objects.of_day(delivery.day))


def test_a_link_switched_off_at_the_gate_stops_the_try_or_comes_too_late(shop):
    store = shop.store(NOWHERE)
    for day in days():
        shop.link(store, NOWHERE)
        delivery = shop.close(store, day)
        claimed = claim(delivery.pk)

        passed, _ = at_once(lambda claimed=claimed: passes_gate(claimed), lambda: shop.switch_off(store))

        assert state_of(delivery) == (State.SENDING if passed else State.HELD)
        deliver_no_more(delivery)


def test_a_link_replaced_at_the_gate_stops_the_try_or_comes_too_late(shop):
    store = shop.store(NOWHERE)
    for day in days():
        delivery = shop.close(store, day)
        claimed = claim(delivery.pk)

        passed, _ = at_once(lambda claimed=claimed: passes_gate(claimed), lambda: shop.link(store, ELSEWHERE))

        assert state_of(delivery) == (State.SENDING if passed else State.PENDING)
        deliver_no_more(delivery)


def test_a_delivery_claimed_while_its_link_is_replaced_never_passes_with_the_old_one(shop):
    store = shop.store(NOWHERE)
    for day in days():
        delivery = shop.close(store, day)

        claimed, _ = at_once(lambda delivery=delivery: claim(delivery.pk), lambda: shop.link(store, ELSEWHERE))

        has_new_link = claimed is not None and claimed.link.version == YayoiLink.objects.get(store=store).version
        assert (claimed is not None and passes_gate(claimed)) == has_new_link
        deliver_no_more(delivery)


def test_a_delivery_is_claimed_once(shop):
    store = shop.store(NOWHERE)
    for day in days():
        delivery = shop.close(store, day)

        claims = at_once(*[lambda delivery=delivery: claim(delivery.pk)] * 4)

        assert Counter(claimed is None for claimed in claims) == {True: 3, False: 1}
        deliver_no_more(delivery)


def test_fault_60_two_stores_that_share_a_link_have_one_delivery_in_flight(shop):
    stores = [shop.store(NOWHERE), shop.store(NOWHERE)]
    for day in days():
        deliveries = [shop.close(store, day) for store in stores]

        claims = at_once(*[lambda delivery=delivery: claim(delivery.pk) for delivery in deliveries])

        assert Counter(claimed is None for claimed in claims) == {True: 1, False: 1}
        deliver_no_more(*deliveries)


def test_an_answer_that_meets_the_reaper_is_not_lost(shop):
    store = shop.store(NOWHERE)
    for day in days():
        delivery = shop.close(store, day)
        claimed = claim(delivery.pk)
        assert passes_gate(claimed)
        Delivery.objects.filter(pk=delivery.pk).update(lease_until=Now())

        at_once(lambda claimed=claimed: record(claimed, acknowledged(claimed)), reap)

        assert state_of(delivery) == State.DELIVERED


@pytest.mark.parametrize(
    ("answer", "ruling"),
    [
        (LOGIN_PAGE, lambda delivery, by: settle(delivery, was_there=False, reason="弥生にない", by=by)),
        (LOGIN_PAGE, lambda delivery, by: resend_doubled(delivery, by=by)),
        (NOT_FOUND, lambda delivery, by: resend_after_no(delivery, by=by)),
    ],
    ids=["settle", "resend doubled", "resend after a no"],
)
def test_a_close_never_fails_because_a_person_rules_in_the_same_moment(shop, answer, ruling):
    store = shop.store(NOWHERE)
    for day in days():
        delivery = ten_minutes_later(meet(shop.close(store, day), answer))

        at_once(
            lambda delivery=delivery: rule_or_come_too_late(ruling, delivery, shop.by), lambda delivery=delivery: shop.close_again(delivery)
        )

        assert Delivery.objects.of_day(delivery.day).current().count() == 1
        deliver_no_more(*Delivery.objects.of_day(delivery.day))


def rule_or_come_too_late(ruling, delivery, by):
    with contextlib.suppress(StateChanged):
        ruling(delivery, by)


def acknowledged(claimed):
    body = json.dumps({"received": claimed.delivery.row_count}).encode()
    return Answer(phase=Phase.DONE, passed_gate=True, status=200, body=body, body_all_sent=True, body_complete=True)


def deliver_no_more(*deliveries):
    """Make room for the next round: one delivery in flight per link."""
    ids = [delivery.pk for delivery in deliveries]
    Delivery.objects.filter(pk__in=ids).update(state=State.WAIVED, hold_reason="")
