"""What many threads write at the same moment: in one transaction, over one connection, and each for itself where that fails."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection

from tests.yayoi_link.receiver import PATIENCE, Receiver
from tests.yayoi_link.shop import DAY, state_of
from tests.yayoi_link.worker_process import eventually
from yayoi_link import group_commit
from yayoi_link.claiming import claim_all
from yayoi_link.delivery import deliver_claimed
from yayoi_link.group_commit import one_writer, write_together
from yayoi_link.models import Delivery
from yayoi_link.states import State

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("state_dir")]


class Writes:
    """Notes what was written together; the first time, until it is told to go on."""

    def __init__(self, refuses=()):
        self.groups = []
        self.refuses = set(refuses)
        self.has_begun = threading.Event()
        self.may_go_on = threading.Event()

    def __call__(self, items):
        if not self.has_begun.is_set():
            self.has_begun.set()
            assert self.may_go_on.wait(PATIENCE)
        self.groups.append(sorted(items))
        if self.refuses & set(items):
            raise IntegrityError("one of them cannot be written")
        return [item.upper() for item in items]


def write_while_another_is_written(writes, items):
    """Begin to write "first", and bring the items while that lasts. Returns what came of all of them."""
    with one_writer(), ThreadPoolExecutor(len(items) + 1) as threads:
        futures = [threads.submit(write_together, writes, "first")]
        assert writes.has_begun.wait(PATIENCE)
        futures += [threads.submit(write_together, writes, item) for item in items]
        eventually(lambda: group_commit._writer.queue.qsize() == len(items))
        writes.may_go_on.set()
        return [future.exception() or future.result() for future in futures]


def test_without_a_writer_every_thread_writes_for_itself():
    writes = Writes()
    writes.may_go_on.set()

    assert write_together(writes, "alone") == "ALONE"


def test_what_comes_while_another_is_written_is_written_together_and_each_gets_its_own():
    writes = Writes()

    assert write_while_another_is_written(writes, ["second", "third"]) == ["FIRST", "SECOND", "THIRD"]

    assert writes.groups == [["first"], ["second", "third"]]


def test_what_cannot_be_written_fails_alone():
    came_of = write_while_another_is_written(Writes(refuses={"second"}), ["second", "third"])

    assert [str(each) for each in came_of] == ["FIRST", "one of them cannot be written", "THIRD"]


def test_the_writer_writes_what_waits_before_it_ends():
    writes = Writes()
    writes.may_go_on.set()

    with one_writer():
        assert write_together(writes, "last") == "LAST"

    assert writes.groups == [["last"]]


def test_a_delivery_needs_no_connection_of_its_thread(shop):
    """A hundred receivers that hang must not use up what PostgreSQL allows."""

    def refuse_queries(execute, sql, params, many, context):
        raise AssertionError(f"a query in the thread of a delivery: {sql}")

    def deliver_without_database(claimed):
        with connection.execute_wrapper(refuse_queries):
            return deliver_claimed(claimed)

    with Receiver() as receiver, one_writer(), ThreadPoolExecutor(2) as threads:
        deliveries = [shop.close(shop.store(receiver.url(token))) for token in "12"]
        claims = claim_all([delivery.pk for delivery in deliveries])

        assert list(threads.map(deliver_without_database, claims)) == [State.DELIVERED, State.DELIVERED]


def test_gates_that_are_passed_together_are_refused_each_for_its_own_reason(shop):
    with Receiver() as receiver:
        changed, unchanged = (shop.close(shop.store(receiver.url(token)), DAY) for token in "12")
        claims = claim_all([changed.pk, unchanged.pk])
        Delivery.objects.filter(pk=changed.pk).update(fence=7)

        with one_writer(), ThreadPoolExecutor(2) as threads:
            list(threads.map(deliver_claimed, claims))

    assert (state_of(changed), state_of(unchanged)) == (State.CLAIMED, State.DELIVERED)
    assert list(receiver.copies) == [str(unchanged.key)]
