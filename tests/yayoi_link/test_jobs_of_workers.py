"""Jobs in the hands of real worker processes: killed in the middle, frozen, told to stop."""

import signal
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from stores.models import Job
from tests.yayoi_link import fates
from tests.yayoi_link.receiver import Receiver
from tests.yayoi_link.shop import DAY
from tests.yayoi_link.worker_process import eventually
from yayoi_link.bulk_preview import BulkAct, preview
from yayoi_link.bulk_rulings import BULK, choose, counts_of, start
from yayoi_link.models import BulkItem, Decision, Delivery
from yayoi_link.states import State

STORES, DAYS = 4, 10
MANY = STORES * DAYS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("state_dir")]


@pytest.fixture
def delivered(shop):
    """Forty days that have arrived, of stores whose links are off since."""
    with Receiver() as receiver:
        stores = [shop.store(receiver.url(f"token-{number}")) for number in range(STORES)]
        shop.manager.stores.set(stores)
        days = [shop.close(store, DAY + timedelta(days=number)) for store in stores for number in range(DAYS)]
        for one in days:
            fates.deliver_it(one)
        for store in stores:
            shop.switch_off(store)
        yield stores


def doubling_all(shop, stores):
    job = preview(BULK, BulkAct.RESEND, stores, first=DAY, last=DAY + timedelta(days=DAYS), by=shop.by)
    choose(job, BulkItem.objects.all(), is_chosen=True)
    start(job, seen=counts_of(job), answers={}, by=shop.by)
    return job


def progress():
    return Job.objects.values_list("progress", flat=True).get()


def is_done():
    return Job.objects.get().state == Job.State.DONE


def each_day_was_doubled_once():
    return (Decision.objects.count(), Delivery.objects.filter(generation=2, state=State.HELD).count(), Delivery.objects.count())


def test_fault_48_a_worker_killed_in_the_middle_of_a_job_leaves_it_to_the_next_which_does_nothing_twice(shop, delivered, workers):
    doubling_all(shop, delivered)
    first = workers.start()
    eventually(lambda: progress() > 0)
    first.kill()
    # Nobody waits for the lease of the dead one.
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=Now())

    workers.start()
    eventually(is_done)

    assert each_day_was_doubled_once() == (MANY, MANY, 2 * MANY)


def test_while_the_gate_journal_stops_the_sending_no_job_runs_either(shop, state_dir, workers):
    store = shop.store("http://127.0.0.1:9/link/token")
    shop.manager.stores.add(store)
    fates.deliver_it(shop.close(store))
    doubling_all(shop, [store])
    (state_dir / "gate-journal").unlink()

    workers.start("--once").exit_code()

    assert (Job.objects.get().state, Delivery.objects.count()) == (Job.State.WAITING, 1)


def test_a_worker_told_to_stop_ends_between_two_pieces_and_the_next_goes_on_at_once(shop, delivered, workers):
    doubling_all(shop, delivered)
    first = workers.start()
    eventually(lambda: progress() > 0)
    first.ask_to_stop(signal.SIGTERM)
    assert first.exit_code() == 0

    workers.start("--once").exit_code()

    assert (is_done(), each_day_was_doubled_once()) == (True, (MANY, MANY, 2 * MANY))
