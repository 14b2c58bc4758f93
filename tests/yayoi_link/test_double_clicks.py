"""Two clicks in the same moment, as two requests: one acts, the other is told, and there is one generation."""

import pytest

from stores.jobs import run_job
from stores.models import Job
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY
from tests.yayoi_link.test_races import NOWHERE, at_once
from yayoi_link import rulings
from yayoi_link.bulk_preview import BulkAct, preview
from yayoi_link.bulk_rulings import BULK, ChosenMeanwhile, choose, counts_of, start
from yayoi_link.models import BulkItem, Decision, Delivery
from yayoi_link.rulings import StateChanged
from yayoi_link.states import State

CLICKS = 4

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("state_dir")]


def clicked(act, *refusals):
    """Return whether the click acted."""
    try:
        act()
    except refusals:
        return False
    return True


def lost(delivery):
    return fates.ten_minutes_later(fates.meet(delivery, fates.CUT))


RULINGS = [
    (fates.give_up, lambda one, by: rulings.resend(one, by=by), 1),
    (lambda one: fates.meet(one, fates.NOT_FOUND), lambda one, by: rulings.resend_after_no(one, by=by), 2),
    (fates.deliver_it, lambda one, by: rulings.resend_doubled(one, by=by), 2),
    (lost, lambda one, by: rulings.settle(one, was_there=True, reason="あった", by=by), 1),
    (lost, lambda one, by: rulings.settle(one, was_there=False, reason="なかった", by=by), 2),
    (fates.give_up, lambda one, by: rulings.waive(one, reason="不要", by=by), 1),
]


@pytest.mark.parametrize(("fate", "ruling", "generations"), RULINGS, ids=["resend", "after no", "doubled", "found", "not found", "waive"])
def test_fault_46_many_clicks_rule_once(shop, fate, ruling, generations):
    delivery = fate(shop.close(shop.store(NOWHERE)))

    acted = at_once(*[lambda: clicked(lambda: ruling(delivery, shop.by), StateChanged)] * CLICKS)

    assert (sum(acted), Decision.objects.count(), Delivery.objects.count()) == (1, 1, generations)
    assert Delivery.objects.current().count() == 1


def test_many_clicks_release_once(shop):
    store = shop.store(NOWHERE)
    shop.switch_off(store)
    held = shop.close(store)
    shop.link(store, NOWHERE)

    acted = at_once(*[lambda: clicked(lambda: rulings.release(held, by=shop.by), StateChanged)] * CLICKS)

    assert (sum(acted), Decision.objects.count(), fates.reread(held).state) == (1, 1, State.PENDING)


def test_many_clicks_start_an_operation_once_and_many_workers_run_it_once(shop):
    store = shop.store(NOWHERE)
    shop.manager.stores.add(store)
    fates.deliver_it(shop.close(store))
    job = preview(BULK, BulkAct.RESEND, [store], first=DAY, last=DAY, by=shop.by)
    choose(job, BulkItem.objects.all(), is_chosen=True)
    seen = counts_of(job)

    started = at_once(*[lambda: clicked(lambda: start(job, seen=seen, answers={}, by=shop.by), ChosenMeanwhile)] * CLICKS)
    at_once(*[lambda: run_job(job.pk)] * CLICKS)

    assert (sum(started), Job.objects.get().state, Delivery.objects.count()) == (1, Job.State.DONE, 2)
