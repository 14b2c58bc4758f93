"""What is written down about a try: in time, late, or by the reaper when the worker is gone."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models.functions import Now

from tests.yayoi_link.fates import CUT, LOGIN_PAGE, NO_NAME, NOT_FOUND, acknowledged, meet, reread
from tests.yayoi_link.shop import outcomes_of, state_of
from yayoi_link.delivery import claim, pass_gate
from yayoi_link.group_commit import write_all_together
from yayoi_link.links import hold_what_waits_for_links_that_are_off
from yayoi_link.models import Attempt, Delivery, Outcome, YayoiLink
from yayoi_link.reaper import reap, reap_everything
from yayoi_link.recording import _record_all, record
from yayoi_link.restoring import after_restore
from yayoi_link.states import HoldReason, State

pytestmark = pytest.mark.django_db


def sent(delivery):
    """A try that is past its gate."""
    claimed = claim(delivery.pk)
    pass_gate(claimed)
    return claimed


def end_leases():
    Delivery.objects.in_flight().update(lease_until=Now())


def test_a_worker_that_died_before_the_gate_leaves_a_delivery_that_is_due(delivery):
    claim(delivery.pk)
    end_leases()

    assert reap() == 1

    assert outcomes_of(delivery) == [("reaper", "NOT_SENT", "WORKER_GONE")]
    assert list(Delivery.objects.next_of_each_link().values_list("pk", flat=True)) == [delivery.pk]


def test_a_worker_that_died_after_the_gate_leaves_an_unknown_result(delivery):
    sent(delivery)
    end_leases()

    assert reap() == 1

    assert (state_of(delivery), outcomes_of(delivery)) == (State.UNKNOWN, [("reaper", "UNKNOWN", "WORKER_GONE")])


def test_a_claim_waits_for_the_journal_when_its_worker_died(delivery, state_dir):
    claim(delivery.pk)
    end_leases()
    (state_dir / "gate-journal").rename(state_dir / "elsewhere")

    assert (reap(), state_of(delivery)) == (0, State.CLAIMED)


@pytest.mark.parametrize("begin", [lambda delivery: claim(delivery.pk), sent], ids=["claimed", "sending"])
def test_a_worker_that_still_has_its_lease_is_left_alone(delivery, begin):
    begin(delivery)

    assert reap() == 0


def test_fault_41_a_lease_that_a_set_clock_has_put_far_ahead_is_over(delivery):
    sent(delivery)
    Delivery.objects.update(lease_until=Now() + timedelta(hours=1))

    assert reap() == 1


def test_the_only_worker_reaps_whatever_its_predecessor_left(delivery):
    sent(delivery)

    assert reap_everything() == 1


def test_the_reaper_keeps_the_fence_and_the_late_answer_finds_its_delivery(delivery):
    claimed = sent(delivery)
    end_leases()
    reap()

    assert record(claimed, acknowledged(delivery)) == State.DELIVERED

    assert outcomes_of(delivery) == [("reaper", "UNKNOWN", "WORKER_GONE"), ("late", "DELIVERED", "")]


@pytest.mark.parametrize(
    ("answer", "state"), [(LOGIN_PAGE, State.UNVERIFIED), (NOT_FOUND, State.REJECTED), (CUT, State.UNKNOWN)], ids=["a page", "no", "cut"]
)
def test_a_late_answer_says_what_an_answer_in_time_would(delivery, answer, state):
    claimed = sent(delivery)
    end_leases()
    reap()

    assert record(claimed, answer) == state


def test_a_late_answer_changes_nothing_that_a_person_has_ruled(delivery):
    claimed = sent(delivery)
    end_leases()
    reap()
    Delivery.objects.update(state=State.SETTLED)

    record(claimed, acknowledged(delivery))

    assert (state_of(delivery), outcomes_of(delivery)[-1]) == (State.SETTLED, ("late", "DELIVERED", ""))


def test_an_answer_that_comes_after_a_restore_is_believed(delivery):
    claimed = sent(delivery)
    after_restore()

    assert record(claimed, acknowledged(delivery)) == State.DELIVERED


def test_an_answer_whose_record_was_committed_unheard_is_recorded_once(delivery):
    claimed = sent(delivery)
    record(claimed, acknowledged(delivery))

    assert record(claimed, acknowledged(delivery)) == State.DELIVERED

    assert outcomes_of(delivery) == [("worker", "DELIVERED", "")]


def record_together(*ended):
    return [written.result() for written in write_all_together(_record_all, ended)]


def test_what_arrives_at_the_same_moment_as_a_refusal_is_recorded_beside_it(shop, delivery):
    other = shop.close(shop.store("https://yayoi.example/link/other"))

    states = record_together((sent(delivery), acknowledged(delivery)), (sent(other), NOT_FOUND))

    assert states == [state_of(delivery), state_of(other)] == [State.DELIVERED, State.REJECTED]
    assert outcomes_of(delivery) + outcomes_of(other) == [("worker", "DELIVERED", ""), ("worker", "REJECTED", "")]


def test_two_tries_of_a_delivery_that_end_at_the_same_moment_are_told_apart(delivery):
    first = claim(delivery.pk)
    end_leases()
    reap()
    second = sent(delivery)

    assert record_together((first, NO_NAME), (second, acknowledged(delivery))) == [State.DELIVERED, State.DELIVERED]

    assert outcomes_of(delivery)[1:] == [("late", "NOT_SENT", "NAME_NOT_FOUND"), ("worker", "DELIVERED", "")]


def test_a_late_answer_whose_record_was_committed_unheard_is_recorded_once(delivery):
    claimed = sent(delivery)
    end_leases()
    reap()
    record(claimed, acknowledged(delivery))

    record(claimed, acknowledged(delivery))

    assert outcomes_of(delivery) == [("reaper", "UNKNOWN", "WORKER_GONE"), ("late", "DELIVERED", "")]


def test_a_delivery_that_another_worker_has_taken_over_is_left_alone(delivery):
    claimed = claim(delivery.pk)
    end_leases()
    reap()
    claim(delivery.pk)

    record(claimed, NO_NAME)

    assert state_of(delivery) == State.CLAIMED


def test_a_worker_that_knows_that_it_wrote_nothing_takes_its_own_gate_back(delivery):
    claimed = sent(delivery)

    assert record(claimed, NO_NAME) == State.RETRY_WAIT

    assert not reread(delivery).passed_gate


@pytest.mark.parametrize(("tries", "hours", "state"), [(4, 73, State.EXHAUSTED), (3, 73, State.RETRY_WAIT), (30, 71, State.RETRY_WAIT)])
def test_automatic_tries_end_after_three_days_and_five_tries(delivery, tries, hours, state):
    Delivery.objects.update(tries=tries, first_tried_at=Now() - timedelta(hours=hours))

    assert meet(delivery, NO_NAME).state == state


def test_every_try_has_its_own_attempt_and_outcome(delivery):
    for _ in range(3):
        meet(delivery, NO_NAME)
        Delivery.objects.update(due_at=Now())

    assert list(Attempt.objects.values_list("number", "fence", "trigger")) == [(1, 1, "close"), (2, 2, "retry"), (3, 3, "retry")]
    assert Outcome.objects.count() == 3


@pytest.mark.parametrize(("model", "field"), [(Attempt, "number"), (Outcome, "duration_ms")])
def test_what_was_written_about_a_try_is_never_changed(delivery, model, field):
    meet(delivery, NO_NAME)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.update(**{field: 9})


def test_a_day_closed_while_its_link_was_switched_off_does_not_wait_in_silence(delivery):
    YayoiLink.objects.update(is_enabled=False)

    assert hold_what_waits_for_links_that_are_off() == 1

    assert (state_of(delivery), reread(delivery).hold_reason) == (State.HELD, HoldReason.LINK_OFF)
