"""The worker as a process: what it picks, in which order, how many at once, and when it refuses to start."""

import json
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from tests.yayoi_link.receiver import PATIENCE, Receiver, acknowledge, refuse
from tests.yayoi_link.shop import DAY, outcomes_of, state_of
from tests.yayoi_link.worker_process import eventually
from yayoi_link.claiming import claim_all
from yayoi_link.delivery import deliver_claimed
from yayoi_link.models import Delivery, WorkerSighting
from yayoi_link.states import State
from yayoi_link.worker import Worker

FRESH, RETRY, BULK = Delivery.Priority

ON_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL takes several workers")
ON_POSTGRESQL = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite takes one worker")


def close_many(shop, receiver, *, stores, days):
    places = [shop.store(receiver.url(f"token-{number}")) for number in range(stores)]
    return [shop.close(place, DAY + timedelta(days=number)) for place in places for number in range(days)]


def every_delivery_has_one_copy(deliveries, receiver):
    states = Counter(Delivery.objects.values_list("state", flat=True))
    return (states, receiver.copies) == (Counter({State.DELIVERED: len(deliveries)}), Counter(str(one.key) for one in deliveries))


@ON_SQLITE
def test_fault_33_two_hundred_deliveries_arrive_once_each_over_one_worker(shop, workers):
    with Receiver() as receiver:
        deliveries = close_many(shop, receiver, stores=25, days=8)

        assert workers.start("--once").exit_code() == 0

        assert every_delivery_has_one_copy(deliveries, receiver)


def when_connected(count):
    """Acknowledge only when so many are connected: more than one worker alone has threads."""

    def behaviour(call):
        eventually(lambda: call.receiver.connections >= count)
        acknowledge(call)

    return behaviour


@ON_POSTGRESQL
def test_fault_33_two_hundred_deliveries_arrive_once_each_over_two_workers(shop, workers):
    with Receiver(when_connected(10)) as receiver:
        deliveries = close_many(shop, receiver, stores=25, days=8)

        both = [workers.start("--once", "--threads", "5"), workers.start("--once", "--threads", "5")]

        assert [worker.exit_code() for worker in both] == [0, 0]
        assert every_delivery_has_one_copy(deliveries, receiver)


@pytest.mark.usefixtures("transactional_db", "state_dir")
def test_fault_33_a_worker_goes_on_until_nothing_is_due_though_another_was_faster_with_all_that_it_had_found(shop, monkeypatch):
    def another_is_faster_at_first(delivery_ids):
        monkeypatch.setattr("yayoi_link.worker.claim_all", claim_all)
        for claimed in claim_all(delivery_ids):
            deliver_claimed(claimed)
        return claim_all(delivery_ids)

    monkeypatch.setattr("yayoi_link.worker.claim_all", another_is_faster_at_first)
    with Receiver() as receiver:
        deliveries = close_many(shop, receiver, stores=2, days=2)

        Worker(threads=4).run(once=True)

        assert every_delivery_has_one_copy(deliveries, receiver)


@ON_SQLITE
def test_fault_33_a_second_worker_refuses_to_start(workers):
    first = workers.start()
    eventually(lambda: "started" in first.text)

    second = workers.start()

    assert second.exit_code() == 1
    assert "すでにワーカーが動いています" in second.text


@ON_SQLITE
def test_a_second_worker_refuses_to_start_by_whatever_path_it_finds_the_database(workers, tmp_path):
    first = workers.start()
    eventually(lambda: "started" in first.text)
    (tmp_path / "link.sqlite3").symlink_to(connection.settings_dict["NAME"])

    second = workers.start(DATABASE_URL=f"sqlite:///{tmp_path / 'link.sqlite3'}", STATE_DIR=str(tmp_path / "another"))

    assert second.exit_code() == 1


@ON_SQLITE
def test_the_lock_of_a_killed_worker_ends_with_it(workers):
    first = workers.start()
    eventually(lambda: "started" in first.text)
    first.kill()

    assert workers.start("--once").exit_code() == 0


def test_a_worker_whose_lease_is_shorter_than_two_deadlines_refuses_to_start(workers):
    worker = workers.start("--skip-checks", DELIVERY_DEADLINE_SECONDS="30", DELIVERY_LEASE_SECONDS="59")

    assert worker.exit_code() == 1
    assert "DELIVERY_LEASE_SECONDS は DELIVERY_DEADLINE_SECONDS の2倍以上" in worker.text


def test_a_worker_without_threads_refuses_to_start(workers):
    assert workers.start("--threads", "0").exit_code() == 1


@pytest.fixture
def without_fsync(transactional_db):
    """A server that says that something is on the disk before it is."""
    set_fsync("OFF")
    yield
    set_fsync("ON")


def set_fsync(value):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SYSTEM SET fsync = {value}")
        cursor.execute("SELECT pg_reload_conf()")
    eventually(lambda: shown("fsync") == value.lower())


