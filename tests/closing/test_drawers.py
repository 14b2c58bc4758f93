"""釣銭準備金 and counts from one day to the next, when days are opened before the one before is counted, or are moved."""

from datetime import timedelta

import pytest

from closing.drawers import pass_on
from closing.models import CashMovement, MonthLock, RegisterDay
from closing.models.totals import day_figures
from closing.moving_slips import movable, move_slips
from closing.register_closing import count_register, recount
from closing.signals import Wish
from closing.trading_day import RegisterCount, close_again, close_day, open_day, record_movement, set_opening_float
from stores.models import AuditEntry
from tests.closing.conftest import DAY, EVENING, book, sale

NEXT = DAY + timedelta(days=1)
MORNING = EVENING + timedelta(hours=12)  # 10:10 of the next day in Japan


@pytest.fixture
def float_of_20_000(day, register, by):
    set_opening_float(day, register, amount=20_000, by=by)
    return day


@pytest.fixture
def next_day(float_of_20_000, shibuya, by):
    """Opened in the morning, before the day before has been counted."""
    return open_day(shibuya, NEXT, by=by, today=NEXT)


def moved(day, by, *, since=MORNING):
    day.refresh_from_db()
    seen = movable(day, since=since, to=NEXT)
    target = move_slips(day, since=since, to=NEXT, seen=seen, reason="閉局忘れ", by=by, today=NEXT)
    target.refresh_from_db()
    day.refresh_from_db()
    return target


def drawer(day):
    """Float, proposed float, expected, counted and carried over, of the only register."""
    cash = day_figures(day).registers[0]
    return (cash.opening_float, cash.opening_float - cash.float_adjustment, cash.expected_cash, cash.actual_cash, cash.carry_over)


def test_a_day_opened_before_the_last_one_was_counted_begins_with_its_carry_over(next_day, day, by):
    close_day(day, counts=[RegisterCount(1, 20_000, 18_000)], by=by)

    assert drawer(next_day) == (18_000, 18_000, 18_000, None, None)
    assert AuditEntry.objects.filter(action="FLOAT_CHANGED", subject=str(NEXT)).get().changes == {"レジ1": [0, 18_000]}


def test_a_float_that_somebody_typed_stays_and_the_break_is_shown(next_day, day, register, by):
    set_opening_float(next_day, register, amount=17_000, by=by)

    close_day(day, counts=[RegisterCount(1, 20_000, 18_000)], by=by)

    assert drawer(next_day) == (17_000, 18_000, 17_000, None, None)


def test_a_day_that_is_closed_keeps_the_float_it_had(next_day, day, by):
    close_day(day, counts=[RegisterCount(1, 20_000, 20_000)], by=by)
    close_day(next_day, counts=[RegisterCount(1, 20_000, 20_000)], by=by)

    recount(day, [RegisterCount(1, 20_000, 15_000)], seen_revision=1, by=by)

    assert drawer(next_day)[:2] == (20_000, 15_000)


def test_a_day_closed_before_the_one_before_it_shows_the_break_when_it_is_closed_again(next_day, day, register, by):
    set_opening_float(next_day, register, amount=20_000, by=by)
    first = close_day(next_day, counts=[RegisterCount(1, 20_000, 20_000)], by=by)

    close_day(day, counts=[RegisterCount(1, 20_000, 15_000)], by=by)
    next_day.refresh_from_db()

    assert next_day.changed_after_close
    again = close_again(next_day, seen_revision=1, by=by, wish=Wish.NOTHING)
    assert (first.figures.float_adjustment, again.figures.float_adjustment) == (20_000, 5_000)


def test_a_day_of_a_locked_month_keeps_what_was_proposed(next_day, day, company, by):
    close_day(next_day, counts=[RegisterCount(1, 0, 0)], by=by)
    MonthLock.objects.create(company=company, month=NEXT.replace(day=1), is_locked=True)

    pass_on(day, {1: 15_000}, by=by)

    next_day.refresh_from_db()
    assert not next_day.changed_after_close


