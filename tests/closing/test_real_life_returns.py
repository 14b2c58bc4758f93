"""What is taken back in shops, and what the books say of it."""

import pytest

from closing.categories import ReversalReason, SlipKind
from closing.slip_content import OriginalSlip
from closing.trading_day import close_day, open_day
from tests.closing.cases import NEXT_MONTH, STANDARD, TOMORROW, close, posted, taking_back, taxes
from tests.closing.conftest import DAY, book, sale

pytestmark = pytest.mark.usefixtures("books_add_up")


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
    assert posted(close_day(open_day(shop, TOMORROW, by=by, today=TOMORROW), counts=None, by=by)) == {"returns/CASH/STANDARD_10": -2200}


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
