"""連携の一括操作: what the preview promises, what the job does, and that nothing is done twice."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from closing.signals import Wish
from closing.trading_day import close_day, open_day
from stores.jobs import cancel_job, run_job
from stores.models import AuditEntry, Job, JobFile, Role
from tests.yayoi_link import fates
from tests.yayoi_link.conftest import LINK
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link.bulk_preview import BulkAct, preview
from yayoi_link.bulk_rulings import BULK, ITEMS_AT_ONCE, ChosenMeanwhile, choose, counts_of, rows_that_double, start
from yayoi_link.models import BulkItem, Delivery, YayoiLink
from yayoi_link.states import HoldReason, State

Group, Outcome = BulkItem.Group, BulkItem.Outcome
LAST = DAY + timedelta(days=30)


@pytest.fixture
def bulk(shop):
    """Return a function that makes the preview of an act for a store's days."""

    def make(act, *stores, by=None):
        return preview(BULK, BulkAct(act), stores, first=DAY, last=LAST, by=by or shop.by)

    return make


def confirm(job, shop, **answers):
    start(job, seen=counts_of(job), answers=answers, by=shop.by)


def groups_of(job):
    return list(BulkItem.objects.of(job).order_by("pk").values_list("group", "is_chosen"))


def outcomes_of(job):
    return list(BulkItem.objects.of(job).chosen().order_by("pk").values_list("outcome", flat=True))


def generations():
    return list(Delivery.objects.order_by("day__date", "pk").values_list("generation", "state", "priority"))


def give_up_days(shop, store, days):
    """Days of which surely nothing is at Yayoi, the earliest first."""
    return [fates.give_up(shop.close(store, DAY + timedelta(days=number))) for number in range(days)]


FATES = [
    (fates.give_up, Group.SAFE),
    (lambda one: fates.meet(one, fates.NO_NAME), Group.SAFE),
    (lambda one: fates.meet(one, fates.REFUSED), Group.SAFE),
    (lambda one: fates.meet(one, fates.BLOCKED), Group.SAFE),
    (lambda one: fates.meet(one, fates.NOT_FOUND), Group.MAY_DOUBLE),
    (lambda one: fates.meet(one, fates.CUT), Group.MAY_DOUBLE),
    (lambda one: fates.meet(one, fates.LOGIN_PAGE), Group.MAY_DOUBLE),
    (fates.deliver_it, Group.WILL_DOUBLE),
    (fates.send_it, Group.NOTHING),
    (lambda one: one, Group.NOTHING),
]


@pytest.mark.parametrize(("fate", "group"), FATES)
def test_fault_47_the_preview_says_what_sending_again_would_mean_and_chooses_only_what_is_safe(bulk, delivery, linked, fate, group):
    fate(delivery)

    assert groups_of(bulk("resend", linked)) == [(group, group == Group.SAFE)]


def test_what_was_held_and_is_at_yayoi_unchanged_has_nothing_to_do(bulk, delivery, linked, shop):
    shop.close_again(fates.deliver_it(delivery))

    assert groups_of(bulk("resend", linked)) == [(Group.IDENTICAL, False)]


@pytest.mark.parametrize("wish", [Wish.DIFFERENCE, Wish.NOTHING])
def test_what_was_closed_again_and_is_at_yayoi_unchanged_has_nothing_to_do(bulk, delivery, linked, shop, wish):
    shop.close_again(fates.deliver_it(delivery), wish=wish)

    assert groups_of(bulk("resend", linked)) == [(Group.IDENTICAL, False)]


def test_what_was_closed_again_with_something_new_and_not_sent_is_not_identical(bulk, delivery, linked, shop):
    fates.deliver_it(delivery)
    shop.sell(linked, DAY, "2")
    shop.close_again(delivery, wish=Wish.NOTHING)

    assert groups_of(bulk("resend", linked)) == [(Group.NOTHING, False)]


def test_a_day_without_trade_is_not_identical_to_anything(bulk, linked, shop, state_dir):
    close_day(open_day(linked, DAY, by=shop.by, today=DAY), counts=None, by=shop.by)

    assert groups_of(bulk("resend", linked)) == [(Group.NOTHING, False)]


def test_a_held_decision_over_rows_at_yayoi_will_double(bulk, delivery, linked, shop):
    fates.deliver_it(delivery)
    shop.sell(linked, DAY, "2")
    shop.close_again(delivery)

    job = bulk("resend", linked)

    assert groups_of(job) == [(Group.WILL_DOUBLE, False)]
    choose(job, BulkItem.objects.all(), is_chosen=True)
    assert rows_that_double(job) == (1, 1)


def test_a_day_before_the_start_is_chosen_only_by_a_person(bulk, delivery, linked, shop):
    shop.switch_off(linked)
    shop.link(linked, LINK)
    YayoiLink.objects.update(starts_on=NEXT_DAY)

    assert groups_of(bulk("release", linked)) == [(Group.BEFORE_START, False)]


