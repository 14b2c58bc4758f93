"""What happens in shops, and what of it the books say: per key the amount that comes in (positive) or goes out, and the tax in it."""

import dataclasses
import uuid
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from closing.cash_movements import exchange_cash, explain_difference, pick_up_cash
from closing.categories import ReversalReason, SlipKind, TaxCategory
from closing.models import BusinessDay, CashMovement, CashReason, Closing, PaymentMethod, Slip
from closing.month_locks import lock_month
from closing.moving_slips import movable, move_slips
from closing.register_closing import count_register
from closing.register_settlement import RegisterCount
from closing.signals import Wish
from closing.slip_content import OriginalSlip, PaymentPart, TaxPart
from closing.trading_day import AlreadyClosed, cancel_opening, close_again, close_day, open_day, record_movement, set_opening_float
from stores.models import Register
from tests.closing.conftest import DAY, EVENING, book, sale
from yayoi_link.booking import book as journal_of

TOMORROW, NEXT_MONTH = DAY + timedelta(days=1), date(2026, 5, 7)
STANDARD, REDUCED, OUTSIDE = TaxCategory.STANDARD_10, TaxCategory.REDUCED_8, TaxCategory.OUT_OF_SCOPE
KINDS = {"OWN": "OWN_VOUCHER", "SHARED": "SHARED_POINTS", "DEPOSIT": "DEPOSIT", "YAMADA": "ON_ACCOUNT", "EATS": "DELIVERY"}


@pytest.fixture(autouse=True)
def books_add_up(db):
    """Whatever happened, afterwards each yen is where it belongs."""
    yield
    call_command("check_books", stdout=StringIO())


@pytest.fixture
def shop(shibuya, kichijoji, register, methods, company):
    Register.objects.create(store=kichijoji, number=1)
    PaymentMethod.objects.bulk_create(PaymentMethod(company=company, code=code, name=code, kind=kind) for code, kind in KINDS.items())
    return shibuya


def taking_back(number, original, *, reason=ReversalReason.RETURN, store="0001", **changes):
    return sale(number, kind=SlipKind.REVERSAL, original=OriginalSlip(store, 1, *original), reason=reason, **changes)


def close(store, *slips, by, day=DAY):
    """Book the slips and close the day without a count."""
    opened = open_day(store, day, by=by, today=NEXT_MONTH)
    assert set(book(store, *slips, by=by, today=NEXT_MONTH)) <= {"created"}
    return close_day(opened, counts=None, by=by)


def posted(closing):
    """What the journal of the closing says, per key; positive comes in."""
    entries = journal_of(closing.figures, closing.day, revision=closing.revision).entries
    return {entry.key: entry.amount if entry.money_on_debit else -entry.amount for entry in entries}


def taxes(closing):
    return {line.category: line.tax for line in closing.figures.by_category}


def test_a_sale_at_half_past_one_at_night_belongs_to_the_last_day_of_its_month(shop, by):
    last_day = date(2026, 4, 30)

    closing = close(shop, sale("1", business_date=last_day, issued_at=datetime(2026, 4, 30, 16, 30, tzinfo=UTC)), by=by, day=last_day)

    assert (closing.day.date, posted(closing)) == (last_day, {"sales/CASH/STANDARD_10": 1100})
    assert not BusinessDay.objects.filter(date=date(2026, 5, 1)).exists()


def test_a_day_opened_by_mistake_leaves_nothing_behind(shop, by):
    cancel_opening(open_day(shop, TOMORROW, by=by, today=TOMORROW), by=by)

    assert not BusinessDay.objects.exists()


def test_the_next_days_sales_on_a_forgotten_day_move_to_their_own(shop, by):
    day = open_day(shop, DAY, by=by, today=DAY)
    morning = EVENING + timedelta(hours=12)
    book(shop, sale("1"), sale("2", 2200, issued_at=morning), by=by)

    moved_to = move_slips(
        day, since=morning, to=TOMORROW, seen=movable(day, since=morning, to=TOMORROW), reason="閉局忘れ", by=by, today=TOMORROW
    )

    assert [posted(close_day(each, counts=None, by=by)) for each in (day, moved_to)] == [
        {"sales/CASH/STANDARD_10": 1100},
        {"sales/CASH/STANDARD_10": 2200},
    ]


