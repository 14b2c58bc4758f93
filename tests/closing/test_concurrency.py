"""What must hold when several processes meet at one day, on SQLite and on PostgreSQL (DATABASE_URL decides)."""

from collections import Counter
from uuid import UUID

import pytest
from django.db.models import Count, F

from closing.models import BusinessDay, CashMovement, Closing, PaymentMethod, Slip, SlipSplit
from closing.models.totals import add_up
from closing.trading_day import RegisterCount, close_day, open_day, record_movement
from tests.closing.conftest import DAY, book, sale
from tests.closing.racer import SLIPS, race
from tests.running_portal import url_of_test_database


@pytest.fixture
def shared_day(transactional_db, day):
    """A day that other processes see."""
    return day


def start(day, *actions):
    return race(actions, day=day, database_url=url_of_test_database())


def test_fault_37_eight_processes_close_a_day_once(shared_day):
    answers = [said for (said,) in start(shared_day, *["close"] * 8)]

    (closing,) = Closing.objects.all()
    assert Counter(answers) == {f"closed {closing.actual_cash}": 1, f"refused {closing.actual_cash}": 7}


def test_fault_39_a_slip_in_flight_is_in_the_closing_or_after_it(shared_day):
    answers = start(shared_day, "sell", "sell", "close", "sell")

    closing = Closing.objects.get()
    before = Slip.objects.up_to(shared_day, closing.entries)
    shared_day.refresh_from_db()
    assert Counter(said for lines in answers for said in lines)["created"] == 3 * SLIPS
    assert sorted(Slip.objects.values_list("entry", flat=True)) == list(range(1, 3 * SLIPS + 1))
    assert (closing.slip_count, closing.sales_total) == (before.count(), sum(before.values_list("total", flat=True)))
    assert closing.slip_digest == add_up(shared_day, up_to=closing.entries).slip_digest
    assert (shared_day.slip_count, shared_day.closed_entries) == (3 * SLIPS, closing.entries)


def test_the_same_slips_from_two_sides_are_booked_once(shared_day):
    answers = start(shared_day, "repeat", "repeat")

    assert Counter(said for lines in answers for said in lines) == {"created": SLIPS, "unchanged": SLIPS}
    assert Slip.objects.count() == SLIPS


def test_a_movement_sent_by_two_presses_at_once_is_booked_once(shared_day, stationery):
    answers = [said for (said,) in start(shared_day, "pay_out", "pay_out")]

    assert sorted(answers) == ["already recorded", "recorded"]
    assert CashMovement.objects.count() == 1


def test_two_stores_that_take_a_slip_back_at_once_refund_it_once(shared_day, kichijoji, by):
    book(shared_day.store, sale("1"), by=by)
    kichijoji.registers.create(number=1)
    open_day(kichijoji, DAY, by=by, today=DAY)

    answers = [said for (said,) in start(shared_day, *["take_back"] * 4)]

    assert Counter(answers) == {"taken back -1100": 1, "refused MORE_THAN_ORIGINAL": 3}
    assert sorted(Slip.objects.values_list("total", flat=True)) == [-1100, 1100]


def test_red_slips_that_meet_their_original_never_take_too_much_unseen(shared_day, kichijoji):
    kichijoji.registers.create(number=1)

    answers = [said for (said,) in start(shared_day, "refund_unseen", "refund_unseen", "arrive", "refund_unseen")]

    reds = Slip.objects.filter(kind="REVERSAL")
    original = Slip.objects.get(number="1")
    assert set(answers) <= {"created", "invalid"}
    assert (reds.count(), reds.filter(original=original).count()) == (answers.count("created") - 1,) * 2
    assert original.excess == max(0, 700 * reds.count() - 1100)


def test_of_two_registers_counted_at_once_the_last_closes_the_day(transactional_db, second_register, day):
    answers = [said for (said,) in start(day, "count", "count")]

    assert sorted(answers) == ["closed", "counted"]
    assert Closing.objects.count() == 1


def test_of_four_who_correct_a_movement_at_once_one_does(shared_day, paid_out, by):
    paid_out.uuid = UUID(int=0)
    record_movement(shared_day, paid_out, by=by)

    answers = [said for (said,) in start(shared_day, *["correct"] * 4)]

    (standing,) = CashMovement.objects.standing()
    assert Counter(answers) == {f"corrected {standing.amount}": 1, "already cancelled": 3}
    assert CashMovement.objects.count() == 2


def test_no_slip_is_lost_or_doubled_between_two_days_while_it_is_sold(shared_day):
    answers = start(shared_day, "sell", "move", "sell", "move")

    days = BusinessDay.objects.annotate(rows=Count("slips"))
    assert [said for lines in answers for said in lines].count("created") == 2 * SLIPS
    assert sum(day.rows for day in days) == Slip.objects.count() == 2 * SLIPS
    assert [(day.slip_count, day.sales_total) for day in days] == [(day.rows, day.rows * 1100) for day in days]
    assert SlipSplit.objects.exclude(date=F("slip__day__date")).count() == 0


def test_no_slip_slips_into_a_month_while_it_is_locked(shared_day, by):
    close_day(shared_day, counts=[RegisterCount(1, 0, 0)], by=by)

    sold, (locked,) = start(shared_day, "sell", "lock")

    shared_day.refresh_from_db()
    assert set(sold) <= {"created", "invalid"}
    assert (locked == "left") is shared_day.changed_after_close
    assert Slip.objects.count() == sold.count("created")


def test_a_code_that_several_register_at_once_is_registered_once(shared_day):
    answers = [said for (said,) in start(shared_day, *["add_method"] * 4)]

    made = PaymentMethod.objects.get(code="PAYPAY")
    assert Counter(answers) == {f"made {made.name}": 1, "taken": 3}


def test_of_two_who_retire_the_last_two_cash_methods_at_once_one_is_refused(shared_day, company):
    PaymentMethod.objects.create(company=company, code="CASH2", name="現金2", kind="CASH")

    answers = [said for (said,) in start(shared_day, "retire_cash", "retire_cash")]

    assert (sorted(answers), PaymentMethod.objects.in_use().filter(kind="CASH").count()) == (["refused", "retired"], 1)
