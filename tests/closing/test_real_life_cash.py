"""What happens to the cash of shops, and what the books say of it."""

import uuid
from datetime import date, timedelta

import pytest

from closing.cash_movements import exchange_cash, explain_difference, pick_up_cash
from closing.models import CashMovement
from closing.register_settlement import RegisterCount
from closing.trading_day import close_day, open_day, record_movement, set_opening_float
from tests.closing.cases import NEXT_MONTH, posted
from tests.closing.conftest import DAY, book, sale
from yayoi_link.booking import book as journal_of

pytestmark = pytest.mark.usefixtures("books_add_up")


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


@pytest.mark.parametrize(("receipt_date", "share"), [(date(2026, 9, 30), "区分80%"), (date(2026, 10, 1), "区分70%")])
def test_a_receipt_of_two_rates_without_a_number_is_deducted_by_its_date(shop, register, stationery, by, receipt_date, share):
    day = open_day(shop, receipt_date, by=by, today=receipt_date)
    bought = CashMovement(register=register, direction="PAID_OUT", reason=stationery, amount=2180, reduced_amount=1080)
    bought.receipt_date = receipt_date
    record_movement(day, bought, by=by)

    closing = close_day(day, counts=None, by=by)
    entries = journal_of(closing.figures, closing.day, revision=1).entries

    assert [(entry.amount, entry.counter.tax_category) for entry in entries] == [
        (1080, f"課対仕入込軽減8%{share}"),
        (1100, f"課対仕入込10%{share}"),
    ]