def test_a_day_that_was_closed_under_the_wrong_date_is_reversed_there_and_sold_on_the_right_one(shop, by):
    wrong = close(shop, sale("1"), by=by).day

    right = move_slips(
        wrong, since=None, to=TOMORROW, seen=movable(wrong, since=None, to=TOMORROW), reason="日付違い", by=by, today=TOMORROW
    )
    wrong.refresh_from_db()

    assert posted(close_again(wrong, seen_revision=1, by=by, wish=Wish.NOTHING)) == {}
    assert posted(close_day(right, counts=None, by=by)) == {"sales/CASH/STANDARD_10": 1100}


def test_what_a_register_uploads_for_a_locked_month_stays_out_of_its_books(shop, company, by):
    close(shop, sale("1"), by=by)
    lock_month(company, DAY.replace(day=1), by=by, today=NEXT_MONTH)

    book(shop, sale("2"), by=by, today=NEXT_MONTH)

    assert list(BusinessDay.objects.values_list("slip_count", "sales_total")) == [(1, 1100)]


def test_a_card_registered_twice_is_there_once(shop, by):
    doubled = taking_back("3", (DAY, "2"), amount=-1100, method="VISA", reason=ReversalReason.MISTAKE)

    assert posted(close(shop, sale("1", method="VISA"), sale("2", method="VISA"), doubled, by=by)) == {"sales/VISA/STANDARD_10": 1100}


def test_cash_keyed_as_card_ends_as_card(shop, by):
    red = taking_back("2", (DAY, "1"), amount=-1100, reason=ReversalReason.MISTAKE)
    black = sale("3", method="VISA", kind=SlipKind.CORRECTION, original=OriginalSlip("0001", 1, DAY, "2"))

    closing = close(shop, sale("1"), red, black, by=by)

    assert posted(closing) == {"sales/VISA/STANDARD_10": 1100}
    assert closing.expected_cash == 0


@pytest.mark.parametrize("day", [TOMORROW, NEXT_MONTH], ids=["the next day", "the next month"])
def test_goods_that_come_back_later_are_a_return_of_the_later_day(shop, by, day):
    close(shop, sale("1"), by=by)

    later = close(shop, taking_back("2", (DAY, "1"), amount=-1100, business_date=day), by=by, day=day)

    assert posted(later) == {"returns/CASH/STANDARD_10": -1100}


def test_a_return_at_another_store_takes_its_cash_from_that_store(shop, kichijoji, by):
    close(shop, sale("1"), by=by)

    there = close(kichijoji, taking_back("2", (DAY, "1"), amount=-1100, business_date=TOMORROW), by=by, day=TOMORROW)

    assert (posted(there), there.expected_cash) == ({"returns/CASH/STANDARD_10": -1100}, -1100)


def test_a_slip_comes_back_in_parts_but_never_more_than_whole(shop, by):
    close(shop, sale("1", 2200), by=by)
    parts = [taking_back(number, (DAY, "1"), amount=-1100, business_date=TOMORROW) for number in ("2", "3", "4")]

    assert book(shop, *parts, by=by, today=TOMORROW) == ["created", "created", "invalid"]


def test_a_card_sale_may_be_refunded_in_cash(shop, by):
    close(shop, sale("1", method="VISA"), by=by)

    later = close(shop, taking_back("2", (DAY, "1"), amount=-1100, business_date=TOMORROW), by=by, day=TOMORROW)

    assert (posted(later), later.expected_cash) == ({"returns/CASH/STANDARD_10": -1100}, -1100)


