from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing.cash import DENOMINATIONS, counted_total
from closing.categories import MovementDirection
from closing.difference_hints import Cause, CountedDrawer, MovementSeen, SlipSeen, amounts_to_look_for, suggest

TODAY, EARLIER = date(2026, 4, 1), date(2026, 3, 28)
IN, OUT = MovementDirection.PAID_IN, MovementDirection.PAID_OUT


def off_by(difference, **drawer):
    """A drawer that should hold ¥43,217, without figures that would suggest anything by themselves."""
    return CountedDrawer(expected=43_217, actual=43_217 + difference, **drawer)


def causes(drawer, **seen):
    return [hint.cause for hint in suggest(drawer, **seen)]


def test_where_nothing_is_missing_nothing_is_said():
    assert suggest(off_by(0, opening_float=0), slips=[SlipSeen(1, "000001", 0)]) == []


def test_where_nothing_is_likely_nothing_is_said():
    assert suggest(off_by(-1_237)) == []


@pytest.mark.parametrize(
    ("difference", "slip", "cause"),
    [
        (-880, SlipSeen(1, "000123", 880), Cause.CASH_SALE),
        (880, SlipSeen(1, "000123", 880, is_cash=False), Cause.OTHER_SALE),
        (880, SlipSeen(1, "000123", 880, is_red=True), Cause.CASH_REFUND),
        (-880, SlipSeen(1, "000123", 880, is_red=True, is_cash=False), Cause.OTHER_REFUND),
    ],
)
def test_a_slip_of_the_same_amount_is_named(difference, slip, cause):
    (hint,) = suggest(off_by(difference), slips=[slip])

    assert (hint.cause, hint.slip, hint.amount, hint.is_alone) == (cause, slip, 880, True)


@pytest.mark.parametrize("slip", [SlipSeen(1, "1", 880), SlipSeen(1, "1", 880, is_red=True, is_cash=False), SlipSeen(1, "1", 881)])
def test_a_slip_that_would_make_the_drawer_short_explains_no_surplus(slip):
    assert suggest(off_by(880), slips=[slip]) == []


def test_of_several_slips_of_the_same_amount_one_is_named_and_called_one_of_several():
    hints = suggest(off_by(-880), slips=[SlipSeen(2, "000124", 880), SlipSeen(1, "000123", 880)])

    assert [(hint.slip.number, hint.is_alone) for hint in hints] == [("000124", False)]


@pytest.mark.parametrize(
    ("difference", "movement", "cause"),
    [
        (-880, MovementSeen(TODAY, IN, 880, is_today=True), Cause.PAID_TODAY),
        (880, MovementSeen(TODAY, OUT, 880, is_today=True), Cause.PAID_TODAY),
        (-880, MovementSeen(EARLIER, OUT, 880), Cause.PAID_BEFORE),
        (880, MovementSeen(EARLIER, IN, 880), Cause.PAID_BEFORE),
        (-880, MovementSeen(TODAY, IN, 440, is_today=True), Cause.WRONG_DIRECTION),
        (880, MovementSeen(TODAY, OUT, 440, is_today=True), Cause.WRONG_DIRECTION),
    ],
)
def test_a_movement_that_fits_is_named(difference, movement, cause):
    (hint,) = suggest(off_by(difference), movements=[movement])

    assert (hint.cause, hint.movement) == (cause, movement)


@pytest.mark.parametrize(
    "movement", [MovementSeen(TODAY, OUT, 880, is_today=True), MovementSeen(EARLIER, IN, 880), MovementSeen(EARLIER, OUT, 440)]
)
def test_a_movement_that_does_not_fit_is_not_named(movement):
    assert suggest(off_by(-880), movements=[movement]) == []


@pytest.mark.parametrize(
    ("difference", "denomination", "pieces"),
    [(10_000, 10_000, 1), (-5_000, 5_000, 1), (1_000, 1_000, 1), (-2_000, 1_000, 2), (500, 500, 1), (-30, 10, 3), (4, 1, 4)],
)
def test_pieces_counted_twice_or_missed_are_told_by_denomination(difference, denomination, pieces):
    hint = suggest(off_by(difference))[0]

    assert (hint.cause, hint.denominations, hint.pieces, hint.is_short) == (Cause.PIECES, (denomination,), pieces, difference < 0)


def test_a_single_note_is_likelier_than_a_slip_of_its_amount():
    assert causes(off_by(-1_000), slips=[SlipSeen(1, "000123", 1_000)]) == [Cause.PIECES, Cause.CASH_SALE]


