from datetime import timedelta

import pytest

from closing.categories import ReversalReason, SlipKind
from closing.intake import Booked
from closing.models import BusinessDay, CashMovement, Slip
from closing.models.totals import day_figures
from closing.moving_slips import SameDay, movable, move_slips
from closing.slip_content import OriginalSlip
from closing.trading_day import ChangedMeanwhile, RegisterCount, close_day, record_movement
from stores.models import AuditEntry
from tests.cast import sign_in
from tests.closing.conftest import DAY, EVENING, book, sale

NEXT = DAY + timedelta(days=1)
MORNING = EVENING + timedelta(hours=12)  # 10:10 of the next day in Japan


@pytest.fixture(autouse=True)
def next_evening(time_machine):
    time_machine.move_to(EVENING + timedelta(days=1), tick=False)


@pytest.fixture
def forgotten(day, shibuya, by):
    """The close was forgotten: slip 2 was sold the next morning and stands on the day before."""
    book(shibuya, sale("1"), sale("2", 2_200, issued_at=MORNING), by=by)
    return day


def moved(day, by, *, since=MORNING, to=NEXT):
    return move_slips(day, since=since, to=to, seen=movable(day, since=since, to=to), reason="閉局忘れ", by=by, today=NEXT)


def sales_of(*days):
    for day in days:
        day.refresh_from_db()
    return [(day.slip_count, day.sales_total, day_figures(day).gross_sales) for day in days]


def test_the_slips_after_a_time_go_to_the_next_day(forgotten, by):
    target = moved(forgotten, by)

    assert sales_of(forgotten, target) == [(1, 1_100, 1_100), (1, 2_200, 2_200)]
    assert (target.date, day_figures(target).registers[0].cash_sales) == (NEXT, 2_200)
    assert AuditEntry.objects.get(action="SLIPS_MOVED").changes["理由"] == "閉局忘れ"


def test_a_whole_day_that_was_opened_under_a_wrong_date_moves(forgotten, by):
    target = moved(forgotten, by, since=None)

    assert sales_of(forgotten, target) == [(0, 0, 0), (2, 3_300, 3_300)]


@pytest.mark.parametrize(
    ("since", "until", "numbers"), [(DAY, DAY, ["1"]), (NEXT, NEXT, ["2"]), (DAY, NEXT, ["1", "2"]), (None, DAY, ["1"])]
)
def test_moved_slips_are_found_under_the_day_of_the_books(client, manager, forgotten, by, since, until, numbers):
    moved(forgotten, by)

    page = sign_in(client, manager).get("/slips/", {"since": since or "", "until": until}).context["page"]

    assert sorted(slip.number for slip in page.slips) == numbers


def test_a_register_may_send_a_moved_slip_again(forgotten, shibuya, by):
    moved(forgotten, by)

    assert book(shibuya, sale("2", 2_200, issued_at=MORNING), by=by, today=NEXT) == [Booked.UNCHANGED]
    assert Slip.objects.count() == 2


def test_movements_go_along(forgotten, paid_out, by, manager):
    by_morning = type(by)(manager, MORNING, "")
    record_movement(forgotten, paid_out, by=by_morning)

    target = moved(forgotten, by)

    target.refresh_from_db()
    assert (CashMovement.objects.get().day, day_figures(target).paid_out) == (target, 880)


def test_a_receipt_keeps_its_date_on_the_day_it_goes_to(forgotten, paid_out, by):
    record_movement(forgotten, paid_out, by=by)
    close_day(forgotten, counts=None, by=by)

    moved(forgotten, by, since=None, to=DAY - timedelta(days=3))

    assert CashMovement.objects.standing().get().receipt_date == DAY


def test_a_mistake_taken_back_on_another_day_is_no_longer_netted(forgotten, shibuya, by):
    original = OriginalSlip("0001", 1, DAY, "1")
    red = {"kind": SlipKind.REVERSAL, "reason": ReversalReason.MISTAKE, "original": original, "issued_at": MORNING}
    book(shibuya, sale("3", -1_100, **red), by=by)

    target = moved(forgotten, by)

    target.refresh_from_db()
    assert {line.nature.value: line.amount for line in day_figures(target).lines} == {"SALE": 2_200, "EARLIER_MISTAKE": -1_100}