def test_a_day_with_more_refunds_than_sales_is_negative(shop, by):
    close(shop, sale("1", 5500), by=by)
    refund = taking_back("2", (DAY, "1"), amount=-5500, business_date=TOMORROW)

    later = close(shop, sale("3", business_date=TOMORROW), refund, by=by, day=TOMORROW)

    assert (later.sales_total, taxes(later)) == (-4400, {STANDARD: -400})
    assert posted(later) == {"returns/CASH/STANDARD_10": -5500, "sales/CASH/STANDARD_10": 1100}


def test_cash_card_and_voucher_over_two_rates_keep_both_margins(shop, by):
    payments = (PaymentPart("CASH", 333), PaymentPart("VISA", 2000), PaymentPart("GIFT", 1000))

    closing = close(shop, sale("1", taxes=(TaxPart(STANDARD, 2200, 200), TaxPart(REDUCED, 1133, 83)), payments=payments), by=by)

    assert {total.method: total.amount for total in closing.figures.methods} == {"CASH": 333, "VISA": 2000, "GIFT": 1000}
    assert taxes(closing) == {STANDARD: 200, REDUCED: 83}
    assert sum(posted(closing).values()) == 3333


def test_change_on_a_voucher_leaves_the_drawer(shop, by):
    closing = close(shop, sale("1", payments=(PaymentPart("GIFT", 2000), PaymentPart("CASH", -900))), by=by)

    assert closing.expected_cash == -900
    assert posted(closing) == {"sales/GIFT/STANDARD_10": 2000, "sales/CASH/STANDARD_10": -900}


def test_what_a_voucher_without_change_exceeds_the_bill_by_is_income_of_its_own(shop, by):
    closing = close(shop, sale("1", payments=(PaymentPart("GIFT", 1100, tendered=1500, overage=400),)), by=by)

    assert posted(closing) == {"sales/GIFT/STANDARD_10": 1100, "overage/GIFT": 400}


def test_an_own_voucher_is_no_sale_when_sold_and_one_when_used(shop, by):
    sold = close(shop, sale("1", taxes=(TaxPart(TaxCategory.NON_SALES_VOUCHER, 1000, 0),), payments=(PaymentPart("CASH", 1000),)), by=by)
    used = close(shop, sale("2", method="OWN", business_date=TOMORROW), by=by, day=TOMORROW)

    assert (sold.sales_total, posted(sold)) == (0, {"sales/CASH/NON_SALES_VOUCHER": 1000})
    assert (used.sales_total, posted(used)) == (1100, {"sales/OWN/STANDARD_10": 1100})


def test_a_deposit_is_taken_then_applied(shop, by):
    deposit = TaxPart(TaxCategory.NON_SALES_DEPOSIT, 3000, 0)
    taken = close(shop, sale("1", taxes=(deposit,), payments=(PaymentPart("CASH", 3000),)), by=by)
    bill = sale("2", 11_000, payments=(PaymentPart("DEPOSIT", 3000), PaymentPart("CASH", 8000)), business_date=TOMORROW)

    applied = close(shop, bill, by=by, day=TOMORROW)

    assert (taken.sales_total, applied.sales_total) == (0, 11_000)
    assert posted(applied) == {"sales/DEPOSIT/STANDARD_10": 3000, "sales/CASH/STANDARD_10": 8000}


def test_a_forfeited_deposit_is_income_outside_the_tax(shop, by):
    closing = close(shop, sale("1", taxes=(TaxPart(OUTSIDE, 3000, 0),), payments=(PaymentPart("DEPOSIT", 3000),)), by=by)

    assert (posted(closing), taxes(closing)) == ({"sales/DEPOSIT/OUT_OF_SCOPE": 3000}, {OUTSIDE: 0})


def test_a_sale_on_account_is_collected_as_paid_in(shop, register, company, by):
    collected = CashReason.objects.create(
        company=company, code="0009", name="売掛金回収", for_paid_in=True, account="売掛金", sub_account="YAMADA"
    )
    close(shop, sale("1", method="YAMADA"), by=by)
    later = open_day(shop, TOMORROW, by=by, today=TOMORROW)
    movement = record_movement(later, CashMovement(register=register, direction="PAID_IN", reason=collected, amount=1100), by=by)

    closing = close_day(later, counts=None, by=by)

    assert (closing.sales_total, closing.expected_cash, posted(closing)) == (0, 1100, {f"paid_in/{movement.uuid.hex}": 1100})


