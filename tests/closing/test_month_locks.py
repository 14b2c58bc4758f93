from datetime import date

import pytest
from django.db import IntegrityError, transaction

from closing.intake import Booked, book_slips
from closing.kept_slips import cause_of
from closing.models import CashMovement, KeptSlip, MonthDecision, MonthLock
from closing.month_locks import AlreadyDecided, DaysLeft, MonthLocked, MonthNotOver, is_locked, lock_month, unlock_month
from closing.register_closing import recount
from closing.signals import Wish
from closing.trading_day import RegisterCount, close_again, close_day, open_day, record_movement
from stores.audit import Origin
from tests.cast import sign_in
from tests.closing.conftest import DAY, EVENING, book, sale

APRIL, MAY = date(2026, 4, 1), date(2026, 5, 2)
pytestmark = pytest.mark.usefixtures("in_may")


@pytest.fixture
def in_may(time_machine):
    time_machine.move_to(EVENING.replace(month=5, day=2), tick=False)


@pytest.fixture
def by_admin(admin):
    return Origin(admin, EVENING, "127.0.0.1")


@pytest.fixture
def closed(day, shibuya, by):
    book(shibuya, sale("1"), by=by)
    close_day(day, counts=[RegisterCount(1, 1_100, 0)], by=by)
    return day


@pytest.fixture
def locked(closed, company, by_admin):
    lock_month(company, APRIL, by=by_admin, today=MAY)
    closed.refresh_from_db()
    return closed


def test_a_month_is_locked_once_all_its_days_are_closed(locked, company, admin):
    decision = MonthDecision.objects.get()

    assert is_locked(company.pk, DAY)
    assert (decision.kind, decision.by, decision.day_count, decision.sales_total) == ("LOCKED", admin, 1, 1_100)


def test_an_open_day_stands_in_the_way(day, company, by_admin):
    with pytest.raises(DaysLeft) as refusal:
        lock_month(company, APRIL, by=by_admin, today=MAY)

    assert (refusal.value.days, MonthLock.objects.count()) == ([day], 0)


def test_a_day_that_changed_after_its_close_stands_in_the_way(closed, shibuya, company, by, by_admin):
    book(shibuya, sale("2"), by=by)

    with pytest.raises(DaysLeft):
        lock_month(company, APRIL, by=by_admin, today=MAY)


def test_a_month_that_is_not_over_is_not_locked(closed, company, by_admin):
    with pytest.raises(MonthNotOver):
        lock_month(company, APRIL, by=by_admin, today=date(2026, 4, 30))


def test_a_month_is_locked_only_once(locked, company, by_admin):
    with pytest.raises(AlreadyDecided):
        lock_month(company, APRIL, by=by_admin, today=MAY)


def test_nothing_is_written_into_a_locked_month(locked, shibuya, paid_out, by):
    writes = [
        lambda: open_day(shibuya, date(2026, 4, 2), by=by, today=MAY),
        lambda: record_movement(locked, paid_out, by=by),
        lambda: close_again(locked, seen_revision=1, by=by, wish=Wish.SEND),
        lambda: recount(locked, [RegisterCount(1, 0, 0)], seen_revision=1, by=by),
    ]
    for write in writes:
        with pytest.raises(MonthLocked):
            write()

    before = locked.entries
    locked.refresh_from_db()
    assert (locked.entries, locked.revision, CashMovement.objects.count()) == (before, 1, 0)


def test_a_slip_for_a_locked_month_is_kept(locked, shibuya, by):
    (booking,) = book_slips(shibuya, [sale("2")], by=by, today=MAY)

    assert (booking.status, [problem.code for problem in booking.problems]) == (Booked.INVALID, ["MONTH_LOCKED"])
    assert cause_of(booking) == KeptSlip.Cause.LOCKED


def test_a_slip_that_is_there_is_unchanged_in_a_locked_month_too(locked, shibuya, by):
    assert book(shibuya, sale("1"), by=by, today=MAY) == [Booked.UNCHANGED]


def test_an_unlocked_month_takes_slips_again(locked, shibuya, company, by, by_admin):
    unlock_month(company, APRIL, reason="請求漏れ", by=by_admin)

    assert book(shibuya, sale("2"), by=by, today=MAY) == [Booked.CREATED]
    assert list(MonthDecision.objects.values_list("kind", "reason")) == [("UNLOCKED", "請求漏れ"), ("LOCKED", "")]


def test_a_decision_about_a_month_is_never_changed(locked):
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthDecision.objects.update(reason="x")


def test_another_companys_lock_locks_nothing_here(locked, rival_store, rival_admin):
    by_rival = Origin(rival_admin, EVENING)

    assert open_day(rival_store, date(2026, 4, 2), by=by_rival, today=MAY).is_open


def test_an_administrator_locks_and_unlocks_on_screen(client, admin, closed, company):
    sign_in(client, admin).post("/days/months/2026-04/lock/")
    assert "締め済み" in client.get("/days/months/").content.decode()

    client.post("/days/months/2026-04/unlock/", {"reason": ""})
    assert is_locked(company.pk, DAY)

    client.post("/days/months/2026-04/unlock/", {"reason": "請求漏れ"})
    assert not is_locked(company.pk, DAY)


def test_what_stands_in_the_way_is_named(client, admin, day):
    page = sign_in(client, admin).post("/days/months/2026-04/lock/", follow=True).content.decode()

    assert "渋谷店 2026年4月1日(水)など1日が" in page


def test_what_cannot_be_put_right_afterwards_is_said_before(client, admin, day, paid_out, by):
    paid_out.is_registration_unclear = True
    record_movement(day, paid_out, by=by)
    close_day(day, counts=None, by=by)

    page = sign_in(client, admin).get("/days/months/").content.decode()

    assert [word in page for word in ("仮閉局 1日", "登録番号 要確認 1件", "締めると直せません。")] == [True] * 3


@pytest.mark.parametrize("name", ["manager", "clerk", "accountant"])
def test_only_administrators_lock(client, request, name, closed):
    assert sign_in(client, request.getfixturevalue(name)).post("/days/months/2026-04/lock/").status_code == 403


def test_a_rival_sees_no_months_of_others(client, rival_admin, locked):
    assert sign_in(client, rival_admin).get("/days/months/").context["months"] == []


def test_at_the_till_a_locked_month_says_so(at_till, manager, locked, stationery):
    till = at_till(manager)

    opened = till.post("/register/", {"date": "2026-04-02", "is_certain": "on"}).content.decode()
    counted = till.post(
        f"/register/{DAY}/recount/", {"revision": "1", "register1-counting": "TOTAL", "register1-actual_cash": "1100"}, follow=True
    ).content.decode()

    assert "この月は月次締め済みのため、開局できません。" in opened
    assert "2026年4月は月次締め済みのため、変更できません。" in counted


def test_a_locked_day_is_not_closed_again(at_till, manager, locked):
    page = at_till(manager).get(f"/register/{DAY}/close-again/", follow=True).content.decode()

    assert "月次締め済みのため、閉局し直すことはできません。" in page