def test_only_the_count_right_before_a_day_proposes_its_float(next_day, day, shibuya, by):
    close_day(next_day, counts=[RegisterCount(1, 9_000, 9_000)], by=by)
    third = open_day(shibuya, NEXT + timedelta(days=1), by=by, today=NEXT + timedelta(days=1))

    close_day(day, counts=[RegisterCount(1, 20_000, 18_000)], by=by)

    assert drawer(third)[:2] == (9_000, 9_000)


def test_slips_of_the_next_morning_take_the_cash_in_the_drawer_along(float_of_20_000, shibuya, by):
    book(shibuya, sale("1"), sale("2", 2_200, issued_at=MORNING), by=by)

    target = moved(float_of_20_000, by)

    assert drawer(float_of_20_000) == (20_000, 0, 21_100, None, None)
    assert drawer(target) == (21_100, 21_100, 23_300, None, None)


def test_a_count_of_both_days_together_belongs_to_the_later_one(float_of_20_000, shibuya, by):
    book(shibuya, sale("1"), sale("2", 2_200, issued_at=MORNING), by=by)
    evening = type(by)(by.actor, MORNING + timedelta(hours=12), by.address)
    close_day(float_of_20_000, counts=[RegisterCount(1, 23_250, 20_000)], by=evening)

    target = moved(float_of_20_000, by)
    closings = [close_again(float_of_20_000, seen_revision=1, by=by, wish=Wish.NOTHING), close_day(target, counts=[], by=by)]

    assert [drawer(day)[2:] for day in (float_of_20_000, target)] == [(21_100, 21_100, 21_100), (23_300, 23_250, 20_000)]
    assert [closing.cash_difference for closing in closings] == [0, -50]


def test_a_count_made_before_the_move_begins_stays_where_it_was_made(float_of_20_000, shibuya, second_register, by):
    book(shibuya, sale("1"), sale("2", 2_200, register_number=2, issued_at=MORNING), by=by)
    count_register(float_of_20_000, RegisterCount(1, 21_100, 20_000), by=by)

    target = moved(float_of_20_000, by)

    states = RegisterDay.objects.order_by("day__date", "register__number").values_list("day__date", "register__number", "state")
    assert list(states) == [(DAY, 1, "COUNTED"), (DAY, 2, "OPEN"), (NEXT, 1, "OPEN"), (NEXT, 2, "OPEN")]
    assert RegisterDay.objects.get(day=target, register__number=1).opening_float == 20_000


def test_the_drawers_of_a_day_that_was_open_already_are_left_alone(next_day, day, shibuya, by):
    book(shibuya, sale("1", issued_at=MORNING), by=by)

    target = moved(day, by)

    assert drawer(target) == (0, 0, 1_100, None, None)


def test_cash_moved_in_a_closed_day_is_cancelled_there_and_recorded_on_the_other(float_of_20_000, paid_out, by):
    recorded = record_movement(float_of_20_000, paid_out, by=type(by)(by.actor, MORNING, ""))
    close_day(float_of_20_000, counts=None, by=by)

    target = moved(float_of_20_000, by)

    anew = CashMovement.objects.standing().get()
    assert (day_figures(float_of_20_000).paid_out, day_figures(target).paid_out) == (0, 880)
    assert (anew.day, anew.occurred_at, recorded.cancellation.replacement) == (target, MORNING, anew)


def test_a_provisional_close_keeps_a_count_that_still_fits_and_no_other(second_register, float_of_20_000, shibuya, by):
    count_register(float_of_20_000, RegisterCount(2, 0, 0), by=by)
    book(shibuya, sale("1", register_number=2), by=by)
    count_register(float_of_20_000, RegisterCount(1, 20_000, 20_000), by=by)

    closing = close_day(float_of_20_000, counts=None, by=by)

    assert [cash.actual_cash for cash in closing.figures.registers] == [20_000, None]
    assert closing.day.is_provisional
