import pytest
from hypothesis import given

from closing.split import Unsplittable, apportion, split
from tests.strategies import black_slips, slips


def margins_of(slip):
    return [payment.amount for payment in slip.payments], [(part.amount, part.tax) for part in slip.taxes]


@given(slips)
def test_every_payment_is_spent_to_the_yen(slip):
    payments, categories = margins_of(slip)

    cells = split(payments, categories)

    assert [sum(amount for amount, _ in row) for row in cells] == payments


@given(slips)
def test_every_category_is_paid_to_the_yen_with_its_tax(slip):
    payments, categories = margins_of(slip)

    cells = split(payments, categories)

    paid = [(sum(amount for amount, _ in column), sum(tax for _, tax in column)) for column in zip(*cells, strict=True)]
    assert paid == (categories if payments else [])


@given(slips)
def test_the_tax_of_a_cell_never_exceeds_the_cell(slip):
    cells = split(*margins_of(slip))

    assert all(min(0, amount) <= tax <= max(0, amount) for row in cells for amount, tax in row)


@given(slips)
def test_no_cell_exceeds_its_payment(slip):
    payments, categories = margins_of(slip)

    cells = split(payments, categories)

    assert all(min(0, payment) <= amount <= max(0, payment) for payment, row in zip(payments, cells, strict=True) for amount, _ in row)


@given(black_slips())
def test_a_red_slip_splits_into_the_negative_of_the_slip_it_takes_back(slip):
    payments, categories = margins_of(slip)

    red = split([-payment for payment in payments], [(-amount, -tax) for amount, tax in categories])

    assert red == [[(-amount, -tax) for amount, tax in row] for row in split(payments, categories)]


def test_a_voucher_that_gave_change_is_split_like_the_bill():
    cells = split([1000, -50], [(540, 40), (410, 37)])

    assert cells == [[(568, 42), (432, 39)], [(-28, -2), (-22, -2)]]


def test_a_bill_of_nothing_puts_voucher_and_change_into_the_first_category_without_tax():
    cells = split([500, -500], [(0, 0), (0, 0)])

    assert cells == [[(500, 0), (0, 0)], [(-500, 0), (0, 0)]]


def test_a_free_slip_has_an_empty_split():
    assert split([], []) == []


@pytest.mark.parametrize(
    ("payments", "categories"),
    [
        ([100], [(99, 0)]),
        ([100], [(200, 10), (-100, -5)]),
        ([100], [(100, 101)]),
        ([-100], [(-100, 1)]),
        ([500, -500], []),
    ],
)
def test_margins_that_contradict_each_other_cannot_be_split(payments, categories):
    with pytest.raises(Unsplittable):
        split(payments, categories)


def test_a_remaining_yen_goes_to_the_first_of_equals():
    assert apportion(10, [7, 7, 7]) == [4, 3, 3]


def test_nothing_can_be_shared_out_over_weights_that_cancel_each_other_out():
    with pytest.raises(Unsplittable):
        apportion(1, [500, -500])
