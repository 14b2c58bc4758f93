"""Random slips as tills make them: several rates, several tenders, change on vouchers, red slips."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from closing.categories import PaymentKind, ReversalReason, SlipKind, TaxCategory
from closing.slip_content import VOUCHERS, OriginalSlip, PaymentPart, SlipContent, TaxPart
from closing.tax import is_taxed, own_tax

DAY = date(2026, 4, 1)
KINDS = {
    "CASH": PaymentKind.CASH,
    "CREDIT": PaymentKind.CREDIT,
    "PAYQ": PaymentKind.QR,
    "VOUCHER": PaymentKind.OTHER_VOUCHER,
    "OWN": PaymentKind.OWN_VOUCHER,
}
NON_CASH = [method for method in KINDS if method != "CASH"]
yen = st.integers(0, 200_000)


@st.composite
def tax_parts(draw, amounts=yen):
    parts = []
    for category in draw(st.lists(st.sampled_from(TaxCategory), min_size=1, max_size=5, unique=True)):
        amount = draw(amounts)
        printed = own_tax(amount, category, DAY) + draw(st.integers(-1, 1))
        parts.append(TaxPart(category, amount, min(max(printed, 0), amount) if is_taxed(category) else 0))
    return tuple(sorted(parts, key=lambda part: part.category.position))


@st.composite
def payment_parts(draw, total):
    """Cards up to the bill, vouchers beyond it; cash settles the rest: also downwards, as change on the vouchers."""
    methods = draw(st.lists(st.sampled_from(NON_CASH), max_size=3, unique=True))
    applied, rest = {}, total
    for method in methods:
        applied[method] = draw(st.integers(0, max(rest, 0) + (1000 if KINDS[method] in VOUCHERS else 0)))
        rest -= applied[method]
    return tuple(PaymentPart(method, amount) for method, amount in {**applied, "CASH": rest}.items() if amount)


@st.composite
def black_slips(draw):
    taxes = draw(tax_parts())
    return SlipContent(
        number=draw(st.from_regex(r"[0-9A-Z]{1,8}", fullmatch=True)),
        kind=SlipKind.SALE,
        business_date=DAY,
        issued_at=datetime(2026, 4, 1, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 1440))),
        register_number=draw(st.integers(1, 3)),
        staff_code="0102",
        taxes=taxes,
        payments=draw(payment_parts(sum(part.amount for part in taxes))),
        guests=draw(st.integers(0, 9)),
    )


def taken_back(slip, reason):
    """The red slip that takes a whole slip back."""
    return SlipContent(
        number=f"R{slip.number}",
        kind=SlipKind.REVERSAL,
        business_date=slip.business_date,
        issued_at=slip.issued_at + timedelta(minutes=5),
        register_number=slip.register_number,
        staff_code=slip.staff_code,
        taxes=tuple(part._replace(amount=-part.amount, tax=-part.tax) for part in slip.taxes),
        payments=tuple(payment._replace(amount=-payment.amount) for payment in slip.payments),
        original=OriginalSlip("0001", slip.register_number, slip.business_date, slip.number),
        reason=reason,
        guests=-slip.guests,
    )


red_slips = st.builds(taken_back, black_slips(), st.sampled_from(ReversalReason))
slips = black_slips() | red_slips
