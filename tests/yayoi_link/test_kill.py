"""Workers that die, freeze and are told to stop, at every point of a delivery: nothing is lost and nothing is doubled."""

import json
import os
import signal
import threading
from collections import Counter

import pytest
from django.db import Error, connection

from tests.yayoi_link.receiver import PATIENCE, Receiver, accept_and_stall, acknowledge, acknowledgement, in_turn, stay_silent
from tests.yayoi_link.shop import NEXT_DAY, outcomes_of, state_of
from tests.yayoi_link.worker_process import SHORT_LEASE, eventually
from yayoi_link.delivery import claim, deliver, pass_gate
from yayoi_link.models import Delivery
from yayoi_link.reaper import reap
from yayoi_link.states import State


def speaking(tls, behaviour):
    """The behaviour after a handshake: for one port that first stalls and later does not."""

    def secured(call):
        with tls.wrap_socket(call.connection, server_side=True) as call.connection:
            behaviour(call)

    return secured


def acknowledge_when(may_answer):
    """Take the posting, and let it wait for its answer."""

    def behaviour(call):
        posting = call.read_posting()
        assert may_answer.wait(PATIENCE)
        call.answer(200, acknowledgement(len(json.loads(posting.body)["transactions"])))

    return behaviour


def copies_of(delivery, receiver):
    return receiver.copies[str(delivery.key)]


def test_fault_27_a_close_that_no_worker_saw_is_sent_after_the_start(shop, workers):
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        workers.start(**SHORT_LEASE)

        eventually(lambda: state_of(delivery) == State.DELIVERED)

    assert receiver.copies == Counter({str(delivery.key): 1})


def test_fault_28_a_worker_killed_before_the_gate_leaves_a_delivery_that_is_sent(shop, workers):
    with Receiver(accept_and_stall) as stalling, Receiver() as receiver:
        store = shop.store(f"https://localhost:{stalling.port}/link/token")
        delivery = shop.close(store)
        killed = workers.start()
        eventually(lambda: stalling.connections == 1 and state_of(delivery) == State.CLAIMED)
        killed.kill()
        Delivery.objects.in_flight().update(lease_until=delivery.created_at)
        workers.start()
        eventually(lambda: outcomes_of(delivery) == [("reaper", "NOT_SENT", "WORKER_GONE")])

        shop.link(store, receiver.url())

        eventually(lambda: state_of(delivery) == State.DELIVERED)

    assert (receiver.copies, stalling.copies) == (Counter({str(delivery.key): 1}), Counter())


def test_fault_29_a_worker_killed_between_gate_and_first_byte_leaves_an_unknown_result(shop, workers):
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        killed = workers.start_with_fault("after the gate", "SIGKILL", **SHORT_LEASE)
        assert killed.exit_code() == -signal.SIGKILL
        assert state_of(delivery) == State.SENDING
        workers.start(**SHORT_LEASE)

        eventually(lambda: state_of(delivery) == State.UNKNOWN)

    assert (receiver.copies, outcomes_of(delivery)) == (Counter(), [("reaper", "UNKNOWN", "WORKER_GONE")])


def test_fault_30_a_worker_killed_before_the_record_leaves_an_unknown_result_and_one_copy(shop, workers):
    with Receiver(in_turn(stay_silent, acknowledge)) as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        killed = workers.start()
        eventually(lambda: receiver.received)
        killed.kill()
        assert state_of(delivery) == State.SENDING
        Delivery.objects.in_flight().update(lease_until=delivery.created_at)
        workers.start(**SHORT_LEASE)

        eventually(lambda: state_of(delivery) == State.UNKNOWN)

    assert copies_of(delivery, receiver) == 1


def test_fault_30_an_answer_that_was_never_recorded_is_not_asked_for_again(shop, workers):
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        killed = workers.start_with_fault("before the record", "SIGKILL", **SHORT_LEASE)
        assert killed.exit_code() == -signal.SIGKILL
        workers.start(**SHORT_LEASE)

        eventually(lambda: state_of(delivery) == State.UNKNOWN)

    assert copies_of(delivery, receiver) == 1


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT], ids=lambda signum: signum.name)
def test_fault_31_a_worker_told_to_stop_finishes_the_try_in_hand_and_begins_no_other(shop, workers, signum):
    may_answer = threading.Event()
    with Receiver(acknowledge_when(may_answer)) as receiver:
        in_hand = shop.close(shop.store(receiver.url("1")))
        worker = workers.start()
        eventually(lambda: receiver.received)
        worker.ask_to_stop(signum)
        later = shop.close(shop.store(receiver.url("2")), NEXT_DAY)
        may_answer.set()

        assert worker.exit_code() == 0

    assert (state_of(in_hand), state_of(later)) == (State.DELIVERED, State.PENDING)
    assert receiver.copies == Counter({str(in_hand.key): 1})


def test_fault_32_a_worker_frozen_past_its_lease_is_refused_by_the_gate(shop, workers, settings):
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        frozen = workers.start_with_fault("before the gate", "SIGSTOP", **SHORT_LEASE)
        eventually(lambda: frozen.is_frozen())
        # Another worker: a second process could not even start on SQLite.
        eventually(reap)
        assert deliver(delivery.pk) == State.DELIVERED
        frozen.thaw()

        eventually(lambda: len(outcomes_of(delivery)) == 3)

    assert receiver.copies == Counter({str(delivery.key): 1})
    assert outcomes_of(delivery) == [
        ("reaper", "NOT_SENT", "WORKER_GONE"),
        ("late", "NOT_SENT", "GATE_REFUSED"),
        ("worker", "DELIVERED", ""),
    ]


def test_fault_59_a_worker_frozen_after_the_gate_writes_nothing_late(shop, workers):
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        frozen = workers.start_with_fault("after the gate", "SIGSTOP", **SHORT_LEASE)
        eventually(lambda: frozen.is_frozen())
        eventually(reap)
        frozen.thaw()

        eventually(lambda: len(outcomes_of(delivery)) == 2)

    assert (receiver.copies, state_of(delivery)) == (Counter(), State.UNKNOWN)


@pytest.fixture
def careless_database(transactional_db):
    """A connection whose commits come back before they are on the disk, unless somebody asks for more."""
    options = connection.settings_dict["OPTIONS"]
    connection.settings_dict["OPTIONS"] = options | {"options": "-c synchronous_commit=off"}
    connection.close()
    yield
    connection.settings_dict["OPTIONS"] = options
    connection.close()


def crash_postgresql():
    """Kill one of its processes: the server gives up all others, forgets its memory, and recovers from the disk.

    A busy server notices late, and answers until then: only when it has given up another connection does it recover.
    """
    other = connection.copy()
    other.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        os.kill(cursor.fetchone()[0], signal.SIGKILL)
    eventually(lambda: is_given_up(other))
    eventually(database_answers)


def is_given_up(other):
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        other.close()
        return True
    return False


def database_answers():
    try:
        connection.close()
        connection.ensure_connection()
    except Error:
        return False
    return True


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that could crash")
@pytest.mark.usefixtures("careless_database", "state_dir")
def test_fault_61_a_gate_that_was_passed_survives_a_crash_of_postgresql(shop):
    delivery = shop.close(shop.store("http://127.0.0.1:9/link/token"))
    claimed = claim(delivery.pk)
    pass_gate(claimed)

    crash_postgresql()

    assert state_of(delivery) == State.SENDING