def test_a_slip_over_nothing_is_counted_and_not_posted(shop, by):
    closing = close(shop, sale("1", taxes=(), payments=()), by=by)

    assert (closing.slip_count, closing.sales_total, posted(closing)) == (1, 0, {})


def test_a_staff_meal_at_half_price_is_taxed_on_what_was_paid(shop, by):
    closing = close(shop, sale("1", 550, discount=550), by=by)

    assert (closing.sales_total, closing.figures.sales_tax, closing.figures.slips.discount) == (550, 50, 550)


def test_a_discount_on_the_whole_bill_lowers_both_rates(shop, by):
    bill = sale("1", taxes=(TaxPart(STANDARD, 990, 90), TaxPart(REDUCED, 972, 72)), payments=(PaymentPart("CASH", 1962),), discount=218)

    closing = close(shop, bill, by=by)

    assert (taxes(closing), closing.figures.slips.discount) == ({STANDARD: 90, REDUCED: 72}, 218)


def test_own_points_are_a_discount_and_shared_points_pay(shop, by):
    shared = sale("2", payments=(PaymentPart("SHARED", 100), PaymentPart("CASH", 1000)))

    closing = close(shop, sale("1", 1000, points=100), shared, by=by)

    assert (closing.figures.slips.points, closing.sales_total) == (100, 2100)
    assert posted(closing) == {"sales/CASH/STANDARD_10": 2000, "sales/SHARED/STANDARD_10": 100}


def test_a_delivery_service_owes_what_it_collected(shop, by):
    delivered = sale("1", taxes=(TaxPart(REDUCED, 1080, 80),), payments=(PaymentPart("EATS", 1080),))

    assert posted(close(shop, delivered, by=by)) == {"sales/EATS/REDUCED_8": 1080}


def test_a_service_charge_is_inside_the_amount(shop, by):
    closing = close(shop, sale("1", 1210, service_charge=110), by=by)

    assert (closing.sales_total, closing.figures.slips.service_charge) == (1210, 110)


def test_a_shortage_that_is_explained_three_days_later_is_cleared_then(shop, register, stationery, by):
    day = open_day(shop, DAY, by=by, today=DAY)
    book(shop, sale("1"), by=by)
    short = close_day(day, counts=[RegisterCount(1, actual_cash=100, carry_over=100)], by=by)
    later = open_day(shop, DAY + timedelta(days=3), by=by, today=NEXT_MONTH)
    cause = CashMovement(uuid=uuid.UUID(int=1), register=register, direction="SHORT_EXPLAINED", reason=stationery, amount=1000)
    cause.explains = day.register_days.get()

    explain_difference(later, cause, by=by)

    assert posted(short)["short"] == -1000
    assert posted(close_day(later, counts=None, by=by)) == {f"short_explained/{cause.uuid.hex}/STANDARD_10": -1000}


def test_a_wrong_float_is_its_own_line_and_no_difference(shop, register, by):
    day = open_day(shop, DAY, by=by, today=DAY)
    set_opening_float(day, register, amount=29_000, by=by)

    closing = close_day(day, counts=[RegisterCount(1, actual_cash=29_000, carry_over=29_000)], by=by)

    assert (closing.figures.float_adjustment, closing.figures.cash_difference, posted(closing)) == (29_000, 0, {})


def test_a_pickup_in_the_middle_of_the_day_leaves_the_drawer_and_no_trace_at_yayoi(shop, register, by):
    day = open_day(shop, DAY, by=by, today=DAY)
    book(shop, sale("1", 55_000), by=by)
    pick_up_cash(day, register, amount=50_000, memo="", key=uuid.UUID(int=1), by=by)

    closing = close_day(day, counts=[RegisterCount(1, actual_cash=5000, carry_over=5000)], by=by)

    assert (closing.figures.cash_difference, posted(closing)) == (0, {"sales/CASH/STANDARD_10": 55_000})


