import pytest

from closing.cash import DENOMINATIONS, DifferenceKind, cash_difference, counted_total, difference_kind, expected_cash, pickup


def test_a_count_is_the_sum_of_its_pieces():
    assert counted_total(dict.fromkeys(DENOMINATIONS, 2)) == 2 * 18_666


@pytest.mark.parametrize("counts", [{2500: 1}, {10000: -1}, {0: 3}])
def test_what_does_not_exist_cannot_be_counted(counts):
    with pytest.raises(ValueError, match="cannot be counted"):
        counted_total(counts)


def test_expected_cash_is_float_plus_what_came_minus_what_went():
    expected = expected_cash(opening_float=30000, cash_sales=50000, cash_refunds=1100, voucher_change=50, paid_in=5000, paid_out=3240)

    assert expected == 80610


@pytest.mark.parametrize(
    ("actual", "difference", "kind"), [(900, -100, DifferenceKind.SHORT), (1000, 0, DifferenceKind.NONE), (1001, 1, DifferenceKind.OVER)]
)
def test_a_difference_is_what_was_counted_beyond_the_expected(actual, difference, kind):
    assert cash_difference(actual, 1000) == difference
    assert difference_kind(difference) is kind


def test_the_pickup_is_what_the_float_of_tomorrow_leaves():
    assert pickup(84210, 30000) == 54210
