from datetime import timedelta

import pytest

from closing.difference_hints import Cause
from closing.difference_matches import hints_for
from closing.models.totals import day_figures, register_cash
from closing.trading_day import open_day, record_movement
from tests.closing.cases import taking_back
from tests.closing.conftest import DAY, book, sale

pytestmark = pytest.mark.usefixtures("evening")


def hints(day, difference):
    day.refresh_from_db()
    cash = register_cash(day)[0]
    return hints_for(day, cash, actual=cash.expected_cash + difference, pieces={})


def told(day, difference):
    return [
        (hint.cause, hint.slip.number if hint.slip else hint.movement.words)
        for hint in hints(day, difference)
        if hint.slip or hint.movement
    ]


def test_the_cash_of_the_registers_is_that_of_the_figures(day, second_register, shibuya, by):
    book(shibuya, sale("1"), sale("2", 2200, register_number=2), by=by)
    day.refresh_from_db()

    assert register_cash(day) == day_figures(day).registers


def test_a_cash_slip_explains_a_shortage_and_one_by_card_a_surplus(day, shibuya, by):
    book(shibuya, sale("1", 1320), sale("2", 1430, "VISA"), by=by)

    assert [told(day, difference) for difference in (-1320, 1320, -1430, 1430)] == [
        [(Cause.CASH_SALE, "1")],
        [],
        [],
        [(Cause.OTHER_SALE, "2")],
    ]


def test_a_slip_that_was_taken_back_already_explains_nothing(day, shibuya, by):
    book(shibuya, sale("1", 1320), taking_back("2", (DAY, "1"), amount=-1320), by=by)

    assert told(day, -1320) == []


def test_slips_of_another_register_or_day_explain_nothing(day, second_register, shibuya, by):
    open_day(shibuya, DAY - timedelta(days=1), by=by, today=DAY)
    book(shibuya, sale("1", 1320, register_number=2), sale("2", 1320, business_date=DAY - timedelta(days=1)), by=by)

    assert told(day, -1320) == []


def test_a_payment_out_of_the_days_before_is_remembered(day, shibuya, paid_out, by):
    before = open_day(shibuya, DAY - timedelta(days=7), by=by, today=DAY)
    paid_out.receipt_date = before.date
    record_movement(before, paid_out, by=by)

    assert told(day, -880) == [(Cause.PAID_BEFORE, "消耗品 道玄坂文具店")]


def test_a_payment_out_of_long_ago_is_not_remembered(day, shibuya, paid_out, by):
    before = open_day(shibuya, DAY - timedelta(days=40), by=by, today=DAY)
    paid_out.receipt_date = before.date
    record_movement(before, paid_out, by=by)

    assert told(day, -880) == []


def test_a_payment_out_of_today_explains_a_surplus(day, paid_out, by):
    record_movement(day, paid_out, by=by)

    assert [told(day, difference) for difference in (880, 1760, -880)] == [
        [(Cause.PAID_TODAY, "消耗品 道玄坂文具店")],
        [(Cause.WRONG_DIRECTION, "消耗品 道玄坂文具店")],
        [],
    ]


@pytest.mark.parametrize("slips", [1, 30])
def test_a_difference_costs_two_queries_however_many_slips_there_are(day, shibuya, by, django_assert_num_queries, slips):
    book(shibuya, *(sale(str(number), 1320) for number in range(slips)), by=by)
    day.refresh_from_db()
    cash = register_cash(day)[0]

    with django_assert_num_queries(2):
        found = hints_for(day, cash, actual=cash.expected_cash - 1320, pieces={})

    assert (found[0].cause, found[0].is_alone) == (Cause.CASH_SALE, slips == 1)


def test_without_a_difference_nobody_is_asked(day, django_assert_num_queries):
    cash = register_cash(day)[0]

    with django_assert_num_queries(0):
        assert hints_for(day, cash, actual=cash.expected_cash, pieces={}) == []
