from uuid import uuid4

import pytest

from closing.cash_movements import pick_up_cash
from closing.figures import DayFigures, RegisterCash
from closing.movement_corrections import cancel_movement
from closing.pickup_sheet import pieces_together, register_pickups
from closing.trading_day import RegisterCount, close_day
from tests.cast import sign_in
from tests.closing.conftest import book, sale

SHEET = "/days/0001/2026-04-01/pickup-sheet/"
AT_TILL = "/register/2026-04-01/pickup-sheet/"


def drawer(number, counts, carry_over, **changes):
    actual = sum(denomination * pieces for denomination, pieces in counts.items())
    return RegisterCash(number, actual_cash=actual, carry_over=carry_over, counts=tuple(counts.items()), **changes)


def sums_on(page):
    return tuple(page.context[name] for name in ("after_close", "during_day", "altogether"))


def test_the_bank_gets_the_pieces_of_all_drawers_together():
    figures = DayFigures(registers=(drawer(1, {10000: 3, 1000: 5}, 5000), drawer(2, {10000: 1, 500: 4}, 1500)))

    assert pieces_together(register_pickups(figures)) == ((10000, 4), (500, 1))


def test_of_a_drawer_that_was_not_counted_by_pieces_nobody_knows_them():
    whole = RegisterCash(2, actual_cash=9000, carry_over=1000)

    pickups = register_pickups(DayFigures(registers=(drawer(1, {10000: 1}, 0), whole)))

    assert (pieces_together(pickups), pickups[1].left_to_change) == ((), 0)


def test_what_is_not_counted_or_not_used_has_nothing_to_pick_up():
    registers = (RegisterCash(1), RegisterCash(2, actual_cash=0, carry_over=0, is_unused=True))

    assert register_pickups(DayFigures(registers=registers)) == ()


def test_the_sheet_adds_what_was_picked_up_during_the_day(client, clerk, day, shibuya, register, by):
    book(shibuya, sale("1", amount=33_000), by=by)
    pick_up_cash(day, register, amount=10_000, memo="金庫へ", key=uuid4(), by=by)
    close_day(day, counts=[RegisterCount(1, 23_000, 3000, pieces={10000: 2, 1000: 3})], by=by)

    page = sign_in(client, clerk).get(SHEET)

    assert sums_on(page) == (20_000, 10_000, 30_000)


def test_an_open_day_shows_what_was_picked_up_so_far(client, clerk, day, shibuya, register, by):
    book(shibuya, sale("1", amount=33_000), by=by)
    pick_up_cash(day, register, amount=10_000, memo="", key=uuid4(), by=by)
    taken_back = pick_up_cash(day, register, amount=500, memo="", key=uuid4(), by=by)
    cancel_movement(taken_back, reason="入力間違い", by=by)

    assert sums_on(sign_in(client, clerk).get(SHEET)) == (0, 10_000, 10_000)


def test_the_till_prints_the_sheet_of_its_own_store(at_till, clerk, day, kichijoji):
    assert at_till(clerk).get(AT_TILL).status_code == 200
    assert at_till(clerk).get(SHEET).status_code == 403


@pytest.mark.parametrize("address", ["/days/9001/2026-04-01/pickup-sheet/", "/days/0001/2026-04-02/pickup-sheet/"])
def test_what_does_not_exist_has_no_sheet(client, clerk, day, address):
    assert sign_in(client, clerk).get(address).status_code == 404


def test_a_rival_has_no_sheet_of_ours(client, rival_admin, day):
    assert sign_in(client, rival_admin).get(SHEET).status_code == 404
