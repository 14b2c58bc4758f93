import dataclasses
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given

from closing.categories import ReversalReason, SlipKind, TaxCategory
from closing.slip_content import OriginalSlip, PaymentPart, Problem, ProblemCode, SlipContent, TaxPart, content_digest
from closing.slip_messages import SENTENCES, sentence
from closing.slip_rules import broken_rules
from tests.strategies import KINDS, slips, taken_back

SALE = SlipContent(
    number="000123",
    kind=SlipKind.SALE,
    business_date=date(2026, 4, 1),
    issued_at=datetime(2026, 4, 1, 3, 34, 56, tzinfo=UTC),
    register_number=1,
    staff_code="0102",
    taxes=(TaxPart(TaxCategory.STANDARD_10, 1100, 100), TaxPart(TaxCategory.EXEMPT, 500, 0)),
    payments=(PaymentPart("VOUCHER", 2000), PaymentPart("CASH", -400)),
)
RED = taken_back(SALE, ReversalReason.MISTAKE)
ORIGINAL = OriginalSlip("0001", 1, date(2026, 4, 1), "000123")


def changed(slip=SALE, **changes):
    return dataclasses.replace(slip, **changes)


@given(slips)
def test_what_a_till_prints_breaks_no_rule(slip):
    assert broken_rules(slip, KINDS) == []


def test_a_free_slip_breaks_no_rule():
    assert broken_rules(changed(taxes=(), payments=()), KINDS) == []


@pytest.mark.parametrize(
    ("slip", "problem"),
    [
        (changed(number="12 3"), Problem(ProblemCode.NOT_A_CODE, "伝票番号", "12 3")),
        (changed(register_number=0), Problem(ProblemCode.NOT_A_NUMBER, "POS番号", "0")),
        (changed(business_date=date(2019, 9, 30)), Problem(ProblemCode.TOO_EARLY, "営業日", "2019-09-30")),
        (changed(original=ORIGINAL), Problem(ProblemCode.ORIGINAL_UNEXPECTED, "元伝票")),
        (changed(reason=ReversalReason.RETURN), Problem(ProblemCode.REASON_UNEXPECTED, "理由")),
        (changed(RED, original=None), Problem(ProblemCode.ORIGINAL_REQUIRED, "元伝票")),
        (changed(RED, reason=None), Problem(ProblemCode.REASON_REQUIRED, "理由")),
        (changed(kind=SlipKind.CORRECTION), Problem(ProblemCode.ORIGINAL_REQUIRED, "元伝票")),
        (changed(discount=-1), Problem(ProblemCode.NEGATIVE_ON_BLACK, "値引", "-1")),
        (changed(RED, guests=2), Problem(ProblemCode.POSITIVE_ON_RED, "客数", "2")),
        (changed(discount=1_000_000_000), Problem(ProblemCode.TOO_LARGE, "値引", "1000000000")),
    ],
)
def test_a_slip_that_breaks_one_rule_is_told_which(slip, problem):
    assert broken_rules(slip, KINDS) == [problem]


@pytest.mark.parametrize(
    ("taxes", "payments", "problem"),
    [
        ([("STANDARD_10", 1100, 100)], [("CASH", 1099)], Problem(ProblemCode.PAYMENTS_DIFFER, "支払", "1099 / 1100")),
        ([("STANDARD_10", 1100, 1101)], [("CASH", 1100)], Problem(ProblemCode.TAX_OUT_OF_RANGE, "10%消費税", "1101")),
        ([("EXEMPT", 1100, 1)], [("CASH", 1100)], Problem(ProblemCode.TAX_ON_UNTAXED, "非課税額", "1")),
        ([("EXEMPT", 50, 0), ("EXEMPT", 50, 0)], [("CASH", 100)], Problem(ProblemCode.REPEATED_CATEGORY, "非課税額")),
        ([("EXEMPT", 100, 0)], [("CASH", 50), ("CASH", 50)], Problem(ProblemCode.REPEATED_METHOD, "支払:CASH")),
        ([("EXEMPT", 100, 0)], [("CASH", 200), ("CREDIT", -100)], Problem(ProblemCode.NEGATIVE_ON_BLACK, "支払:CREDIT", "-100")),
        ([("EXEMPT", 100, 0)], [("PAYPAY", 100)], Problem(ProblemCode.UNKNOWN_METHOD, "支払:PAYPAY", "PAYPAY")),
        ([("EXEMPT", 100, 0)], [("CASH", 100, 0, 0, 20)], Problem(ProblemCode.OVERAGE_WITHOUT_VOUCHER, "支払:CASH", "20")),
        ([("EXEMPT", 100, 0)], [("CREDIT", 300), ("CASH", -200)], Problem(ProblemCode.CHANGE_WITHOUT_VOUCHER, "支払:CASH", "-200")),
        (
            [("EXEMPT", 100, 0)],
            [("CREDIT", 300), ("VOUCHER", 100), ("CASH", -300)],
            Problem(ProblemCode.CHANGE_WITHOUT_VOUCHER, "支払:CASH", "-300"),
        ),
        ([], [("VOUCHER", 500), ("CASH", -500)], Problem(ProblemCode.NOTHING_SOLD, "支払")),
    ],
)
def test_amounts_that_cannot_be_are_named(taxes, payments, problem):
    slip = changed(
        taxes=tuple(TaxPart(TaxCategory(category), amount, tax) for category, amount, tax in taxes),
        payments=tuple(PaymentPart(*payment) for payment in payments),
    )

    assert broken_rules(slip, KINDS) == [problem]


def test_tax_free_sales_are_refused_from_november_2026_but_can_still_be_taken_back():
    tax_free = (TaxPart(TaxCategory.EXPORT, 1600, 0),)
    sale = changed(taxes=tax_free, business_date=date(2026, 11, 1))

    assert broken_rules(sale, KINDS) == [Problem(ProblemCode.CATEGORY_NOT_SOLD, "免税売上額", "2026-11-01")]
    assert broken_rules(taken_back(sale, ReversalReason.RETURN), KINDS) == []


@given(slips)
def test_the_same_content_has_the_same_digest_in_any_order_and_time_zone(slip):
    same = dataclasses.replace(
        slip,
        taxes=slip.taxes[::-1],
        payments=(*slip.payments[::-1], PaymentPart("UNUSED", 0)),
        issued_at=slip.issued_at.astimezone(timezone(timedelta(hours=9))),
    )

    assert content_digest(same) == content_digest(slip)


@pytest.mark.parametrize(
    "changes",
    [{"number": "000124"}, {"guests": 1}, {"points": 1}, {"staff_code": "0101"}, {"payments": (PaymentPart("CASH", 1600),)}],
)
def test_other_content_has_another_digest(changes):
    assert content_digest(changed(**changes)) != content_digest(SALE)


def test_a_digest_fits_two_signed_columns():
    assert all(0 <= half < 2**63 for half in content_digest(SALE))


def test_every_problem_has_a_sentence():
    assert set(SENTENCES) == set(ProblemCode)
    assert sentence(Problem(ProblemCode.REQUIRED, "伝票番号")) == "「伝票番号」を入力してください。"