def test_what_the_person_may_not_do_is_not_offered(bulk, shop, linked, state_dir, clerk):
    delivered, unsent = fates.deliver_it(shop.close(linked)), fates.give_up(shop.close(linked, NEXT_DAY))

    job = bulk("resend", linked, by=type(shop.by)(clerk, shop.by.at))

    assert list(BulkItem.objects.of(job).values_list("delivery", "group").order_by("pk")) == [
        (delivered.pk, Group.NOTHING),
        (unsent.pk, Group.SAFE),
    ]


def test_safe_days_are_sent_again_behind_fresh_closes(bulk, shop, linked, state_dir):
    give_up_days(shop, linked, 2)
    job = bulk("resend", linked)

    confirm(job, shop)
    run_job(job.pk)

    assert (generations(), outcomes_of(job)) == ([(1, State.PENDING, Delivery.Priority.BULK)] * 2, [Outcome.DONE] * 2)
    assert Job.objects.get().result == {Outcome.DONE: 2}


def test_what_changed_since_the_preview_is_skipped_and_said_so(bulk, shop, linked, state_dir):
    changed, _same = give_up_days(shop, linked, 2)
    job = bulk("resend", linked)
    confirm(job, shop)
    Delivery.objects.filter(pk=changed.pk).update(fence=99)

    run_job(job.pk)

    assert outcomes_of(job) == [Outcome.CHANGED, Outcome.DONE]
    assert fates.reread(changed).state == State.EXHAUSTED


def test_fault_48_delivered_days_are_doubled_once_even_if_the_job_runs_twice(bulk, shop, linked, state_dir):
    fates.deliver_it(shop.close(linked))
    job = bulk("resend", linked)
    choose(job, BulkItem.objects.all(), is_chosen=True)
    confirm(job, shop)

    assert [run_job(job.pk), run_job(job.pk)] == ["done", None]
    assert [generation for generation, *_ in generations()] == [1, 2]


def test_fault_48_a_restart_goes_on_and_does_nothing_twice(bulk, shop, linked, state_dir):
    days = give_up_days(shop, linked, ITEMS_AT_ONCE + 1)
    job = bulk("resend", linked)
    confirm(job, shop)
    stopping = iter([False, True])
    run_job(job.pk, is_stopping=lambda: next(stopping))
    first = outcomes_of(job)

    run_job(job.pk)

    assert first == [Outcome.DONE] * ITEMS_AT_ONCE + [""]
    assert [one.decisions.count() for one in days] == [1] * len(days)


def test_a_cancelled_operation_leaves_the_rest_alone(bulk, shop, linked, state_dir):
    give_up_days(shop, linked, ITEMS_AT_ONCE + 1)
    job = bulk("resend", linked)
    confirm(job, shop)
    stopping = iter([False, True])
    run_job(job.pk, is_stopping=lambda: next(stopping))

    cancel_job(job, by=shop.by)
    run_job(job.pk)

    assert Job.objects.get().result == {Outcome.DONE: ITEMS_AT_ONCE, "": 1}


def test_an_operation_is_started_once_and_only_as_it_was_shown(bulk, shop, linked, state_dir):
    give_up_days(shop, linked, 2)
    job = bulk("resend", linked)
    shown = counts_of(job)
    choose(job, BulkItem.objects.filter(delivery__day__date=DAY), is_chosen=False)

    with pytest.raises(ChosenMeanwhile):
        start(job, seen=shown, answers={}, by=shop.by)
    confirm(job, shop)
    with pytest.raises(ChosenMeanwhile):
        confirm(job, shop)
    with pytest.raises(ChosenMeanwhile):
        choose(job, BulkItem.objects.all(), is_chosen=True)


def test_what_cannot_be_acted_on_is_never_chosen(bulk, shop, delivery, linked):
    job = bulk("resend", linked)

    assert choose(job, BulkItem.objects.all(), is_chosen=True) == 0


@pytest.mark.parametrize(
    ("was_there", "states"),
    [(True, [State.SETTLED] * 2), (False, [State.SETTLED, State.PENDING] * 2)],
    ids=["found", "not found"],
)
def test_what_one_outage_made_is_settled_together_with_one_reason(bulk, shop, linked, state_dir, was_there, states):
    days = [fates.ten_minutes_later(fates.meet(shop.close(linked, day), fates.CUT)) for day in (DAY, NEXT_DAY)]
    job = bulk("settle", linked)
    choose(job, BulkItem.objects.all(), is_chosen=True)

    confirm(job, shop, was_there=was_there, reason="回線の障害")
    run_job(job.pk)

    assert [state for _, state, _ in generations()] == states
    assert [one.decisions.get().reason for one in days] == ["回線の障害"] * 2


