"""The trading day at its edges, and what the books say of it."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from closing.categories import ReversalReason, SlipKind
from closing.intake import book_slips
from closing.kept_slips import book_kept, discard_kept, keep_refused
from closing.models import BusinessDay, CashMovement, Closing, KeptSlip, Slip
from closing.month_locks import lock_month, unlock_month
from closing.moving_slips import movable, move_slips
from closing.register_closing import count_register
from closing.register_settlement import RegisterCount
from closing.signals import Wish
from closing.slip_content import OriginalSlip, TaxPart
from closing.slip_corrections import SlipRefused
from closing.trading_day import AlreadyClosed, cancel_opening, close_again, close_day, open_day, record_movement
from tests.closing.cases import NEXT_MONTH, STANDARD, TOMORROW, close, posted, taking_back, taxes
from tests.closing.conftest import DAY, EVENING, book, sale

pytestmark = pytest.mark.usefixtures("books_add_up")


def test_a_sale_at_half_past_one_at_night_belongs_to_the_last_day_of_its_month(shop, by):
    last_day = date(2026, 4, 30)

    closing = close(shop, sale("1", business_date=last_day, issued_at=datetime(2026, 4, 30, 16, 30, tzinfo=UTC)), by=by, day=last_day)

    assert (closing.day.date, posted(closing)) == (last_day, {"sales/CASH/STANDARD_10": 1100})
    assert not BusinessDay.objects.filter(date=date(2026, 5, 1)).exists()


def test_a_day_opened_by_mistake_leaves_nothing_behind(shop, by):
    cancel_opening(open_day(shop, TOMORROW, by=by, today=TOMORROW), by=by)

    assert not BusinessDay.objects.exists()


def test_the_next_days_sales_on_a_forgotten_day_move_to_their_own(shop, register, stationery, by):
    day = open_day(shop, DAY, by=by, today=DAY)
    morning = EVENING + timedelta(hours=12)
    book(shop, sale("1"), sale("2", 2200, issued_at=morning), by=by)
    in_the_morning = dataclasses.replace(by, at=morning)
    paid = record_movement(day, CashMovement(register=register, direction="PAID_OUT", reason=stationery, amount=880), by=in_the_morning)

    seen = movable(day, since=morning, to=TOMORROW)
    moved_to = move_slips(day, since=morning, to=TOMORROW, seen=seen, reason="閉局忘れ", by=by, today=TOMORROW)
    forgotten = close_day(day, counts=None, by=by)
    next_day = close_day(moved_to, counts=[RegisterCount(1, actual_cash=2420, carry_over=0)], by=by)

    assert posted(forgotten) == {"sales/CASH/STANDARD_10": 1100}
    assert posted(next_day) == {"sales/CASH/STANDARD_10": 2200, f"paid_out/{paid.uuid.hex}/STANDARD_10": -880}
    assert next_day.cash_difference == 0


def test_a_day_that_was_closed_under_the_wrong_date_is_reversed_there_and_sold_on_the_right_one(shop, by):
    wrong = open_day(shop, DAY, by=by, today=TOMORROW)
    book(shop, sale("1"), by=by)
    close_day(wrong, counts=[RegisterCount(1, actual_cash=1090, carry_over=0)], by=by)
    wrong.refresh_from_db()

    seen = movable(wrong, since=None, to=TOMORROW)
    right = move_slips(wrong, since=None, to=TOMORROW, seen=seen, reason="日付違い", by=by, today=TOMORROW)
    wrong.refresh_from_db()

    assert posted(close_again(wrong, seen_revision=1, by=by, wish=Wish.NOTHING)) == {}
    assert posted(close_day(right, counts=[], by=by)) == {"sales/CASH/STANDARD_10": 1100, "short": -10}


def test_a_register_that_uploads_two_days_late_changes_nothing_that_was_sent(shop, by):
    before = close(shop, sale("1"), by=by)
    late = dataclasses.replace(by, at=EVENING + timedelta(days=2))
    book(shop, sale("2"), by=late, today=NEXT_MONTH)
    before.day.refresh_from_db()

    again = close_again(before.day, seen_revision=1, by=late, wish=Wish.NOTHING)

    revisions = [posted(Closing.objects.get(revision=revision)) for revision in (1, 2)]
    assert revisions == [{"sales/CASH/STANDARD_10": 1100}, {"sales/CASH/STANDARD_10": 2200}]
    assert (again.day.date, Slip.objects.get(number="2").is_late) == (DAY, True)


@pytest.fixture
def kept(shop, company, by):
    """A slip of April that register 1 uploads when April is locked."""
    close(shop, sale("1"), by=by)
    lock_month(company, DAY.replace(day=1), by=by, today=NEXT_MONTH)
    bookings = book_slips(shop, [sale("2")], by=by, today=NEXT_MONTH)
    return keep_refused(shop, bookings, source=KeptSlip.Source.REGISTER, by=by)[0]


def test_what_a_register_uploads_for_a_locked_month_is_kept_and_stays_out_of_its_books(kept):
    assert (kept.cause, kept.is_waiting) == (KeptSlip.Cause.LOCKED, True)
    assert list(BusinessDay.objects.values_list("slip_count", "sales_total")) == [(1, 1100)]


def test_what_was_kept_for_a_locked_month_is_booked_in_the_next_one(kept, shop, by):
    slip = book_kept(kept, business_date=NEXT_MONTH, number="2", by=by, today=NEXT_MONTH)

    assert posted(close_day(slip.day, counts=None, by=by)) == {"sales/CASH/STANDARD_10": 1100}
    assert kept.decisions.get().slip == slip


def test_what_was_kept_for_a_locked_month_is_booked_there_once_it_is_unlocked(kept, shop, company, by):
    with pytest.raises(SlipRefused):
        book_kept(kept, business_date=DAY, number="2", by=by, today=NEXT_MONTH)
    unlock_month(company, DAY.replace(day=1), reason="レジ1の伝票が遅れて届いた", by=by)

    day = book_kept(kept, business_date=DAY, number="2", by=by, today=NEXT_MONTH).day

    assert posted(close_again(day, seen_revision=1, by=by, wish=Wish.NOTHING)) == {"sales/CASH/STANDARD_10": 2200}


def test_what_was_kept_may_be_left_out_with_a_reason(kept, by):
    discard_kept(kept, reason="訓練モードの伝票", by=by)

    assert kept.decisions.values_list("state", "reason").get() == ("DISCARDED", "訓練モードの伝票")
    assert BusinessDay.objects.get().slip_count == 1


def test_registers_that_close_at_20_00_and_at_02_00_make_one_day(shop, second_register, by):
    day = open_day(shop, DAY, by=by, today=DAY)
    at_eight, at_two = (dataclasses.replace(by, at=datetime(2026, 4, 1, hour, tzinfo=UTC)) for hour in (11, 17))

    first = count_register(day, RegisterCount(1, 0, 0), by=at_eight)
    book(shop, sale("1", register_number=2, issued_at=at_two.at), by=at_two)
    last = count_register(day, RegisterCount(2, 1100, 1100), by=at_two)

    assert (first, last.closed_at, last.day.date) == (None, at_two.at, DAY)
    assert posted(last) == {"sales/CASH/STANDARD_10": 1100}
    with pytest.raises(AlreadyClosed):
        close_day(day, counts=None, by=by)


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