def shown(setting):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        return cursor.fetchone()[0]


@ON_POSTGRESQL
@pytest.mark.usefixtures("without_fsync")
def test_a_worker_refuses_to_start_on_a_server_that_does_not_wait_for_the_disk(workers):
    worker = workers.start()

    assert worker.exit_code() == 1
    assert "fsync=off" in worker.text


def test_fault_52_a_receiver_that_hangs_does_not_delay_the_first_try_of_another_store(shop, workers):
    is_over = threading.Event()
    with Receiver(lambda call: is_over.wait(PATIENCE)) as hanging, Receiver() as receiver:
        stuck = shop.close(shop.store(hanging.url()))
        workers.start("--threads", "2")
        eventually(lambda: hanging.connections == 1)

        delivery = shop.close(shop.store(receiver.url()))
        eventually(lambda: state_of(delivery) == State.DELIVERED)

        assert state_of(stuck) == State.SENDING
        is_over.set()


def test_fault_52_many_links_of_one_host_that_hangs_leave_threads_for_the_other_hosts(shop, workers):
    is_over = threading.Event()
    with Receiver(lambda call: is_over.wait(PATIENCE)) as hanging, Receiver() as receiver:
        for number in range(6):
            shop.close(shop.store(hanging.url(f"token-{number}")))
        workers.start("--threads", "4")
        eventually(lambda: hanging.connections == 4)

        delivery = shop.close(shop.store(receiver.url(host="localhost")))
        eventually(lambda: state_of(delivery) == State.DELIVERED)

        assert hanging.connections == 4
        is_over.set()


@pytest.mark.parametrize("priority", [RETRY, BULK], ids=["retries", "bulk"])
def test_fault_62_what_is_not_fresh_leaves_half_of_the_threads_to_closes(shop, workers, priority):
    is_over = threading.Event()
    with Receiver(lambda call: is_over.wait(PATIENCE)) as hanging, Receiver() as receiver:
        for number in range(4):
            shop.close(shop.store(hanging.url(f"{number}")))
        Delivery.objects.update(priority=priority)
        workers.start("--threads", "2")
        eventually(lambda: hanging.connections == 1)

        tonight = shop.close(shop.store(receiver.url()))
        eventually(lambda: state_of(tonight) == State.DELIVERED)

        assert hanging.connections == 1
        is_over.set()


def test_a_link_gets_fresh_closes_first_then_retries_then_bulk_and_in_each_the_oldest_day(shop, workers):
    with Receiver() as receiver:
        store = shop.store(receiver.url())
        for number, priority in [(5, RETRY), (4, BULK), (3, FRESH), (2, RETRY), (1, FRESH), (0, BULK)]:
            delivery = shop.close(store, DAY + timedelta(days=number))
            Delivery.objects.filter(pk=delivery.pk).update(priority=priority)

        assert workers.start("--once", "--threads", "1").exit_code() == 0

    order = [json.loads(posting.body)["batch"]["business_date"][-2:] for posting in receiver.received]
    assert order == ["02", "04", "03", "06", "01", "05"]


def test_a_retry_waits_for_its_time(shop, workers):
    with Receiver(refuse) as receiver:
        delivery = shop.close(shop.store(receiver.url()))

        workers.start("--once").exit_code()
        workers.start("--once").exit_code()

    assert (state_of(delivery), len(receiver.received)) == (State.RETRY_WAIT, 1)


def test_a_retry_is_sent_when_its_time_has_come(shop, workers):
    with Receiver(refuse) as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        workers.start("--once").exit_code()
        receiver.behaviour = acknowledge
        Delivery.objects.update(due_at=Now())

        workers.start("--once").exit_code()

    assert [verdict for _, verdict, _ in outcomes_of(delivery)] == ["REFUSED", "DELIVERED"]


def test_a_worker_is_seen_while_it_lives(workers):
    workers.start()

    eventually(WorkerSighting.any_alive)

    assert WorkerSighting.objects.count() == 1


def test_an_unforeseen_error_ends_one_try_and_not_the_worker(shop, workers):
    with Receiver() as receiver:
        for token in "12":
            shop.close(shop.store(receiver.url(token)))
        worker = workers.start_with_fault("before the record", "ERROR")

        eventually(lambda: Delivery.objects.filter(state=State.DELIVERED).count() == 1)

        assert "unexpected RuntimeError at " in worker.text
        assert (worker.process.poll(), len(receiver.received)) == (None, 2)


def test_the_log_names_the_delivery_and_never_the_link(shop, workers):
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url("s3cr3t-t0k3n-abcd")))
        worker = workers.start("--once")
        worker.exit_code()

    assert f"Delivery {delivery.pk} of 1000/1001 on 2026-04-01: delivered" in worker.text
    assert "s3cr3t" not in worker.text
