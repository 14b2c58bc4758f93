from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from closing.cash import DENOMINATIONS
from closing.pickup_pieces import Pieces, left_to_change, propose_pickup

drawers = st.dictionaries(st.sampled_from(DENOMINATIONS), st.integers(0, 4), max_size=5)


def yen_of(counts):
    return sum(denomination * number for denomination, number in counts.items())


def every_choice(counts):
    return (dict(zip(counts, chosen, strict=True)) for chosen in product(*(range(number + 1) for number in counts.values())))


def test_the_large_pieces_go_and_the_change_stays():
    drawer = {10000: 5, 1000: 22, 500: 10, 100: 30}

    assert propose_pickup(drawer, carry_over=30_000) == (
        Pieces(10000, counted=5, going=5),
        Pieces(1000, counted=22, going=0),
        Pieces(500, counted=10, going=0),
        Pieces(100, counted=30, going=0),
    )


def test_two_thousand_yen_notes_go_where_they_can():
    assert propose_pickup({5000: 1, 2000: 3}, carry_over=5000) == (Pieces(5000, 1, 0), Pieces(2000, 3, 3))


def test_a_drawer_of_large_notes_has_to_be_changed():
    pieces = propose_pickup({10000: 3}, carry_over=25_000)

    assert (pieces, left_to_change(pieces, pickup=5000)) == ((Pieces(10000, 3, 0),), 5000)


def test_nothing_goes_from_a_drawer_that_has_to_be_filled_up():
    pieces = propose_pickup({1000: 20}, carry_over=30_000)

    assert (pieces, left_to_change(pieces, pickup=-10_000)) == ((Pieces(1000, 20, 0),), 0)


@given(drawers, st.integers(0, 60_000))
def test_what_goes_is_the_most_that_leaves_the_float(counts, carry_over):
    pieces = propose_pickup(counts, carry_over=carry_over)

    most = max((yen_of(chosen) for chosen in every_choice(counts) if yen_of(chosen) <= yen_of(counts) - carry_over), default=0)
    assert sum(each.amount for each in pieces) == most


@given(drawers, st.integers(0, 60_000))
def test_each_piece_that_was_counted_stays_or_goes(counts, carry_over):
    pieces = propose_pickup(counts, carry_over=carry_over)

    assert {each.denomination: each.going + each.staying for each in pieces} == {coin: number for coin, number in counts.items() if number}
    assert all(0 <= each.going <= each.counted for each in pieces)
