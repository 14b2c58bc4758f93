"""Yesterday's backup comes back, by mistake or after a crash: what it believes to be unsent is not sent again."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from stores.jobs import run_job
from stores.models import Job
from tests.yayoi_link import fates
from tests.yayoi_link.receiver import Receiver
from tests.yayoi_link.shop import DAY, NEXT_DAY, outcomes_of, state_of
from tests.yayoi_link.worker_process import eventually
from yayoi_link import gate_journal
from yayoi_link.bulk_preview import BulkAct, preview, preview_of_rest
from yayoi_link.bulk_rulings import BULK, ITEMS_AT_ONCE, counts_of, start
from yayoi_link.delivery import claim, deliver, deliver_claimed, pass_gate
from yayoi_link.gate_journal import GateLine
from yayoi_link.models import BulkItem, Delivery, JournalledDay
from yayoi_link.outbound import GateRefused
from yayoi_link.restoring import SendingStopped, after_restore, sending_stopped_reason
from yayoi_link.states import HoldReason, State

NOWHERE = "http://127.0.0.1:9/link/token"
# A day that some other database has sent.
STRANGE = GateLine(key="6f2d8a346d0a4b5e8d330c1f0b9d7a11", company="1000", store="1001", day="2026-04-01", generation=1, fence=1)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("state_dir")]


def begun_and_left_by_its_worker(shop):
    """An operation on one day more than its worker came to before it stopped."""
    store = shop.store(NOWHERE)
    shop.manager.stores.add(store)
    for number in range(ITEMS_AT_ONCE + 1):
        fates.give_up(shop.close(store, DAY + timedelta(days=number)))
    operation = preview(BULK, BulkAct.RESEND, [store], first=DAY, last=DAY + timedelta(days=30), by=shop.by)
    start(operation, seen=counts_of(operation), answers={}, by=shop.by)
    is_stopping = iter([False, True])
    run_job(operation.pk, is_stopping=lambda: next(is_stopping))
    return operation


def work_once(workers):
    worker = workers.start("--once")
    assert worker.exit_code() == 0
    return worker.text


def test_fault_54_a_restored_backup_sends_nothing(shop, workers, backup):
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        backup.make()
        deliver(delivery.pk)
        backup.restore()

        log = work_once(workers)

    assert (state_of(delivery), receiver.copies[str(delivery.key)]) == (State.PENDING, 1)
    assert "Nothing is sent: journal_ahead" in log


def test_fault_54_a_backup_restored_under_a_running_worker_sends_nothing(shop, workers, backup):
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        backup.make()
        worker = workers.start()
        eventually(lambda: state_of(delivery) == State.DELIVERED)
        backup.restore()

        eventually(lambda: "Nothing is sent: journal_ahead" in worker.text)

    assert (worker.process.poll(), receiver.copies[str(delivery.key)]) == (None, 1)


def test_fault_54_a_backup_of_the_moment_between_claim_and_gate_sends_nothing_again(shop, workers, backup):
    """The journal is not ahead of it: the claim had raised the fence already, and nothing was sent since."""
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        claimed = claim(delivery.pk)
        backup.make()
        deliver_claimed(claimed)
        backup.restore()
        Delivery.objects.in_flight().update(lease_until=delivery.created_at)

        work_once(workers)

    assert (state_of(delivery), receiver.copies[str(delivery.key)]) == (State.UNKNOWN, 1)


def test_fault_54_after_restore_a_person_looks_at_what_seemed_unsent_and_the_rest_is_sent(shop, workers, backup):
    with Receiver() as receiver:
        store = shop.store(receiver.url())
        delivery = shop.close(store)
        backup.make()
        deliver(delivery.pk)
        backup.restore()

        call_command("after_restore", stdout=StringIO())
        tomorrow = shop.close(store, NEXT_DAY)
        work_once(workers)

    assert (state_of(delivery), state_of(tomorrow)) == (State.UNKNOWN, State.DELIVERED)
    assert receiver.copies == {str(delivery.key): 1, str(tomorrow.key): 1}


def test_fault_54_a_day_that_only_the_journal_knows_is_held_when_it_is_closed_again(shop, workers, backup):
    with Receiver() as receiver:
        store = shop.store(receiver.url())
        backup.make()
        deliver(shop.close(store).pk)
        backup.restore()
        after_restore()

        again = shop.close(store)

    assert (state_of(again), again.hold_reason) == (State.HELD, HoldReason.KNOWN_TO_JOURNAL)


def test_a_running_worker_goes_on_after_after_restore(shop, workers):
    gate_journal.append(STRANGE)
    with Receiver() as receiver:
        store = shop.store(receiver.url())
        worker = workers.start()
        eventually(lambda: "Nothing is sent: journal_ahead" in worker.text)

        after_restore()
        delivery = shop.close(store, NEXT_DAY)

        eventually(lambda: state_of(delivery) == State.DELIVERED)

    assert receiver.copies == {str(delivery.key): 1}


def test_a_copy_of_the_database_without_the_journal_sends_nothing(shop, workers, tmp_path):
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        worker = workers.start("--once", STATE_DIR=str(tmp_path / "elsewhere"))
        worker.exit_code()

    assert (state_of(delivery), receiver.connections) == (State.PENDING, 0)
    assert "Nothing is sent: journal_missing" in worker.text


def test_migrate_makes_no_journal_where_deliveries_exist(shop, state_dir):
    shop.close(shop.store(NOWHERE))
    (state_dir / "gate-journal").unlink()

    call_command("migrate", verbosity=0)

    assert sending_stopped_reason() == SendingStopped.JOURNAL_MISSING


def test_after_restore_makes_a_lost_journal_anew(shop, state_dir):
    delivery = shop.close(shop.store(NOWHERE))
    (state_dir / "gate-journal").unlink()

    assert after_restore() == 1

    assert (state_of(delivery), sending_stopped_reason(thoroughly=True)) == (State.UNKNOWN, None)


def test_a_journal_is_ahead_when_it_names_a_delivery_that_the_database_lacks():
    gate_journal.append(STRANGE)

    assert sending_stopped_reason() == SendingStopped.JOURNAL_AHEAD


def test_a_journal_is_ahead_when_it_names_a_higher_fence(shop):
    delivery = shop.close(shop.store(NOWHERE))
    pass_gate(claim(delivery.pk))
    assert sending_stopped_reason() is None

    Delivery.objects.update(fence=0)

    assert sending_stopped_reason() == SendingStopped.JOURNAL_AHEAD


def test_a_gate_that_was_refused_does_not_put_the_journal_ahead(shop):
    delivery = shop.close(shop.store(NOWHERE))
    claimed = claim(delivery.pk)
    shop.close_again(delivery)

    with pytest.raises(GateRefused):
        pass_gate(claimed)

    assert sending_stopped_reason(thoroughly=True) is None


def test_a_line_far_back_is_found_when_the_whole_journal_is_read(shop):
    delivery = shop.close(shop.store(NOWHERE))
    gate_journal.append(STRANGE)
    sent = GateLine(delivery.key.hex, "1000", "1001", "2026-04-01", 1, 0)
    for _ in range(1000):
        gate_journal.append(sent)

    assert sending_stopped_reason(thoroughly=True) == SendingStopped.JOURNAL_AHEAD


def test_after_restore_lifts_the_fence_above_every_claim_of_before(shop):
    delivery = shop.close(shop.store(NOWHERE))
    gate_journal.append(GateLine(delivery.key.hex, "1000", "1001", "2026-04-01", 1, 7))

    after_restore()

    assert Delivery.objects.get().fence == 7


def test_after_restore_ends_the_operations_that_the_backup_believes_unfinished(shop):
    operation = begun_and_left_by_its_worker(shop)

    after_restore()

    operation.refresh_from_db()
    assert (operation.state, operation.progress, operation.left) == (Job.State.RESTORED, ITEMS_AT_ONCE, 1)
    assert operation.result == {BulkItem.Outcome.DONE: ITEMS_AT_ONCE, "": 1}


def test_after_restore_what_an_operation_has_left_begins_anew_with_what_is_so_now(shop):
    operation = begun_and_left_by_its_worker(shop)
    after_restore()

    rest = preview_of_rest(BULK, operation, by=shop.by)

    assert [(item.delivery.day.date, item.group) for item in BulkItem.objects.of(rest)] == [
        (DAY + timedelta(days=ITEMS_AT_ONCE), BulkItem.Group.MAY_DOUBLE)
    ]


def test_after_restore_forgets_the_previews_that_nobody_has_said_yes_to(shop):
    preview(BULK, BulkAct.RESEND, [shop.store(NOWHERE)], first=NEXT_DAY, last=NEXT_DAY, by=shop.by)

    after_restore()

    assert not Job.objects.exists()


def test_after_restore_remembers_each_day_once():
    gate_journal.append(STRANGE)
    gate_journal.append(STRANGE)

    after_restore()
    after_restore()

    assert [(day.company_code, day.store_code, day.date.isoformat()) for day in JournalledDay.objects.all()] == [
        ("1000", "1001", "2026-04-01")
    ]


@pytest.mark.parametrize("state", [State.HELD, State.PENDING, State.RETRY_WAIT, State.EXHAUSTED, State.REJECTED, State.SENDING])
def test_whatever_looks_unsent_becomes_unknown(shop, state):
    delivery = shop.close(shop.store(NOWHERE))
    reason = HoldReason.LINK_OFF if state == State.HELD else ""
    Delivery.objects.update(state=state, hold_reason=reason)

    after_restore()

    assert state_of(delivery) == State.UNKNOWN


@pytest.mark.parametrize("state", [State.DELIVERED, State.SETTLED, State.WAIVED, State.SUPERSEDED, State.UNVERIFIED])
def test_what_is_known_stays_as_it_is(shop, state):
    delivery = shop.close(shop.store(NOWHERE))
    Delivery.objects.update(state=state)

    after_restore()

    assert (state_of(delivery), outcomes_of(delivery)) == (state, [])
