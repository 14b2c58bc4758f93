"""A restored backup knows of the first posting of a day and has lost a later one: nothing of it goes out without the typed word."""

import pytest
from django.urls import reverse

from closing.signals import Wish
from tests.cast import PASSWORD, sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.conftest import LINK
from tests.yayoi_link.shop import DAY, NEXT_DAY, state_of
from yayoi_link.bulk_preview import BulkAct, preview
from yayoi_link.bulk_rulings import BULK
from yayoi_link.models import BulkItem, JournalledDay, YayoiLink
from yayoi_link.outbox import what_holds
from yayoi_link.states import HoldReason, State

WORD = "「重複」と入力してください。"


@pytest.fixture
def managers(client, manager):
    return sign_in(client, manager)


@pytest.fixture
def known_to_journal(delivery):
    """渋谷店's day was delivered; what was sent of it afterwards only the gate journal still knows."""
    sent, store = fates.deliver_it(delivery), delivery.day.store
    JournalledDay.objects.create(company_code=store.company.code, store_code=store.code, date=DAY)
    return sent


@pytest.fixture
def undecided(shop, known_to_journal):
    """Late slips came in again, and the portal asks what to send."""
    shop.sell(known_to_journal.day.store, DAY, "late")
    return shop.close_again(known_to_journal)


def send_difference(browser, held, **typed):
    page = reverse("yayoi_link:send_difference", args=[held.pk])
    seen = browser.get(page).context["form"].shown_now
    return browser.post(page, {"seen": seen, **typed}, follow=True).content.decode()


def test_its_difference_needs_the_typed_word(managers, undecided):
    page = send_difference(managers, undecided)

    assert ("もう弥生にある可能性があります" in page, state_of(undecided)) == (True, State.HELD)


@pytest.mark.parametrize(("typed", "password"), [("はい", PASSWORD), ("重複", "wrong")])
def test_its_difference_needs_the_right_word_and_the_password(managers, undecided, typed, password):
    send_difference(managers, undecided, typed=typed, password=password)

    assert state_of(undecided) == State.HELD


def test_its_difference_goes_out_with_both(managers, undecided):
    send_difference(managers, undecided, typed="重複", password=PASSWORD)

    assert (state_of(undecided), fates.reread(undecided).mode) == (State.PENDING, "difference")


def test_the_difference_of_any_other_day_is_sent_without_a_word(managers, shop, delivery):
    fates.deliver_it(delivery)
    shop.sell(delivery.day.store, DAY, "late")
    held = shop.close_again(delivery)

    send_difference(managers, held)

    assert state_of(held) == State.PENDING


def test_a_difference_chosen_at_the_close_is_held(shop, known_to_journal):
    shop.sell(known_to_journal.day.store, DAY, "late")

    held = shop.close_again(known_to_journal, wish=Wish.DIFFERENCE)

    assert (held.state, held.hold_reason) == (State.HELD, HoldReason.KNOWN_TO_JOURNAL)


def test_that_it_lies_before_the_start_is_not_all_that_holds_it(shop, known_to_journal):
    YayoiLink.objects.update(starts_on=NEXT_DAY)

    assert what_holds(known_to_journal.day) == HoldReason.KNOWN_TO_JOURNAL


@pytest.mark.parametrize("wish", [Wish.SEND, Wish.DIFFERENCE, Wish.EVERYTHING])
def test_in_bulk_it_may_double_however_it_is_to_be_sent(shop, known_to_journal, wish):
    store = known_to_journal.day.store
    shop.manager.stores.add(store)
    shop.sell(store, DAY, "late")
    shop.close_again(known_to_journal, wish=wish)

    preview(BULK, BulkAct.RELEASE, [store], first=DAY, last=DAY, by=shop.by)

    assert list(BulkItem.objects.values_list("group", "is_chosen")) == [(BulkItem.Group.MAY_DOUBLE, False)]


def test_in_bulk_a_day_before_the_start_that_the_journal_knows_may_double(shop, linked, state_dir):
    shop.link(linked, LINK)
    YayoiLink.objects.update(starts_on=NEXT_DAY)
    JournalledDay.objects.create(company_code=linked.company.code, store_code=linked.code, date=DAY)
    shop.close(linked)

    preview(BULK, BulkAct.RELEASE, [linked], first=DAY, last=DAY, by=shop.by)

    assert list(BulkItem.objects.values_list("group", flat=True)) == [BulkItem.Group.MAY_DOUBLE]
