from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from closing.models import BusinessDay, CashMovement, Closing, RegisterDay
from closing.signals import Wish
from closing.trading_day import (
    AlreadyClosed,
    AlreadyRecorded,
    ChangedMeanwhile,
    FutureDate,
    NotCounted,
    RegisterCount,
    close_again,
    close_day,
    open_day,
    record_movement,
    set_opening_float,
)
from stores.models import AuditEntry
from tests.closing.conftest import DAY, EVENING, book, sale

TOMORROW = DAY + timedelta(days=1)


def test_a_day_opens_with_what_its_registers_carried_over(day, shibuya, by):
    close_day(day, counts=[RegisterCount(1, 50_000, 30_000)], by=by)

    opened = open_day(shibuya, TOMORROW, by=by, today=TOMORROW)

    settled = RegisterDay.objects.get(day=opened)
    assert (settled.opening_float, settled.proposed_float, settled.float_adjustment) == (30_000, 30_000, 0)


def test_a_day_that_has_not_come_yet_does_not_open(shibuya, by):
    with pytest.raises(FutureDate):
        open_day(shibuya, TOMORROW, by=by, today=DAY)

    assert BusinessDay.objects.count() == 0


def test_a_day_opened_twice_is_one_day(day, shibuya, by):
    assert open_day(shibuya, DAY, by=by, today=DAY) == day
    assert list(AuditEntry.objects.values_list("action", "subject")) == [("DAY_OPENED", "2026-04-01")]


def test_a_float_other_than_the_carry_over_is_a_difference_of_its_own(day, register, by):
    set_opening_float(day, register, amount=20_000, by=by)

    settled = RegisterDay.objects.get(day=day)
    assert (settled.opening_float, settled.float_adjustment) == (20_000, 20_000)


def test_the_float_of_a_closed_day_stays(day, register, by):
    close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)

    with pytest.raises(AlreadyClosed):
        set_opening_float(day, register, amount=20_000, by=by)

    assert RegisterDay.objects.get(day=day).opening_float == 0


def test_a_movement_is_the_next_entry_of_its_day(day, paid_out, by):
    record_movement(day, paid_out, by=by)

    movement = CashMovement.objects.get()
    day.refresh_from_db()
    assert (movement.entry, movement.staff, movement.occurred_at, day.entries) == (1, by.actor, EVENING, 1)


def test_a_movement_is_booked_only_once(day, paid_out, by):
    record_movement(day, paid_out, by=by)
    again = CashMovement(uuid=paid_out.uuid, register=paid_out.register, direction="PAID_OUT", reason=paid_out.reason, amount=880)

    with pytest.raises(AlreadyRecorded):
        record_movement(day, again, by=by)

    day.refresh_from_db()
    assert (CashMovement.objects.count(), day.entries) == (1, 1)


def test_a_movement_after_the_close_changes_the_day(day, paid_out, by):
    close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)

    record_movement(day, paid_out, by=by)

    day.refresh_from_db()
    assert (day.is_open, day.changed_after_close) == (False, True)


def test_a_close_freezes_what_the_day_came_to(day, shibuya, by):
    book(shibuya, sale("1"), sale("2", 2200, "VISA"), by=by)

    closing = close_day(day, counts=[RegisterCount(1, 1_010, 1_000, reason="")], by=by)

    frozen = Closing.objects.get(pk=closing.pk)
    assert (frozen.revision, frozen.entries, frozen.slip_count, frozen.sales_total) == (1, 2, 2, 3_300)
    assert (frozen.expected_cash, frozen.actual_cash, frozen.cash_difference) == (1_100, 1_010, -90)
    assert frozen.figures == closing.figures


def test_a_day_closes_only_once(day, clerk, by):
    close_day(day, counts=[RegisterCount(1, 500, 500)], by=by)

    with pytest.raises(AlreadyClosed) as refusal:
        close_day(day, counts=[RegisterCount(1, 900, 900)], by=by)

    first = refusal.value.closing
    assert (first.closed_by, first.closed_at, first.actual_cash) == (clerk, EVENING, 500)


def test_a_day_that_moved_after_somebody_looked_does_not_close(day, shibuya, by):
    book(shibuya, sale("1"), by=by)

    with pytest.raises(ChangedMeanwhile):
        close_day(day, counts=[RegisterCount(1, 0, 0)], seen_entries=0, by=by)

    assert (BusinessDay.objects.open().count(), Closing.objects.count()) == (1, 0)


def test_a_day_does_not_close_before_its_last_register_has_counted(day, second_register, shibuya, by):
    book(shibuya, sale("1", register_number=2), by=by)

    with pytest.raises(NotCounted) as refusal:
        close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)

    assert refusal.value.registers == [2]
    assert BusinessDay.objects.open().count() == 1


def test_a_register_with_business_is_not_unused(day, shibuya, by):
    book(shibuya, sale("1", method="VISA"), by=by)

    with pytest.raises(NotCounted):
        close_day(day, counts=[RegisterCount(1, 0, 0, is_unused=True)], by=by)


def test_an_unused_register_keeps_what_lay_in_it(day, register, by):
    set_opening_float(day, register, amount=30_000, by=by)

    closing = close_day(day, counts=[RegisterCount(1, 30_000, 30_000, is_unused=True)], by=by)

    assert (closing.figures.registers[0].is_unused, closing.figures.cash_difference, closing.figures.carry_over) == (True, 0, 30_000)


def test_a_close_without_a_count_knows_no_difference(day, by):
    closing = close_day(day, counts=None, by=by)

    closing.refresh_from_db()
    assert (closing.actual_cash, closing.cash_difference) == (None, None)


def test_closing_again_makes_the_next_revision_and_keeps_the_count(day, shibuya, by):
    close_day(day, counts=[RegisterCount(1, 5_000, 5_000)], by=by)
    book(shibuya, sale("1"), by=by)

    close_again(day, seen_revision=1, by=by, wish=Wish.SEND)

    revisions = Closing.objects.order_by("revision").values_list("revision", "sales_total", "actual_cash")
    assert list(revisions) == [(1, 0, 5_000), (2, 1_100, 5_000)]
    assert not BusinessDay.objects.changed_after_close().exists()


def test_a_revision_that_somebody_else_made_is_not_made_again(day, by):
    close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)
    close_again(day, seen_revision=1, by=by, wish=Wish.SEND)

    with pytest.raises(AlreadyClosed):
        close_again(day, seen_revision=1, by=by, wish=Wish.SEND)


def test_a_closing_is_never_changed(day, by):
    closing = close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)

    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.filter(pk=closing.pk).update(sales_total=1)


@pytest.mark.parametrize(("hour", "is_overdue"), [(19, False), (20, True)])
def test_a_day_is_overdue_from_the_closing_time_of_the_next_morning(day, hour, is_overdue):
    now = EVENING.replace(hour=hour)  # 04:00 and 05:00 of the next day in Japan

    assert day.is_overdue(now) is is_overdue
    assert BusinessDay.objects.overdue(now).exists() is is_overdue