def test_an_exchange_nets_to_zero_and_its_fee_is_an_expense(shop, register, stationery, by):
    day = open_day(shop, DAY, by=by, today=DAY)
    exchange_cash(day, register, amount=10_000, memo="", key=uuid.UUID(int=1), by=by)
    fee = record_movement(day, CashMovement(register=register, direction="PAID_OUT", reason=stationery, amount=550), by=by)

    closing = close_day(day, counts=None, by=by)

    assert (closing.expected_cash, posted(closing)) == (-550, {f"paid_out/{fee.uuid.hex}/STANDARD_10": -550})


def test_a_register_that_uploads_two_days_late_changes_nothing_that_was_sent(shop, by):
    before = close(shop, sale("1"), by=by)
    late = dataclasses.replace(by, at=EVENING + timedelta(days=2))
    book(shop, sale("2"), by=late, today=NEXT_MONTH)
    before.day.refresh_from_db()

    again = close_again(before.day, seen_revision=1, by=late, wish=Wish.NOTHING)

    assert [Closing.objects.get(revision=revision).sales_total for revision in (1, 2)] == [1100, 2200]
    assert (again.day.date, Slip.objects.get(number="2").is_late) == (DAY, True)


def test_the_day_closes_with_the_register_that_closes_last(shop, second_register, by):
    day = open_day(shop, DAY, by=by, today=DAY)
    at_two = dataclasses.replace(by, at=EVENING + timedelta(hours=4))

    first = count_register(day, RegisterCount(1, 0, 0), by=by)
    book(shop, sale("1", register_number=2), by=at_two)
    last = count_register(day, RegisterCount(2, 1100, 1100), by=at_two)

    assert (first, last.closed_at, last.sales_total) == (None, at_two.at, 1100)
    with pytest.raises(AlreadyClosed):
        close_day(day, counts=None, by=by)


@pytest.mark.parametrize(("receipt_date", "share"), [(date(2026, 9, 30), "区分80%"), (date(2026, 10, 1), "区分70%")])
def test_a_receipt_of_two_rates_without_a_number_is_deducted_by_its_date(shop, register, stationery, by, receipt_date, share):
    day = open_day(shop, DAY, by=by, today=DAY)
    bought = CashMovement(register=register, direction="PAID_OUT", reason=stationery, amount=2180, reduced_amount=1080)
    bought.receipt_date = receipt_date
    record_movement(day, bought, by=by)

    closing = close_day(day, counts=None, by=by)
    entries = journal_of(closing.figures, closing.day, revision=1).entries

    assert [(entry.amount, entry.counter.tax_category) for entry in entries] == [
        (1080, f"課対仕入込軽減8%{share}"),
        (1100, f"課対仕入込10%{share}"),
    ]


def test_the_tax_of_a_day_is_that_of_its_receipts_and_not_of_its_total(shop, by):
    closing = close(shop, *(sale(str(number), 105) for number in range(10)), by=by)

    assert (closing.figures.sales_tax, closing.sales_total * 10 // 110) == (90, 95)


def test_a_revision_may_change_nothing_but_the_tax(shop, by):
    first = close(shop, sale("1"), by=by)
    red = taking_back("2", (DAY, "1"), amount=-1100, reason=ReversalReason.MISTAKE)
    black = sale("3", kind=SlipKind.CORRECTION, original=OriginalSlip("0001", 1, DAY, "2"), taxes=(TaxPart(STANDARD, 1100, 99),))
    book(shop, red, black, by=by)
    first.day.refresh_from_db()

    second = close_again(first.day, seen_revision=1, by=by, wish=Wish.NOTHING)

    assert (posted(second), taxes(second)) == (posted(first), {STANDARD: 99})
