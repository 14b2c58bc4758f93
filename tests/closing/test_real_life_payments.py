"""How shops are paid and what they deduct, and what the books say of it."""

import pytest

from closing.categories import TaxCategory
from closing.models import CashMovement, CashReason
from closing.slip_content import PaymentPart, TaxPart
from closing.trading_day import close_day, open_day, record_movement
from tests.closing.cases import OUTSIDE, REDUCED, STANDARD, TOMORROW, close, posted, taxes
from tests.closing.conftest import sale

pytestmark = pytest.mark.usefixtures("books_add_up")


def test_cash_card_and_voucher_over_two_rates_keep_both_margins(shop, by):
    payments = (PaymentPart("CASH", 333), PaymentPart("VISA", 2000), PaymentPart("GIFT", 1000))

    closing = close(shop, sale("1", taxes=(TaxPart(STANDARD, 2200, 200), TaxPart(REDUCED, 1133, 83)), payments=payments), by=by)

    assert {total.method: total.amount for total in closing.figures.methods} == {"CASH": 333, "VISA": 2000, "GIFT": 1000}
    assert taxes(closing) == {STANDARD: 200, REDUCED: 83}
    assert sum(posted(closing).values()) == 3333


def test_change_on_a_voucher_leaves_the_drawer(shop, by):
    closing = close(shop, sale("1", payments=(PaymentPart("GIFT", 2000), PaymentPart("CASH", -900))), by=by)

    assert closing.expected_cash == -900
    assert posted(closing) == {"sales/GIFT/STANDARD_10": 2000, "sales/CASH/STANDARD_10": -900}


def test_what_a_voucher_without_change_exceeds_the_bill_by_is_income_of_its_own(shop, by):
    closing = close(shop, sale("1", payments=(PaymentPart("GIFT", 1100, tendered=1500, overage=400),)), by=by)

    assert posted(closing) == {"sales/GIFT/STANDARD_10": 1100, "overage/GIFT": 400}


def test_an_own_voucher_is_no_sale_when_sold_and_one_when_used(shop, by):
    sold = close(shop, sale("1", taxes=(TaxPart(TaxCategory.NON_SALES_VOUCHER, 1000, 0),), payments=(PaymentPart("CASH", 1000),)), by=by)
    used = close(shop, sale("2", method="OWN", business_date=TOMORROW), by=by, day=TOMORROW)

    assert (sold.sales_total, posted(sold)) == (0, {"sales/CASH/NON_SALES_VOUCHER": 1000})
    assert (used.sales_total, posted(used)) == (1100, {"sales/OWN/STANDARD_10": 1100})


def test_a_deposit_is_taken_then_applied(shop, by):
    deposit = TaxPart(TaxCategory.NON_SALES_DEPOSIT, 3000, 0)
    taken = close(shop, sale("1", taxes=(deposit,), payments=(PaymentPart("CASH", 3000),)), by=by)
    bill = sale("2", 11_000, payments=(PaymentPart("DEPOSIT", 3000), PaymentPart("CASH", 8000)), business_date=TOMORROW)

    applied = close(shop, bill, by=by, day=TOMORROW)

    assert (taken.sales_total, applied.sales_total) == (0, 11_000)
    assert posted(applied) == {"sales/DEPOSIT/STANDARD_10": 3000, "sales/CASH/STANDARD_10": 8000}


def test_a_forfeited_deposit_is_income_outside_the_tax(shop, by):
    closing = close(shop, sale("1", taxes=(TaxPart(OUTSIDE, 3000, 0),), payments=(PaymentPart("DEPOSIT", 3000),)), by=by)

    assert (posted(closing), taxes(closing)) == ({"sales/DEPOSIT/OUT_OF_SCOPE": 3000}, {OUTSIDE: 0})


def test_a_sale_on_account_is_collected_as_paid_in(shop, register, company, by):
    collected = CashReason.objects.create(
        company=company, code="0009", name="売掛金回収", for_paid_in=True, account="売掛金", sub_account="YAMADA"
    )
    close(shop, sale("1", method="YAMADA"), by=by)
    later = open_day(shop, TOMORROW, by=by, today=TOMORROW)
    movement = record_movement(later, CashMovement(register=register, direction="PAID_IN", reason=collected, amount=1100), by=by)

    closing = close_day(later, counts=None, by=by)

    assert (closing.sales_total, closing.expected_cash, posted(closing)) == (0, 1100, {f"paid_in/{movement.uuid.hex}": 1100})


def test_a_slip_over_nothing_is_counted_and_not_posted(shop, by):
    closing = close(shop, sale("1", taxes=(), payments=()), by=by)

    assert (closing.slip_count, closing.sales_total, posted(closing)) == (1, 0, {})


def test_a_staff_meal_at_half_price_is_taxed_on_what_was_paid(shop, by):
    closing = close(shop, sale("1", 550, discount=550), by=by)

    assert (closing.figures.sales_tax, closing.figures.slips.discount, posted(closing)) == (50, 550, {"sales/CASH/STANDARD_10": 550})


def test_a_discount_on_the_whole_bill_lowers_both_rates(shop, by):
    bill = sale("1", taxes=(TaxPart(STANDARD, 990, 90), TaxPart(REDUCED, 972, 72)), payments=(PaymentPart("CASH", 1962),), discount=218)

    closing = close(shop, bill, by=by)

    assert (taxes(closing), closing.figures.slips.discount) == ({STANDARD: 90, REDUCED: 72}, 218)
    assert posted(closing) == {"sales/CASH/STANDARD_10": 990, "sales/CASH/REDUCED_8": 972}


def test_own_points_are_a_discount_and_shared_points_pay(shop, by):
    shared = sale("2", payments=(PaymentPart("SHARED", 100), PaymentPart("CASH", 1000)))

    closing = close(shop, sale("1", 1000, points=100), shared, by=by)

    assert (closing.figures.slips.points, closing.sales_total) == (100, 2100)
    assert posted(closing) == {"sales/CASH/STANDARD_10": 2000, "sales/SHARED/STANDARD_10": 100}


def test_a_delivery_service_owes_what_it_collected(shop, by):
    delivered = sale("1", taxes=(TaxPart(REDUCED, 1080, 80),), payments=(PaymentPart("EATS", 1080),))

    assert posted(close(shop, delivered, by=by)) == {"sales/EATS/REDUCED_8": 1080}


def test_a_service_charge_is_inside_the_amount(shop, by):
    closing = close(shop, sale("1", 1210, service_charge=110), by=by)

    assert (closing.figures.slips.service_charge, posted(closing)) == (110, {"sales/CASH/STANDARD_10": 1210})
