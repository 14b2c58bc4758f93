from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing.chart_scale import Scale, Tick, change_permille, round_step, share_permille
from closing.charts import ACROSS, Series, Slot, column_chart, line_chart

yen = st.integers(-(10**12), 10**12)
tables = st.integers(1, 7).flatmap(
    lambda width: st.lists(st.lists(st.none() | yen, min_size=width, max_size=width), min_size=1, max_size=3)
)


def drawn(draw, table):
    return draw([Slot(str(number)) for number in range(len(table[0]))], [Series("", amounts) for amounts in table])


@pytest.mark.parametrize(
    ("span", "step"), [(1, 1), (5, 1), (6, 2), (26, 10), (99, 20), (100_000, 20_000), (100_001, 50_000), (1_234_567, 500_000)]
)
def test_the_amounts_beside_a_chart_are_round(span, step):
    assert round_step(span) == step


def test_a_scale_begins_at_nothing_and_ends_above_the_highest_amount():
    scale = Scale.over([180_000, 420_000], height=100)

    assert scale.ticks == tuple(Tick(amount, y) for amount, y in zip(range(500_000, -1, -100_000), range(0, 101, 20), strict=True))


def test_a_chart_of_nothing_still_has_a_scale():
    assert [tick.amount for tick in Scale.over([], height=100).ticks] == [1, 0]


@given(st.lists(yen, min_size=1))
def test_every_amount_lies_on_the_scale_and_higher_amounts_lie_higher(amounts):
    scale = Scale.over(amounts, height=220)

    heights = [scale.y(amount) for amount in sorted(amounts)]
    assert heights == sorted(heights, reverse=True)
    assert all(0 <= height <= 220 for height in heights)
    assert len(scale.ticks) <= 8
    assert all(tick.amount % scale.step == 0 for tick in scale.ticks)


@given(tables)
def test_the_slots_fill_the_width_without_gap_or_overlap(table):
    columns = drawn(column_chart, table).columns

    assert [column.left for column in columns[1:]] == [column.left + column.width for column in columns[:-1]]
    assert (columns[0].left, columns[-1].left + columns[-1].width) == (0, ACROSS)


@given(tables)
def test_a_column_shows_every_amount_that_is_not_nothing(table):
    columns = drawn(column_chart, table).columns

    shown = [[piece.amount for piece in column.pieces] for column in columns]
    assert shown == [[amount for amount in slot if amount] for slot in zip(*table, strict=True)]
    assert all(piece.height >= 1 for column in columns for piece in column.pieces)


@given(tables)
def test_a_column_reaches_as_high_and_as_low_as_its_amounts_together(table):
    chart = drawn(column_chart, table)

    for column in chart.columns:
        above, below = ([piece for piece in column.pieces if (piece.amount > 0) is is_above] for is_above in (True, False))
        assert [piece.y for piece in above[-1:]] == [chart.scale.y(sum(piece.amount for piece in above))][: len(above)]
        assert [piece.y for piece in below[:1]] == [chart.zero][: len(below)]
        assert [piece.y for piece in below] == sorted(piece.y for piece in below)


@given(tables)
def test_a_line_is_interrupted_where_an_amount_is_missing(table):
    lines = drawn(line_chart, table).lines

    for line, amounts in zip(lines, table, strict=True):
        assert [point.amount for point in line.marks] == [amount for amount in amounts if amount is not None]
        assert len(line.stretches) == sum(None not in pair for pair in pairwise(amounts))


@pytest.mark.parametrize(("amount", "before", "permille"), [(1100, 1000, 100), (995, 1000, -5), (2, 3, -333), (0, 5, -1000), (5, 0, None)])
def test_a_change_is_told_in_tenths_of_a_percent(amount, before, permille):
    assert change_permille(amount, before) == permille


@pytest.mark.parametrize(("amount", "whole", "permille"), [(1, 3, 333), (2, 3, 667), (-1, 4, -250), (0, 0, None)])
def test_a_share_is_told_in_tenths_of_a_percent(amount, whole, permille):
    assert share_permille(amount, whole) == permille
