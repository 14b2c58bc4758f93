"""An 入出金 as a register sends it."""

import uuid
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError

from closing.api.json_items import Code, Day, Item, Moment, PositiveYen, Text, YenFromZero, problems_of, written_as_text
from closing.categories import MovementDirection
from closing.receiving_movements import MovementContent, ReceivedMovement


class MovementItem(Item):
    """`id` makes it one movement however often it is sent; `reduced_amount` is the part of the amount at 8 %."""

    id: Annotated[uuid.UUID, BeforeValidator(written_as_text)]
    business_date: Day
    occurred_at: Moment
    direction: Literal["PAID_IN", "PAID_OUT"]
    reason: Annotated[str, Field(strict=True, pattern=r"^[0-9A-Za-z_-]{1,20}$")]
    amount: PositiveYen
    staff_code: Code
    payee: Text = ""
    receipt_date: Day | None = None
    registration_no: Text = ""
    reduced_amount: YenFromZero = 0
    memo: Text = ""


def read_movement(raw, *, register_number: int) -> ReceivedMovement:
    """Return what is understood of one item of a batch, or why nothing is."""
    try:
        item = MovementItem.model_validate(raw)
    except ValidationError as refusal:
        return ReceivedMovement(raw, register_number, None, problems_of(refusal))
    content = MovementContent(**item.model_dump() | {"direction": MovementDirection(item.direction)})
    return ReceivedMovement(raw, register_number, content)