def test_a_coin_is_less_likely_than_a_slip_of_its_amount():
    assert causes(off_by(-100), slips=[SlipSeen(1, "000123", 100)]) == [Cause.CASH_SALE, Cause.PIECES]


def test_a_roll_of_coins_is_thought_of():
    hint = suggest(off_by(-2_500))[0]

    assert (hint.cause, hint.denominations) == (Cause.ROLL, (50,))


def test_a_float_that_was_not_counted_along_is_thought_of_first():
    assert causes(off_by(-30_000, opening_float=30_000))[0] is Cause.FLOAT_NOT_COUNTED


def test_a_float_that_was_typed_wrong_at_the_opening_is_thought_of():
    assert causes(off_by(-2_300, opening_float=32_300, float_adjustment=2_300)) == [Cause.FLOAT_CHANGED]


@pytest.mark.parametrize(("typed", "cause"), [(43_271, Cause.DIGITS_SWAPPED), (34_217, Cause.DIGITS_SWAPPED)])
def test_swapped_digits_of_the_total_are_found(typed, cause):
    assert causes(CountedDrawer(expected=43_217, actual=typed)) == [cause]


@pytest.mark.parametrize(("expected", "typed"), [(43_210, 4_321), (4_321, 43_210)])
def test_a_zero_too_many_or_too_few_is_found(expected, typed):
    assert causes(CountedDrawer(expected, typed))[0] is Cause.ZERO_OFF


def test_numbers_of_pieces_in_each_others_field_are_found():
    hint = suggest(CountedDrawer(expected=31_000, actual=11_000, pieces=((5_000, 1), (1_000, 6))))[0]

    assert (hint.cause, hint.denominations) == (Cause.PIECES_SWAPPED, (5_000, 1_000))


@pytest.mark.parametrize(("difference", "is_said"), [(-180, True), (270, True), (-8_100, True), (99, False), (-1_017, False)])
def test_a_difference_like_that_of_two_swapped_digits_is_told(difference, is_said):
    assert (Cause.NINE in causes(off_by(difference))) is is_said


@pytest.mark.parametrize(("difference", "looked_for"), [(-880, [880, 440]), (881, [881])])
def test_the_whole_and_half_of_a_difference_are_looked_for(difference, looked_for):
    assert amounts_to_look_for(difference) == looked_for


drawers = st.builds(
    CountedDrawer,
    expected=st.integers(-5_000, 99_999),
    actual=st.integers(0, 99_999),
    opening_float=st.sampled_from([0, 10_000, 30_000]),
    float_adjustment=st.integers(-500, 500),
)
slips = st.builds(SlipSeen, st.integers(1), st.just("000001"), st.integers(1, 3_000), st.booleans(), st.booleans())
movements = st.builds(MovementSeen, st.sampled_from([TODAY, EARLIER]), st.sampled_from([IN, OUT]), st.integers(1, 3_000))


@given(drawers, st.lists(slips, max_size=20), st.lists(movements, max_size=20))
def test_there_are_at_most_three_hints_each_of_another_kind(drawer, slips, movements):
    told = causes(drawer, slips=slips, movements=movements)

    assert len(told) == len(set(told)) <= 3


@given(drawers, st.lists(slips, max_size=20), st.lists(movements, max_size=20))
def test_a_hint_names_only_what_has_the_amount_of_the_difference(drawer, slips, movements):
    hints = suggest(drawer, slips=slips, movements=movements)

    named = {thing.amount for hint in hints if (thing := hint.slip or hint.movement)}
    in_pieces = {hint.pieces * hint.denominations[0] for hint in hints if hint.cause in (Cause.PIECES, Cause.ROLL)}
    assert (named | in_pieces) <= set(amounts_to_look_for(drawer.difference))


@given(st.dictionaries(st.sampled_from(DENOMINATIONS), st.integers(1, 30), min_size=2), st.integers(0, 8))
def test_whatever_was_counted_into_the_neighbouring_field_is_found(pieces, place):
    first, second = DENOMINATIONS[place : place + 2]
    swapped = pieces | {first: pieces.get(second, 0), second: pieces.get(first, 0)}
    drawer = CountedDrawer(counted_total(pieces), counted_total(swapped), pieces=tuple(swapped.items()))

    found = [hint.denominations for hint in suggest(drawer) if hint.cause is Cause.PIECES_SWAPPED]
    assert bool(found) is (drawer.difference != 0)
