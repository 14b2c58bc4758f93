"""送信猶予: a close that waits before it leaves, so that closing again replaces it while nothing is at Yayoi."""

import json
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from closing.signals import Wish
from closing.trading_day import open_day
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.conftest import LINK
from tests.yayoi_link.receiver import Receiver
from tests.yayoi_link.shop import DAY, NEXT_DAY, state_of
from tests.yayoi_link.test_races import at_once, days
from yayoi_link import rulings
from yayoi_link.delivery import claim, deliver
from yayoi_link.links import LinkEntry, register_links
from yayoi_link.models import Decision, Delivery
from yayoi_link.models.breakers import OPENS_AT
from yayoi_link.rulings import StateChanged
from yayoi_link.states import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("state_dir")]


@pytest.fixture
def waiting(shop, shibuya, register):
    """The first closing of a store that lets its closes wait half an hour."""
    shop.link(shibuya, LINK, grace_minutes=30)
    return shop.close(shibuya)


def end_grace():
    Delivery.objects.update(due_at=Now())


def test_a_close_waits_for_the_grace_of_its_store(waiting):
    expected = timezone.now() + timedelta(minutes=30)

    assert (waiting.state, claim(waiting.pk)) == (State.PENDING, None)
    assert abs(waiting.due_at - expected) < timedelta(minutes=1)


def test_it_leaves_when_the_grace_is_over(waiting):
    end_grace()

    assert claim(waiting.pk) is not None


def test_closing_again_meanwhile_replaces_it_and_waits_anew(waiting, shop):
    newer = shop.close_again(waiting)

    assert (state_of(waiting), newer.state, newer.due_at > waiting.due_at) == (State.SUPERSEDED, State.PENDING, True)


def test_a_correction_that_a_manager_confirms_meanwhile_waits_too(waiting, shop):
    newer = shop.close_again(waiting, wish=Wish.EVERYTHING)

    assert (newer.state, claim(newer.pk)) == (State.PENDING, None)


def test_a_past_day_that_is_sent_again_does_not_wait(waiting, shop):
    end_grace()
    failed = fates.meet(waiting, fates.NO_NAME)

    newer = shop.close_again(failed, wish=Wish.EVERYTHING)

    assert claim(newer.pk) is not None


def test_what_comes_back_unsent_waits_for_its_retry_and_for_no_grace(waiting, shop):
    end_grace()
    failed = fates.meet(waiting, fates.NO_NAME)

    rulings.resend(failed, by=shop.by)

    assert claim(failed.pk) is not None


def test_it_is_sent_at_once_when_a_person_does_not_want_to_wait(waiting, shop, manager):
    rulings.send_now(waiting, by=shop.by)

    assert claim(waiting.pk) is not None
    assert list(waiting.decisions.values_list("kind", "actor", "state_before")) == [(Decision.Kind.SEND_NOW, manager.pk, State.PENDING)]


def test_it_is_sent_at_once_only_once(waiting, shop):
    rulings.send_now(waiting, by=shop.by)

    with pytest.raises(StateChanged):
        rulings.send_now(waiting, by=shop.by)


def test_a_link_that_is_replaced_does_not_end_the_grace(waiting, shop, shibuya):
    shop.link(shibuya, "https://elsewhere.example/link/new", grace_minutes=30)

    assert (state_of(waiting), claim(waiting.pk)) == (State.PENDING, None)


def test_what_waits_keeps_no_other_day_from_trying_a_link_that_has_failed(shop, shibuya, register):
    shop.link(shibuya, LINK)
    failing = shop.close(shibuya, NEXT_DAY)
    for _ in range(OPENS_AT):
        fates.meet(failing, fates.NO_NAME)
        Delivery.objects.update(due_at=Now())
    register_links([LinkEntry(shibuya, is_enabled=True, grace_minutes=30)], by=shop.by)

    older = shop.close(shibuya, DAY)

    assert [pk for pk, *_ in Delivery.objects.next_of_each_link()] == [failing.pk]
    assert older.day.date < failing.day.date


def test_the_page_says_until_when_it_waits(client, waiting, clerk):
    until = f"{timezone.localtime(waiting.due_at):%-H:%M}まで送信を待ちます"

    page = sign_in(client, clerk).get(f"/deliveries/{waiting.pk}/").content.decode()

    assert (until in page, "今すぐ送信" in page, "送信不要" in page) == (True, True, False)


def test_whoever_closes_is_told_before_that_it_will_wait(at_till, shop, waiting, shibuya, clerk):
    open_day(shibuya, NEXT_DAY, by=shop.by, today=NEXT_DAY)
    shop.sell(shibuya, NEXT_DAY, "1")

    page = at_till(clerk).get(f"/register/{NEXT_DAY}/close/").content.decode()

    assert "閉局してから30分間は送信を待ちます。" in page


@pytest.mark.parametrize("is_over", [False, True])
def test_whoever_closes_again_is_told_so_only_while_the_first_close_waits(at_till, waiting, manager, is_over):
    if is_over:
        end_grace()

    page = at_till(manager).get(f"/register/{waiting.day.date}/close-again/").content.decode()

    assert ("閉局してから30分間は送信を待ちます。" in page) is not is_over


def test_when_the_time_has_come_the_page_says_so(client, waiting, clerk):
    end_grace()

    page = sign_in(client, clerk).get(f"/deliveries/{waiting.pk}/").content.decode()

    assert ("まもなく弥生に送ります" in page, "まで送信を待ちます" in page) == (True, False)


def test_a_clerk_sends_it_at_once_from_its_page(client, waiting, clerk):
    response = sign_in(client, clerk).post(f"/deliveries/{waiting.pk}/send-now/")

    assert (response.status_code, claim(waiting.pk) is not None) == (302, True)


def test_at_the_till_the_steps_of_sending_again_end_the_wait(at_till, waiting, clerk):
    browser = at_till(clerk)
    page = browser.get(f"/register/{waiting.day.date}/close-again/").content.decode()

    browser.post(f"/register/{waiting.day.date}/close-again/")

    assert ("待たずに今すぐ送るときは「確定」" in page, claim(waiting.pk) is not None) == (True, True)


@pytest.mark.parametrize(("person", "status"), [("accountant", 403), ("rival_admin", 404)])
def test_others_do_not_send_it(client, request, waiting, person, status):
    response = sign_in(client, request.getfixturevalue(person)).post(f"/deliveries/{waiting.pk}/send-now/")

    assert (response.status_code, claim(waiting.pk)) == (status, None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("day", days())
def test_a_close_that_meets_the_end_of_the_grace_sends_one_of_both_revisions(shop, day):
    with Receiver() as receiver:
        store = shop.store(receiver.url())
        shop.link(store, receiver.url(), grace_minutes=1)
        first = shop.close(store, day)
        end_grace()

        _, second = at_once(lambda: deliver(first.pk), lambda: shop.close_again(first))

    written = [json.loads(posting.body)["batch"]["revision"] for posting in receiver.received]
    assert (written, state_of(first), state_of(second)) in [
        ([1], State.DELIVERED, State.HELD),
        ([], State.SUPERSEDED, State.PENDING),
    ]