def test_of_a_closed_day_red_and_black_slips_are_made(forgotten, by):
    close_day(forgotten, counts=[RegisterCount(1, 3_300, 0)], by=by)
    forgotten.refresh_from_db()

    target = moved(forgotten, by)

    assert sales_of(forgotten, target) == [(3, 1_100, 1_100), (1, 2_200, 2_200)]
    assert list(Slip.objects.order_by("pk").values_list("kind", "total")) == [
        ("SALE", 1_100),
        ("SALE", 2_200),
        ("REVERSAL", -2_200),
        ("CORRECTION", 2_200),
    ]
    assert forgotten.changed_after_close


def test_what_was_moved_by_red_and_black_is_not_moved_twice(forgotten, by):
    close_day(forgotten, counts=[RegisterCount(1, 3_300, 0)], by=by)
    forgotten.refresh_from_db()
    moved(forgotten, by)
    forgotten.refresh_from_db()

    assert movable(forgotten, since=MORNING, to=NEXT).slips == 0


def test_what_is_left_of_a_slip_moves_and_a_slip_over_nothing_too(day, shibuya, by):
    original = OriginalSlip("0001", 1, DAY, "1")
    part = {"kind": SlipKind.REVERSAL, "reason": ReversalReason.RETURN, "original": original}
    nothing = sale("3", taxes=(), payments=(), points=500)
    book(shibuya, sale("1", 3_300), sale("2", -1_100, **part), nothing, by=by)
    close_day(day, counts=[RegisterCount(1, 2_200, 0)], by=by)
    day.refresh_from_db()

    seen = movable(day, since=None, to=NEXT)
    target = moved(day, by, since=None)

    assert (seen.slips, seen.total, seen.left_behind) == (2, 2_200, 1)
    assert [(slip.total, slip.points) for slip in target.slips.order_by("pk")] == [(2_200, 0), (0, 500)]
    assert sales_of(day, target) == [(5, 0, 0), (2, 2_200, 2_200)]


def test_what_came_in_after_the_look_is_not_moved_unseen(forgotten, shibuya, by):
    seen = movable(forgotten, since=MORNING, to=NEXT)
    book(shibuya, sale("3", issued_at=MORNING), by=by)

    with pytest.raises(ChangedMeanwhile):
        move_slips(forgotten, since=MORNING, to=NEXT, seen=seen, reason="x", by=by, today=NEXT)

    assert BusinessDay.objects.count() == 1


def test_slips_are_moved_to_another_day(forgotten, by):
    with pytest.raises(SameDay):
        moved(forgotten, by, to=DAY)


PAGE = f"/days/0001/{DAY}/move/"
CHOICE = {"since": "2026-04-02T10:00", "to": "2026-04-02"}


def test_of_a_forgotten_day_the_next_morning_is_proposed(client, manager, forgotten):
    page = sign_in(client, manager).get(PAGE).content.decode()

    assert ['value="2026-04-02T05:00"' in page, 'value="2026-04-02"' in page] == [True, True]


def test_a_manager_sees_what_moves_and_moves_it(client, manager, forgotten):
    seen = sign_in(client, manager).get(PAGE, CHOICE).context["seen"]

    response = client.post(PAGE, CHOICE | {"seen": seen, "reason": "閉局忘れ"})

    assert (seen, response.url) == ("1 2200 0 0 1", f"/days/0001/{NEXT}/")
    assert Slip.objects.get(number="2").day.date == NEXT


def test_a_manager_who_saw_something_else_is_shown_it_again(client, manager, forgotten):
    page = sign_in(client, manager).post(PAGE, CHOICE | {"seen": "0 0 0 0 0", "reason": "閉局忘れ"}).content.decode()

    assert "何も移していません。" in page


@pytest.mark.parametrize(("name", "status"), [("clerk", 403), ("accountant", 403), ("rival_admin", 404)])
def test_only_managers_move_slips(client, request, forgotten, name, status):
    assert sign_in(client, request.getfixturevalue(name)).get(PAGE).status_code == status
