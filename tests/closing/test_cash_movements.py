from datetime import timedelta
from uuid import uuid4

import pytest

from closing.cash_movements import (
    MoreThanDifference,
    exchange_cash,
    explain_difference,
    open_difference,
    open_differences,
    pick_up_cash,
    reason_for,
)
from closing.categories import ReasonPurpose
from closing.models import CashMovement, CashReason, RegisterDay
from closing.models.totals import day_figures
from closing.register_closing import recount
from closing.register_settlement import RegisterCount
from closing.signals import Wish
from closing.trading_day import AlreadyRecorded, close_again, close_day, open_day
from tests.closing.conftest import DAY, book, sale

pytestmark = pytest.mark.usefixtures("evening")

TILL = f"/register/{DAY}/"
YESTERDAY = DAY - timedelta(days=1)


@pytest.fixture
def short(shibuya, register, methods, by):
    """Yesterday register 1 was 1,000 yen short, and nobody knew why."""
    yesterday = open_day(shibuya, YESTERDAY, by=by, today=DAY)
    book(shibuya, sale("1", business_date=YESTERDAY), by=by)
    close_day(yesterday, counts=[RegisterCount(1, 100, 0, reason="不明")], by=by)
    return RegisterDay.objects.get(day=yesterday)


def explanation(short, reason, amount=1_000, direction="SHORT_EXPLAINED"):
    return CashMovement(direction=direction, reason=reason, amount=amount, explains=short)


def test_an_exchange_nets_to_zero(day, register, by):
    before = day_figures(day).expected_cash

    exchange_cash(day, register, amount=10_000, memo="千円札へ", key=uuid4(), by=by)

    day.refresh_from_db()
    figures = day_figures(day)
    assert (figures.paid_in, figures.paid_out, figures.expected_cash) == (10_000, 10_000, before)
    assert not CashReason.objects.get(purpose=ReasonPurpose.EXCHANGE).is_sent


def test_an_exchange_sent_twice_is_one(day, register, by):
    key = uuid4()
    exchange_cash(day, register, amount=10_000, memo="", key=key, by=by)

    with pytest.raises(AlreadyRecorded):
        exchange_cash(day, register, amount=10_000, memo="", key=key, by=by)

    assert CashMovement.objects.count() == 2


def test_what_is_picked_up_during_the_day_is_not_expected_any_more(day, register, shibuya, by):
    book(shibuya, sale("1", 50_000), by=by)

    pick_up_cash(day, register, amount=30_000, memo="", key=uuid4(), by=by)

    day.refresh_from_db()
    assert day_figures(day).expected_cash == 20_000


def test_a_shortage_explained_later_moves_no_cash(short, day, stationery, by):
    explain_difference(day, explanation(short, stationery), by=by)

    day.refresh_from_db()
    figures = day_figures(day)
    assert (figures.expected_cash, figures.paid_out, figures.explained) == (0, 0, 1_000)
    assert (figures.movements[0].explains, open_difference(short).difference) == (YESTERDAY, 0)


def test_no_more_is_explained_than_was_short(short, day, stationery, by):
    explain_difference(day, explanation(short, stationery, 400), by=by)

    with pytest.raises(MoreThanDifference):
        explain_difference(day, explanation(short, stationery, 601), by=by)

    assert open_difference(short).difference == -600


@pytest.mark.parametrize(("counted", "left"), [(1_100, 1_000), (1_400, 1_300), (700, 600)])
def test_a_day_closed_again_leaves_what_its_explanation_no_longer_clears(short, day, stationery, by, counted, left):
    explain_difference(day, explanation(short, stationery), by=by)

    recount(short.day, [RegisterCount(1, counted, 0)], seen_revision=1, by=by)
    close_again(short.day, seen_revision=1, by=by, wish=Wish.NOTHING)

    assert open_difference(short).difference == left
    assert [found.difference for found in open_differences(short.day.store, since=YESTERDAY)] == [left]


def test_a_shortage_is_not_explained_as_a_surplus(short, day, stationery, by):
    with pytest.raises(MoreThanDifference):
        explain_difference(day, explanation(short, stationery, direction="OVER_EXPLAINED"), by=by)


def test_cash_that_is_found_again_is_paid_in(short, day, company, by):
    found = explanation(short, reason_for(company, ReasonPurpose.DIFFERENCE), direction="PAID_IN")

    explain_difference(day, found, by=by)

    day.refresh_from_db()
    assert (day_figures(day).paid_in, found.reason.account, open_differences(short.day.store, since=YESTERDAY)) == (1_000, "現金過不足", [])


def test_what_the_portal_books_by_itself_is_not_chosen_by_people(at_till, clerk, day, register, by):
    exchange_cash(day, register, amount=10_000, memo="", key=uuid4(), by=by)

    page = at_till(clerk).get(f"{TILL}movements/new/?direction=PAID_OUT")

    assert list(page.context["form"].fields["reason"].queryset) == []


def test_a_clerk_exchanges_and_picks_up(at_till, clerk, day, register):
    till = at_till(clerk)
    for page in ("exchange", "pickup"):
        till.post(f"{TILL}{page}/", {"uuid": uuid4(), "amount": "１，０００", "register": register.pk})

    moved = CashMovement.objects.values_list("direction", "reason__purpose", "amount")
    assert list(moved) == [("PAID_OUT", "EXCHANGE", 1_000), ("PAID_IN", "EXCHANGE", 1_000), ("PAID_OUT", "PICKUP", 1_000)]


def test_a_manager_explains_a_shortage_with_its_receipt(at_till, manager, short, day, stationery):
    typed = {"uuid": uuid4(), "found": "UNRECORDED", "amount": "1000", "reason": stationery.pk, "memo": "電池", "payee": "道玄坂文具店"}

    at_till(manager).post(f"{TILL}differences/{short.pk}/", typed | {"receipt_date": YESTERDAY, "registered": "NO"})

    movement = CashMovement.objects.get()
    assert (movement.direction, movement.amount, movement.payee, movement.explains) == ("SHORT_EXPLAINED", 1_000, "道玄坂文具店", short)


def test_a_manager_books_cash_that_was_found(at_till, manager, short, day):
    at_till(manager).post(f"{TILL}differences/{short.pk}/", {"uuid": uuid4(), "found": "CASH", "amount": "1000"})

    assert CashMovement.objects.values_list("direction", "reason__account", "amount").get() == ("PAID_IN", "現金過不足", 1_000)


def test_the_list_of_differences_leads_to_each(at_till, manager, short, day):
    page = at_till(manager).get(f"{TILL}differences/").content.decode()

    assert f'href="{TILL}differences/{short.pk}/"' in page
    assert "不足 ¥1,000" in page


def test_a_clerk_does_not_explain_differences(at_till, clerk, short, day):
    assert at_till(clerk).get(f"{TILL}differences/{short.pk}/").status_code == 403


def test_another_stores_difference_is_not_found(at_till, manager, short, kichijoji, by):
    open_day(kichijoji, DAY, by=by, today=DAY)

    assert at_till(manager, kichijoji).get(f"{TILL}differences/{short.pk}/").status_code == 404
