"""支払取消 of a slip of another store, from what its receipt says: whoever refunds need not see the other store."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from closing.categories import ReversalReason, SlipKind
from closing.models import Slip
from closing.originals import find_original
from closing.slip_content import OriginalSlip, PaymentPart, SlipContent, TaxPart
from closing.slip_corrections import enter_slip, take_back
from closing.taking_back import TakingBack
from stores.audit import Origin
from stores.models import Register


def take_back_by_receipt(
    original: OriginalSlip, said: SlipContent, *, reason: ReversalReason, register: Register, form_key: UUID, by: Origin, today: date
) -> Slip:
    """Book a red slip of what is given back (`said`, counted upwards), on the register and day of whoever refunds, and return it.

    An original that is in the books sets limits and tax; one that has not arrived yet is found by the red slip when it does.
    Raises SlipRefused.
    """
    if found := find_original(register.store.company_id, original):
        amounts = {part.category: part.amount for part in said.taxes}
        taking = TakingBack(reason, amounts, {part.method: part.amount for part in said.payments})
        return take_back(found, taking, register=register, business_date=said.business_date, form_key=form_key, by=by, today=today)
    return enter_slip(_red(original, said, reason), register=register, form_key=form_key, by=by, today=today)


def _red(original, said, reason):
    return replace(
        said,
        kind=SlipKind.REVERSAL,
        original=original,
        reason=reason,
        taxes=tuple(TaxPart(part.category, -part.amount, -part.tax) for part in said.taxes),
        payments=tuple(PaymentPart(part.method, -part.amount) for part in said.payments),
    )
