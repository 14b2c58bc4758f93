"""連携の一括操作 of days that were chosen in the calendar of 連携状況."""

from datetime import timedelta

import pytest

from closing.trading_day import open_day
from stores.jobs import run_job
from stores.models import Job
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link.models import BulkItem, Delivery
from yayoi_link.states import State

THIRD_DAY = DAY + timedelta(days=2)


@pytest.fixture
def managers(client, manager):
    return sign_in(client, manager)


@pytest.fixture
def three_days(shop, linked, state_dir):
    """A day that never arrived, one that arrived, and one that may have arrived."""
    never = fates.give_up(shop.close(linked))
    arrived = fates.deliver_it(shop.close(linked, NEXT_DAY))
    unknown = fates.ten_minutes_later(fates.meet(shop.close(linked, THIRD_DAY), fates.CUT))
    return [delivery.day_id for delivery in (never, arrived, unknown)]


def choose(browser, act, days, query=""):
    return browser.post(f"/deliveries/bulk/{act}/days/{query}", {"days": days})


def items():
    return list(BulkItem.objects.order_by("pk").values_list("delivery__day", "group", "is_chosen"))


def test_the_chosen_days_and_no_others_are_previewed_with_the_safe_ones_ticked(managers, three_days):
    never, _arrived, unknown = three_days

    page = managers.get(choose(managers, "resend", [unknown, never]).headers["Location"])

    assert items() == [(never, "safe", True), (unknown, "may_double", False)]
    assert "渋谷店 2026/04/01・2026/04/03" in page.content.decode()


def test_whoever_chose_the_days_of_a_ruling_need_not_tick_them_again(managers, three_days):
    choose(managers, "settle", three_days)

    assert items() == [(three_days[2], "ready", True)]


def test_the_chosen_days_are_done_and_the_others_are_left_alone(managers, three_days):
    page = choose(managers, "resend", three_days[:2]).headers["Location"]

    managers.post(f"{page}start/", {"seen": "safe:1"})
    run_job(Job.objects.get().pk)

    assert list(Delivery.objects.order_by("day__date").values_list("state", flat=True)) == [State.PENDING, State.DELIVERED, State.UNKNOWN]


def test_from_the_preview_one_goes_back_to_the_same_calendar(managers, three_days):
    page = managers.get(choose(managers, "resend", three_days, "?month=2026-04&state=unknown").headers["Location"])

    assert 'href="/deliveries/calendar/?month=2026-04&amp;state=unknown"' in page.content.decode()


@pytest.mark.parametrize("days", [[], ["x"], ["99999999999999999999999"], [""]])
def test_days_that_make_no_sense_lead_back_with_a_word(managers, three_days, days):
    response = choose(managers, "resend", days, "?month=2026-04")

    assert (response.headers["Location"], Job.objects.count()) == ("/deliveries/calendar/?month=2026-04", 0)
    assert 'class="notice' in managers.get(response.headers["Location"]).content.decode()


def test_chosen_days_of_which_none_fits_say_so(managers, shop, linked, state_dir):
    opened = open_day(linked, DAY, by=shop.by, today=DAY)

    page = managers.get(choose(managers, "waive", [opened.pk]).headers["Location"])

    assert "選んだ営業日に、この操作ができる連携はありません。" in page.content.decode()


def test_a_whole_month_of_fifty_stores_can_be_sent_off_at_once(managers, three_days):
    assert choose(managers, "resend", three_days + [99_000_000 + number for number in range(50 * 31)]).status_code == 302


def test_days_of_another_company_are_no_choice(client, rival_admin, rival_store, three_days):
    response = choose(sign_in(client, rival_admin), "resend", three_days)

    assert (response.headers["Location"], Job.objects.count()) == ("/deliveries/calendar/?", 0)


def test_days_of_a_store_that_is_not_the_clerks_are_no_choice(client, clerk, shop, kichijoji, three_days):
    Delivery.objects.get(day=three_days[0]).day.store.staff.remove(clerk)

    choose(sign_in(client, clerk), "resend", three_days)

    assert Job.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "act", "status"),
    [("clerk", "resend", 302), ("clerk", "settle", 403), ("clerk", "waive", 403), ("accountant", "resend", 403), ("manager", "x", 404)],
)
def test_who_may_not_act_on_one_may_not_act_on_many(client, request, three_days, role, act, status):
    assert choose(sign_in(client, request.getfixturevalue(role)), act, three_days).status_code == status


def test_looking_at_the_address_does_nothing(managers, three_days):
    assert managers.get("/deliveries/bulk/resend/days/").status_code == 405