def test_what_was_sent_just_now_is_not_settled_in_bulk_either(bulk, delivery, linked):
    fates.meet(delivery, fates.CUT)

    assert groups_of(bulk("settle", linked)) == [(Group.TOO_EARLY, False)]


def test_days_that_are_not_to_be_sent_are_waived_together(bulk, shop, linked, state_dir):
    give_up_days(shop, linked, 2)
    job = bulk("waive", linked)
    choose(job, BulkItem.objects.all(), is_chosen=True)

    confirm(job, shop, reason="手入力した")
    run_job(job.pk)

    assert [(one.state, one.decisions.get().reason) for one in Delivery.objects.all()] == [(State.WAIVED, "手入力した")] * 2


def test_held_days_are_released_together_once_the_link_is_on(bulk, shop, linked, state_dir):
    shop.switch_off(linked)
    for day in (DAY, NEXT_DAY):
        shop.close(linked, day)
    shop.link(linked, "https://other.example/2")
    job = bulk("release", linked)

    confirm(job, shop)
    run_job(job.pk)

    assert (outcomes_of(job), [state for _, state, _ in generations()]) == ([Outcome.DONE] * 2, [State.PENDING] * 2)


def test_a_day_before_the_start_goes_out_after_an_explicit_yes(bulk, shop, linked, state_dir):
    YayoiLink.objects.update(starts_on=NEXT_DAY)
    held = shop.close(linked)
    job = bulk("release", linked)
    choose(job, BulkItem.objects.all(), is_chosen=True)

    confirm(job, shop)
    run_job(job.pk)

    assert (held.hold_reason, fates.reread(held).state) == (HoldReason.BEFORE_START, State.PENDING)


def test_what_waits_for_its_link_is_not_offered_yet(bulk, shop, linked, state_dir):
    shop.switch_off(linked)
    shop.close(linked)

    assert groups_of(bulk("release", linked)) == [(Group.STILL_HELD, False)]


def test_what_is_still_held_is_told_with_its_reason(bulk, shop, linked, state_dir):
    shop.switch_off(linked)
    shop.close(linked)
    shop.link(linked, LINK)
    job = bulk("release", linked)
    # Behind the back of the deliveries, as another store's receiver that is gone does it.
    YayoiLink.objects.update(is_enabled=False)

    confirm(job, shop)
    run_job(job.pk)

    assert list(BulkItem.objects.values_list("outcome", "hold_reason")) == [(Outcome.HELD, HoldReason.LINK_OFF)]


def test_who_has_lost_the_right_meanwhile_does_nothing(bulk, shop, linked, manager, state_dir):
    fates.deliver_it(shop.close(linked))
    job = bulk("resend", linked)
    choose(job, BulkItem.objects.all(), is_chosen=True)
    confirm(job, shop)
    manager.role = Role.CLERK
    manager.save()

    run_job(job.pk)

    assert (outcomes_of(job), Delivery.objects.count()) == ([Outcome.NOT_ALLOWED], 1)


def test_who_has_left_the_store_meanwhile_does_nothing(bulk, shop, linked, manager, state_dir):
    give_up_days(shop, linked, 1)
    job = bulk("resend", linked)
    confirm(job, shop)
    manager.stores.remove(linked)

    run_job(job.pk)

    assert outcomes_of(job) == [Outcome.NOT_ALLOWED]


def test_the_result_of_each_day_is_a_file(bulk, shop, linked, state_dir):
    give_up_days(shop, linked, 1)
    job = bulk("resend", linked)
    confirm(job, shop)
    run_job(job.pk)

    assert bytes(JobFile.objects.get().content).decode("utf-8-sig").splitlines() == [
        "営業日,店舗コード,店舗,分類,表示したときの状態,結果,理由,終わったときの状態",
        "2026-04-01,0001,渋谷店,未送信・送信前の失敗,自動再送終了,受け付けました,,送信待ち",
    ]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_starting_is_written_into_the_audit_in_one_language(bulk, shop, linked, state_dir, language):
    give_up_days(shop, linked, 1)

    with translation.override(language):
        confirm(bulk("resend", linked), shop)

    line = AuditEntry.objects.get(action="BULK_STARTED")
    assert (line.subject, line.changes) == ("連携の再実行（一括） 渋谷店 2026/04/01～2026/05/01", {"件数": 1})


def test_a_preview_of_many_days_costs_no_more_queries_than_one(bulk, shop, linked, state_dir):
    def queries():
        with CaptureQueriesContext(connection) as made:
            bulk("resend", linked)
        return len(made)

    give_up_days(shop, linked, 1)
    for_one = queries()
    for number in range(1, 4):
        fates.deliver_it(shop.close(linked, date(2026, 4, 1 + number)))

    assert queries() == for_one
