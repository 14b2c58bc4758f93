from datetime import timedelta
from uuid import uuid4

import pytest

from closing.categories import Nature, ReversalReason, SlipKind, TaxCategory
from closing.models import BusinessDay, Slip, SlipSplit
from closing.models.totals import day_figures
from closing.slip_content import PaymentPart, ProblemCode, TaxPart
from closing.slip_corrections import AlreadyCorrected, SlipRefused, black_slip_of, enter_slip, refundable, take_back, what_is_left
from closing.taking_back import TakingBack
from closing.trading_day import RegisterCount, close_day, open_day
from stores.models import AuditEntry, Register
from tests.closing.conftest import DAY, book, sale

TEN, EIGHT = TaxCategory.STANDARD_10, TaxCategory.REDUCED_8
TAXES = (TaxPart(TEN, 1100, 100), TaxPart(EIGHT, 541, 40))


def whole(refunds, reason=ReversalReason.MISTAKE):
    return TakingBack(reason, {TEN: 1100, EIGHT: 541}, refunds)


@pytest.fixture
def original(day, shibuya, by):
    """1,641 yen over two rates, 1,000 of it by card."""
    payments = (PaymentPart("CASH", 641, 1000, 359), PaymentPart("VISA", 1000))
    book(shibuya, sale("1", taxes=TAXES, payments=payments, guests=2, discount=50), by=by)
    return Slip.objects.get()


@pytest.fixture
def taken(original, register, by):
    """Return a function that takes something of the slip back today."""

    def take(taking, **changes):
        place = {"register": register, "business_date": DAY, "form_key": uuid4(), "by": by, "today": DAY}
        return take_back(original, taking, **place | changes)

    return take


def test_a_mistake_taken_back_whole_leaves_nothing_of_the_day(day, taken):
    taken(whole({"CASH": 641, "VISA": 1000}))

    figures = day_figures(BusinessDay.objects.get())
    assert (figures.gross_sales, figures.sales_tax, figures.cash_sales - figures.cash_refunds) == (0, 0, 0)
    assert (figures.slips.guests, figures.slips.discount) == (0, 0)


def test_a_red_slip_has_a_number_of_the_portals_own_series(taken):
    half = TakingBack(ReversalReason.RETURN, {TEN: 550}, {"CASH": 550})

    assert [taken(half).number, taken(half).number] == ["P000001", "P000002"]


def test_a_red_slip_points_at_its_original_and_says_what_it_means(original, taken):
    red = taken(TakingBack(ReversalReason.RETURN, {TEN: 1100}, {"CASH": 1100}))

    assert (red.kind, red.total, red.original_reference) == (SlipKind.REVERSAL, -1100, "0001-1-20260401-1")
    assert Slip.objects.get(pk=red.pk).original == original
    assert list(SlipSplit.objects.filter(slip=red).values_list("nature", "amount", "tax")) == [(Nature.RETURN, -1100, -100)]


def test_partial_red_slips_add_up_to_the_tax_of_the_whole(original, taken):
    for amount in (200, 200, 141):
        taken(TakingBack(ReversalReason.RETURN, {EIGHT: amount}, {"CASH": amount}))

    assert what_is_left(original) == (TaxPart(TEN, 1100, 100), TaxPart(EIGHT, 0, 0))


def test_a_card_sale_may_be_refunded_from_the_drawer(day, original, taken):
    taken(whole({"CASH": 1641}, ReversalReason.RETURN))

    assert day_figures(BusinessDay.objects.get()).cash_refunds == 1641


def test_what_is_left_goes_back_as_it_was_paid(original, taken):
    taken(TakingBack(ReversalReason.RETURN, {TEN: 1100}, {"CASH": 1100}))

    assert refundable(original) == {"CASH": 0, "VISA": 541}


def test_the_same_form_sent_twice_makes_one_red_slip(taken):
    key = uuid4()

    assert taken(whole({"CASH": 1641}), form_key=key) == taken(whole({"CASH": 1641}), form_key=key)
    assert Slip.objects.count() == 2


def test_nobody_takes_back_what_is_taken_back_already(taken):
    taken(whole({"CASH": 1641}))

    with pytest.raises(SlipRefused) as refusal:
        taken(whole({"CASH": 1641}))

    assert [problem.code for problem in refusal.value.problems] == [ProblemCode.MORE_THAN_ORIGINAL]


def test_another_store_refunds_from_its_own_drawer(original, kichijoji, taken, by):
    elsewhere = Register.objects.create(store=kichijoji, number=1)
    open_day(kichijoji, DAY, by=by, today=DAY)

    red = taken(whole({"CASH": 1641}, ReversalReason.RETURN), register=elsewhere)

    assert (red.day.store, red.original_reference) == (kichijoji, "0001-1-20260401-1")
    assert day_figures(red.day).cash_refunds == 1641


def test_a_red_slip_into_a_closed_day_changes_it(day, taken, by):
    close_day(day, counts=[RegisterCount(1, 641, 0)], by=by)

    red = taken(whole({"CASH": 1641}))

    assert BusinessDay.objects.changed_after_close().get() == day
    assert red.is_late


def test_a_mistake_of_yesterday_is_a_reversal_of_its_own(taken, shibuya, by):
    tomorrow = DAY + timedelta(days=1)
    open_day(shibuya, tomorrow, by=by, today=tomorrow)

    red = taken(whole({"CASH": 641, "VISA": 1000}), business_date=tomorrow, today=tomorrow)

    assert set(SlipSplit.objects.filter(slip=red).values_list("nature", flat=True)) == {Nature.EARLIER_MISTAKE}


def test_a_black_slip_follows_a_red_one_once(register, taken, by):
    red = taken(whole({"CASH": 641, "VISA": 1000}))
    place = {"register": register, "by": by, "today": DAY, "corrects": red}

    black = enter_slip(sale("", 1200), form_key=uuid4(), **place)

    assert (black.kind, black.number, black.total) == (SlipKind.CORRECTION, "P000002", 1200)
    assert black_slip_of(red) == black
    with pytest.raises(AlreadyCorrected):
        enter_slip(sale("", 1300), form_key=uuid4(), **place)


def test_a_slip_that_breaks_a_rule_is_refused_and_not_booked(day, register, by):
    with pytest.raises(SlipRefused):
        enter_slip(sale("", method="NONE"), register=register, form_key=uuid4(), by=by, today=DAY)

    assert Slip.objects.count() == 0


def test_who_took_a_slip_back_stands_in_the_history(taken):
    taken(whole({"CASH": 1641}))

    entry = AuditEntry.objects.get(action="SLIP_TAKEN_BACK")
    assert (entry.subject, entry.changes["合計"], entry.changes["元伝票"]) == ("2026-04-01", -1641, "0001-1-20260401-1")
