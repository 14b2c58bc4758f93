"""A slip as a register sends it."""

from typing import Annotated, Any

from pydantic import Field, ValidationError

from closing.api.json_items import MOST_PARTS, Code, Day, Item, Moment, Yen, problems_of
from closing.categories import ReversalReason, SlipKind, TaxCategory
from closing.receiving_slips import Received
from closing.slip_content import OriginalSlip, PaymentPart, SlipContent, TaxPart
from closing.slip_rules import LARGEST_REGISTER


class OriginalItem(Item):
    """The slip that a red slip takes back; of a CORRECTION its red slip."""

    store: Code
    register_number: Annotated[int, Field(alias="register", strict=True, ge=1, le=LARGEST_REGISTER)]
    business_date: Day
    number: Code


class TaxItem(Item):
    """What the receipt says of one tax category: the amount with tax, and the tax in it."""

    category: TaxCategory
    amount: Yen
    tax: Yen = 0


class PaymentItem(Item):
    """What was applied to the bill; `overage` (金券等差額) comes on top of it."""

    method: Annotated[str, Field(strict=True, min_length=1, max_length=20)]
    amount: Yen
    tendered: Yen = 0
    change: Yen = 0
    overage: Yen = 0


class SlipItem(Item):
    number: Code
    kind: SlipKind
    business_date: Day
    issued_at: Moment
    staff_code: Code
    reverses: OriginalItem | None = None
    reason: ReversalReason | None = None
    taxes: Annotated[list[TaxItem], Field(max_length=MOST_PARTS)]
    payments: Annotated[list[PaymentItem], Field(max_length=MOST_PARTS)]
    discount: Yen = 0
    service_charge: Yen = 0
    points: Yen = 0
    guests: Yen = 0


FIGURES = ("discount", "service_charge", "points", "guests")


def read_slip(raw: Any, *, register_number: int) -> Received:
    """Return what is understood of one item of a batch, or why nothing is."""
    try:
        item = SlipItem.model_validate(raw)
    except ValidationError as refusal:
        return Received(raw, register_number, None, problems_of(refusal))
    return Received(raw, register_number, _content(item, register_number))


def _content(item, register_number):
    return SlipContent(
        number=item.number,
        kind=item.kind,
        business_date=item.business_date,
        issued_at=item.issued_at,
        register_number=register_number,
        staff_code=item.staff_code,
        taxes=tuple(TaxPart(part.category, part.amount, part.tax) for part in item.taxes),
        payments=tuple(PaymentPart(part.method, part.amount, part.tendered, part.change, part.overage) for part in item.payments),
        original=item.reverses and _original(item.reverses),
        reason=item.reason,
        **{name: getattr(item, name) for name in FIGURES},
    )


def _original(item):
    return OriginalSlip(item.store, item.register_number, item.business_date, item.number)
