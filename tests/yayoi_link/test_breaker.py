"""After five tries in a row that did not get through, a link is probed by its oldest day only, whichever store it is of."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from tests.yayoi_link.fates import CUT, NO_NAME, REFUSED, acknowledged, meet
from tests.yayoi_link.shop import DAY, NEXT_DAY, state_of
from yayoi_link.link_health import note_check
from yayoi_link.models import Delivery, LinkBreaker, YayoiLink
from yayoi_link.rulings import resend
from yayoi_link.states import State
from yayoi_link.verdicts import Answer, ErrorCode, Phase

LINK = "http://127.0.0.1:9/link/token"
ANOTHER = "http://127.0.0.1:9/link/another"
THIRD_DAY = NEXT_DAY + timedelta(days=1)
CONNECTED = Answer(phase=Phase.GATE, error=ErrorCode.GATE_REFUSED)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("state_dir")]


@pytest.fixture
def store(shop):
    return shop.store(LINK)


def make_due():
    Delivery.objects.filter(state=State.RETRY_WAIT).update(due_at=Now())


def next_ones():
    return list(Delivery.objects.next_of_each_link().values_list("pk", flat=True))


def fail(delivery, times=1, answer=NO_NAME):
    for _ in range(times):
        make_due()
        meet(delivery, answer)


def one_try_later(delivery):
    """The oldest day waits for its next time, the others are due."""
    make_due()
    Delivery.objects.filter(pk=delivery.pk).update(due_at=Now() + timedelta(minutes=5))


def test_after_five_failures_in_a_row_only_the_oldest_day_is_tried(shop, store):
    oldest, newer = shop.close(store, DAY), shop.close(store, NEXT_DAY)
    fail(newer)
    fail(oldest, times=4)

    one_try_later(oldest)
    assert next_ones() == []

    make_due()
    assert next_ones() == [oldest.pk]


def test_after_four_failures_every_day_that_is_due_is_tried(shop, store):
    oldest, newer = shop.close(store, DAY), shop.close(store, NEXT_DAY)
    fail(newer)
    fail(oldest, times=3)

    one_try_later(oldest)

    assert next_ones() == [newer.pk]


def test_fault_60_the_stores_that_share_a_link_share_its_failures(shop, store):
    other_store = shop.store(LINK)
    oldest, newer = shop.close(store, DAY), shop.close(other_store, NEXT_DAY)
    fail(newer)
    fail(oldest, times=4)

    one_try_later(oldest)

    assert next_ones() == []


def test_another_link_is_not_concerned(shop, store):
    broken, elsewhere = shop.close(store, DAY), shop.close(shop.store(ANOTHER), NEXT_DAY)
    fail(elsewhere)
    fail(broken, times=5)

    one_try_later(broken)

    assert next_ones() == [elsewhere.pk]


def test_a_close_is_tried_at_once_and_then_waits_like_the_others(shop, store):
    oldest = shop.close(store, DAY)
    fail(oldest, times=5)
    tonight = shop.close(store, NEXT_DAY)
    assert next_ones() == [tonight.pk]

    meet(tonight, NO_NAME)
    one_try_later(oldest)

    assert next_ones() == []


def test_a_day_sent_again_by_a_person_is_tried_at_once(shop, store):
    oldest, newer = shop.close(store, DAY), shop.close(store, NEXT_DAY)
    fail(newer)
    fail(oldest, times=5)
    one_try_later(oldest)

    resend(Delivery.objects.get(pk=newer.pk), by=shop.by)

    assert next_ones() == [newer.pk]


def test_what_is_sent_again_in_bulk_waits_for_the_oldest_day(shop, store):
    oldest = shop.close(store, DAY)
    fail(oldest, times=5)
    in_bulk = shop.close(store, NEXT_DAY)
    Delivery.objects.filter(pk=in_bulk.pk).update(priority=Delivery.Priority.BULK)

    assert next_ones() == []


@pytest.mark.parametrize("answer", [CUT, REFUSED], ids=["cut", "refused"])
def test_a_try_that_got_through_ends_the_probing_whatever_came_of_it(shop, store, answer):
    oldest, newer, newest = (shop.close(store, day) for day in (DAY, NEXT_DAY, THIRD_DAY))
    fail(newer)
    fail(oldest, times=4)
    meet(newest, answer)

    one_try_later(oldest)

    assert newer.pk in next_ones()


def test_a_delivery_that_arrived_begins_the_count_anew(shop, store):
    oldest = shop.close(store, DAY)
    fail(oldest, times=4)
    tonight = shop.close(store, NEXT_DAY)
    meet(tonight, acknowledged(tonight))

    fail(oldest)

    assert list(LinkBreaker.objects.values_list("not_sent_in_row", flat=True)) == [1]


@pytest.mark.parametrize("error", [ErrorCode.GATE_REFUSED, ErrorCode.KEY_UNAVAILABLE])
def test_what_is_our_own_fault_is_not_counted(shop, store, error):
    meet(shop.close(store), replace(NO_NAME, error=error))

    assert not LinkBreaker.objects.exists()


def test_a_check_that_comes_through_lets_the_oldest_day_be_tried_at_once_and_the_others_when_they_are_due(shop, store):
    oldest, newer = shop.close(store, DAY), shop.close(store, NEXT_DAY)
    fail(newer)
    fail(oldest, times=5)
    one_try_later(oldest)

    note_check(YayoiLink.objects.get(store=store), CONNECTED)

    assert next_ones() == [oldest.pk]
    meet(oldest, acknowledged(oldest))
    assert next_ones() == [newer.pk]


def test_a_check_that_fails_changes_nothing(shop, store):
    oldest = shop.close(store, DAY)
    fail(oldest, times=5)

    note_check(YayoiLink.objects.get(store=store), NO_NAME)

    assert next_ones() == []
    assert state_of(oldest) == State.RETRY_WAIT
