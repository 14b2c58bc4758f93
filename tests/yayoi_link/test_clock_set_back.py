"""The clock was far ahead, and somebody has set it back: what was written meanwhile lies in the future and stops nothing."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from stores.models import Store
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.conftest import LINK
from tests.yayoi_link.shop import state_of
from yayoi_link.delivery import claim
from yayoi_link.models import Delivery
from yayoi_link.notices import deliveries_in_trouble
from yayoi_link.schedule import GIVES_UP_AFTER, LONGEST_WAIT, MINIMUM_TRIES
from yayoi_link.states import State

AHEAD = timedelta(days=400)
MINUTE = timedelta(minutes=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("state_dir")]


@pytest.fixture
def retried(delivery):
    """It was tried, and waits, all by the clock that was wrong."""
    fates.meet(delivery, fates.NO_NAME)
    Delivery.objects.update(first_tried_at=Now() + AHEAD, due_at=Now() + AHEAD)
    return fates.reread(delivery)


@pytest.fixture
def in_grace(shop, shibuya, register):
    shop.link(shibuya, LINK, grace_minutes=60)
    return shop.close(shibuya)


def kinds(at):
    return [(cause.kind.name, cause.days) for cause in deliveries_in_trouble(Store.objects.all(), at)]


def test_a_retry_further_ahead_than_any_wait_is_due(retried):
    assert claim(retried.pk) is not None


def test_a_retry_within_the_longest_wait_is_not(retried):
    Delivery.objects.update(due_at=Now() + LONGEST_WAIT - MINUTE)

    assert claim(retried.pk) is None


def test_a_grace_further_ahead_than_any_store_may_have_is_over(in_grace):
    assert (claim(in_grace.pk), Delivery.objects.in_grace().count()) == (None, 1)

    Delivery.objects.update(due_at=Now() + timedelta(minutes=61))

    assert Delivery.objects.in_grace().count() == 0
    assert claim(in_grace.pk) is not None


def test_a_grace_that_is_over_keeps_no_other_day_of_a_broken_link_from_being_its_oldest(in_grace):
    waiting = Delivery.objects.waiting_for_link(in_grace.day.store.yayoi_link.url_hash)
    assert not waiting.exists()

    Delivery.objects.update(due_at=Now() + AHEAD)

    assert waiting.get() == in_grace


def test_the_pages_promise_no_try_in_a_far_future(client, clerk, retried):
    browser = sign_in(client, clerk)
    page = f"/deliveries/{retried.pk}/"

    far = browser.get(page).content.decode()
    Delivery.objects.update(due_at=timezone.now() + timedelta(hours=3))
    near = browser.get(page).content.decode()

    assert ("ごろに送り直します" in far, "ごろに送り直します" in near) == (False, True)


def test_the_page_of_a_grace_that_is_over_does_not_say_that_it_waits(client, clerk, in_grace):
    browser = sign_in(client, clerk)
    Delivery.objects.update(due_at=Now() + AHEAD)

    assert "まで送信を待ちます" not in browser.get(f"/deliveries/{in_grace.pk}/").content.decode()


def test_the_72_hours_begin_with_the_first_claim_by_the_right_clock(retried):
    fates.meet(retried, fates.NO_NAME)

    assert abs(fates.reread(retried).first_tried_at - timezone.now()) < MINUTE


def test_automatic_tries_end_all_the_same(retried):
    fates.meet(retried, fates.NO_NAME)
    Delivery.objects.update(first_tried_at=Now() - GIVES_UP_AFTER, tries=MINIMUM_TRIES, due_at=Now() + AHEAD)

    fates.meet(retried, fates.NO_NAME)

    assert state_of(retried) == State.EXHAUSTED


def test_a_first_try_keeps_its_moment_over_later_tries(delivery):
    first = fates.meet(delivery, fates.NO_NAME).first_tried_at
    Delivery.objects.update(due_at=Now())

    assert fates.meet(delivery, fates.NO_NAME).first_tried_at == first


@pytest.mark.parametrize(("ahead", "told"), [(timedelta(minutes=59), []), (AHEAD, [("not_sent", 1)])])
def test_people_are_told_of_what_was_first_tried_in_the_future(retried, ahead, told):
    now = timezone.now()
    Delivery.objects.update(first_tried_at=now + ahead)

    assert kinds(now) == told
