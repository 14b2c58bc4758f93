import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing.categories import ReversalReason, TaxCategory
from closing.slip_content import PaymentPart, TaxPart
from closing.taking_back import MoreThanLeft, TakingBack, payments_left, red_payments, red_taxes, taxes_left

TEN, EIGHT = TaxCategory.STANDARD_10, TaxCategory.REDUCED_8
BILL = (TaxPart(TEN, 1100, 100), TaxPart(EIGHT, 541, 40))
VOUCHER = (PaymentPart("GIFT", 900, overage=100),)


@st.composite
def bills_and_bites(draw):
    """A bill of one category, and the amounts that are taken back of it until nothing is left."""
    amount = draw(st.integers(1, 100_000))
    part = TaxPart(TEN, amount, draw(st.integers(0, amount)))
    bites = []
    while amount:
        bites.append(draw(st.integers(1, amount)) if len(bites) < 5 else amount)
        amount -= bites[-1]
    return part, bites


def test_a_whole_slip_is_taken_back_with_exactly_its_tax():
    red = red_taxes(BILL, {TEN: 1100, EIGHT: 541})

    assert red == (TaxPart(TEN, -1100, -100), TaxPart(EIGHT, -541, -40))


def test_a_part_is_taken_back_with_its_share_of_the_tax():
    assert red_taxes(BILL, {TEN: 330, EIGHT: 0}) == (TaxPart(TEN, -330, -30),)


@given(bills_and_bites())
def test_the_parts_of_a_slip_add_up_to_its_amount_and_tax(bill_and_bites):
    bill, bites = bill_and_bites
    taken = []
    for bite in bites:
        (part,) = red_taxes(taxes_left([bill], taken), {TEN: bite})
        assert part.amount <= part.tax <= 0
        taken.append(part)

    assert taxes_left([bill], taken) == (TaxPart(TEN, 0, 0),)


@pytest.mark.parametrize("amounts", [{TEN: 1101}, {TEN: -1}, {TaxCategory.EXEMPT: 1}])
def test_no_category_gives_back_more_than_is_left_of_it(amounts):
    with pytest.raises(MoreThanLeft):
        red_taxes(BILL, amounts)


def test_a_card_sale_may_be_refunded_in_cash():
    taking = TakingBack(ReversalReason.RETURN, {TEN: 1100}, {"VISA": 0, "CASH": 1100})

    assert red_payments([PaymentPart("VISA", 1100)], taking) == (PaymentPart("CASH", -1100),)


@pytest.mark.parametrize(("reason", "overage"), [(ReversalReason.MISTAKE, -100), (ReversalReason.RETURN, 0)])
def test_only_a_mistake_takes_back_what_a_voucher_exceeded_its_bill_by(reason, overage):
    taking = TakingBack(reason, {TEN: 900}, {"GIFT": 900})

    assert red_payments(VOUCHER, taking) == (PaymentPart("GIFT", -900, overage=overage),)


def test_a_refund_by_another_method_leaves_the_payments_as_they_are():
    assert payments_left(VOUCHER, [PaymentPart("CASH", -900)]) == VOUCHER
