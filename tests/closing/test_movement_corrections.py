"""取消 and 訂正 of 入出金, and the 登録番号 that is decided later."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from closing.cash_movements import exchange_cash, explain_difference, open_difference, open_differences, pick_up_cash
from closing.models import CashMovement, MovementCancellation
from closing.models.totals import day_figures
from closing.month_locks import MonthLocked, lock_month
from closing.movement_corrections import AlreadyCancelled, cancel_movement, correct_movement
from closing.needs import undecided_receipts
from closing.signals import Wish
from closing.trading_day import RegisterCount, close_again, close_day, open_day, record_movement, set_opening_float
from stores.models import AuditEntry
from tests.cast import sign_in
from tests.closing.conftest import DAY
from yayoi_link.booking import book as journal_of

NUMBER = "T6012345678901"


@pytest.fixture
def unclear(day, paid_out, by):
    """An expense of 880 yen whose 登録番号 nobody could read."""
    paid_out.is_registration_unclear = True
    return record_movement(day, paid_out, by=by)


@pytest.fixture
def decided(unclear):
    """The same expense as it should have been typed, not in the books yet."""
    names = ("register", "direction", "reason", "amount", "payee", "receipt_date")
    return CashMovement(registration_no=NUMBER, **{name: getattr(unclear, name) for name in names})


@pytest.fixture
def typed(unclear, stationery, register):
    """What a manager types who has found the receipt."""
    return {
        "uuid": uuid.uuid4(),
        "reason": stationery.pk,
        "amount": "880",
        "register": register.pk,
        "memo": "ペン",
        "payee": "道玄坂文具店",
        "receipt_date": "2026-04-01",
        "registered": "YES",
        "registration_no": NUMBER,
        "why": "領収書を確認",
    }


def rows_of(closing):
    entries = journal_of(closing.figures, closing.day, revision=closing.revision).entries
    return [(entry.amount, entry.counter.tax_category, "要確認" in entry.description) for entry in entries]


def test_an_undecided_number_says_so_in_figures_and_journal(day, unclear, by):
    closing = close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)

    assert [line.movement for line in closing.figures.unclear_receipts] == [unclear.uuid.hex]
    assert (880, "課対仕入込10%区分80%", True) in rows_of(closing)


def test_a_number_decided_after_the_close_is_the_next_revision(day, unclear, decided, by):
    first = close_day(day, counts=None, by=by)

    correct_movement(unclear, decided, reason="領収書を確認", by=by)
    day.refresh_from_db()
    second = close_again(day, seen_revision=1, by=by, wish=Wish.NOTHING)

    assert rows_of(first) == [(880, "課対仕入込10%区分80%", True)]
    assert rows_of(second) == [(880, "課対仕入込10%適格", False)]
    assert day_figures(day, up_to=first.entries) == first.figures
    assert AuditEntry.objects.get(action="MOVEMENT_CORRECTED").changes["登録番号"] == ["要確認", NUMBER]


def test_what_is_cancelled_is_not_in_the_drawer_any_more(day, unclear, by):
    day.refresh_from_db()
    before = day_figures(day).paid_out

    cancel_movement(unclear, reason="二重に入力", by=by)
    day.refresh_from_db()

    assert (before, day_figures(day).paid_out, CashMovement.objects.count()) == (880, 0, 1)


def test_of_two_who_cancel_one_is_told(unclear, by):
    cancel_movement(unclear, reason="二重に入力", by=by)

    with pytest.raises(AlreadyCancelled):
        cancel_movement(unclear, reason="二重に入力", by=by)

    assert MovementCancellation.objects.count() == 1


def test_a_correction_that_comes_second_records_nothing(unclear, decided, by):
    cancel_movement(unclear, reason="二重に入力", by=by)

    with pytest.raises(AlreadyCancelled):
        correct_movement(unclear, decided, reason="領収書を確認", by=by)

    assert CashMovement.objects.count() == 1


def test_a_cancellation_stays_as_it_was_written(unclear, by):
    cancel_movement(unclear, reason="二重に入力", by=by)

    with pytest.raises(DatabaseError), transaction.atomic():
        MovementCancellation.objects.update(reason="別の理由")


def test_nothing_of_a_locked_month_is_cancelled(day, unclear, company, by):
    close_day(day, counts=None, by=by)
    lock_month(company, DAY.replace(day=1), by=by, today=DAY + timedelta(days=40))

    with pytest.raises(MonthLocked):
        cancel_movement(unclear, reason="二重に入力", by=by)


def test_an_explanation_that_is_cancelled_leaves_the_difference_open_again(day, shibuya, register, stationery, by):
    set_opening_float(day, register, amount=1000, by=by)
    close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)
    settled = day.register_days.get()
    later = open_day(shibuya, DAY + timedelta(days=3), by=by, today=DAY + timedelta(days=3))
    cause = CashMovement(register=register, direction="SHORT_EXPLAINED", reason=stationery, amount=1000, explains=settled)
    explain_difference(later, cause, by=by)

    cancel_movement(cause, reason="別の店舗の領収書", by=by)

    assert open_difference(settled).difference == -1000
    assert [each.difference for each in open_differences(shibuya, since=DAY)] == [-1000]


def test_a_pickup_is_cancelled_but_not_typed_anew(client, manager, day, register, by, evening):
    picked = pick_up_cash(day, register, amount=1000, memo="", key=uuid.uuid4(), by=by)

    page = sign_in(client, manager).get(f"/movements/{picked.pk}/correct/")
    client.post(f"/movements/{picked.pk}/cancel/", {"reason": "金額違い"})

    assert page.context["form"] is None
    assert MovementCancellation.objects.get().movement == picked


def test_a_manager_decides_on_the_page(client, manager, unclear, typed, evening):
    form = sign_in(client, manager).get(f"/movements/{unclear.pk}/correct/").context["form"]

    client.post(f"/movements/{unclear.pk}/correct/", typed)

    assert (form["registered"].value(), form["amount"].value()) == ("UNCLEAR", 880)
    assert CashMovement.objects.standing().values_list("registration_no", "is_registration_unclear").get() == (NUMBER, False)


def test_a_number_that_cannot_be_one_is_said_at_the_field(client, manager, unclear, typed, evening):
    response = sign_in(client, manager).post(f"/movements/{unclear.pk}/correct/", typed | {"registration_no": "T1"})

    assert list(response.context["form"].errors) == ["registration_no"]
    assert CashMovement.objects.count() == 1


def test_a_clerk_corrects_what_is_not_closed_yet(at_till, clerk, unclear, typed, evening):
    response = at_till(clerk).post(f"/movements/{unclear.pk}/correct/", typed)

    assert (response.url, CashMovement.objects.standing().get().registration_no) == (f"/register/{DAY}/", NUMBER)


@pytest.mark.parametrize(("name", "status"), [("clerk", 403), ("accountant", 403), ("rival_admin", 404), ("manager", 200)])
def test_a_closed_day_is_corrected_by_those_who_may_correct_its_slips(client, request, day, unclear, by, name, status, evening):
    close_day(day, counts=None, by=by)

    assert sign_in(client, request.getfixturevalue(name)).get(f"/movements/{unclear.pk}/correct/").status_code == status


def test_at_the_till_the_movements_of_another_store_do_not_exist(at_till, manager, unclear, kichijoji, evening):
    assert at_till(manager, store=kichijoji).get(f"/movements/{unclear.pk}/correct/").status_code == 404


@pytest.mark.parametrize(
    ("name", "status", "leads_on"), [("manager", 200, True), ("accountant", 200, False), ("clerk", 403, False), ("rival_admin", 200, False)]
)
def test_receipts_are_listed_for_who_answers_for_the_books(client, request, unclear, evening, name, status, leads_on):
    page = sign_in(client, request.getfixturevalue(name)).get("/days/receipts/")

    assert (page.status_code, f"/movements/{unclear.pk}/correct/" in page.content.decode()) == (status, leads_on)
    assert ("/days/receipts/" in client.get("/").content.decode()) is (name in ("manager", "accountant"))


def test_what_is_decided_is_no_longer_asked(manager, unclear, decided, by):
    correct_movement(unclear, decided, reason="領収書を確認", by=by)

    assert not undecided_receipts(manager).exists()


def test_what_lies_in_a_locked_month_is_not_asked(manager, day, unclear, company, by):
    close_day(day, counts=None, by=by)
    lock_month(company, DAY.replace(day=1), by=by, today=DAY + timedelta(days=40))

    assert not undecided_receipts(manager).exists()


@pytest.mark.parametrize("direction", ["PAID_OUT", "PAID_IN"])
def test_an_exchange_is_cancelled_whole_and_alone(day, register, by, direction):
    for _ in range(2):
        exchange_cash(day, register, amount=10_000, memo="", key=uuid.uuid4(), by=by)
    half = CashMovement.objects.filter(direction=direction).select_related("day__store__company", "reason").first()

    cancel_movement(half, reason="押し間違い", by=by)

    day.refresh_from_db()
    assert (day_figures(day).paid_in, day_figures(day).paid_out) == (10_000, 10_000)
    assert MovementCancellation.objects.count() == 2
