"""What a red slip takes back of its original. All money is whole yen; what is taken back is counted upwards here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from closing.categories import ReversalReason, SlipKind, TaxCategory
from closing.slip_content import PaymentPart, SlipContent, TaxPart


class MoreThanLeft(ValueError):
    """More was to be taken back of a category than earlier red slips have left of it."""


@dataclass(frozen=True, slots=True)
class TakingBack:
    """What somebody wants to take back: inclusive amounts per category, and what is refunded per method."""

    reason: ReversalReason
    amounts: Mapping[TaxCategory, int]
    refunds: Mapping[str, int]


def taxes_left(original: Sequence[TaxPart], red: Iterable[TaxPart]) -> tuple[TaxPart, ...]:
    """Return what the red slips so far (their parts are negative) have left of each category of the original."""
    taken = list(red)
    return tuple(
        TaxPart(
            part.category,
            part.amount + sum(taken_part.amount for taken_part in taken if taken_part.category is part.category),
            part.tax + sum(taken_part.tax for taken_part in taken if taken_part.category is part.category),
        )
        for part in original
    )


def payments_left(original: Sequence[PaymentPart], red: Iterable[PaymentPart]) -> tuple[PaymentPart, ...]:
    """Return what is left of each payment of the original; a refund by a method it was not paid with changes none."""
    taken = list(red)
    return tuple(
        PaymentPart(
            payment.method,
            payment.amount + sum(part.amount for part in taken if part.method == payment.method),
            overage=payment.overage + sum(part.overage for part in taken if part.method == payment.method),
        )
        for payment in original
    )


def proposed_refunds(original: Sequence[PaymentPart], left: Sequence[PaymentPart]) -> dict[str, int]:
    """Return by method how what is left to refund goes back most like it was paid.

    Where more went back by one method than was paid with it, the others give back less.
    """
    if all(min(0, paid.amount) <= part.amount <= max(0, paid.amount) for paid, part in zip(original, left, strict=True)):
        return {part.method: part.amount for part in left}
    proposal, to_refund = {}, sum(part.amount for part in left)
    for part in left:
        proposal[part.method] = min(max(part.amount, 0), to_refund)
        to_refund -= proposal[part.method]
    return proposal


def red_taxes(left: Sequence[TaxPart], amounts: Mapping[TaxCategory, int]) -> tuple[TaxPart, ...]:
    """Return the parts of the red slip, negative, for the amounts taken back.

    Whoever takes back all that is left takes exactly the tax that is left, so that the taxes of all parts add up to the
    original's. Raises MoreThanLeft.
    """
    parts = {part.category: part for part in left}
    taken = [(category, amount) for category, amount in amounts.items() if amount]
    for category, amount in taken:
        if category not in parts or not 0 < amount <= parts[category].amount:
            raise MoreThanLeft(category)
    return tuple(TaxPart(category, -amount, -_tax_taken(parts[category], amount)) for category, amount in taken)


def _tax_taken(left: TaxPart, amount: int) -> int:
    tax = left.tax if amount == left.amount else left.tax * amount // left.amount
    # A till's own red slips may have taken more tax than belonged to them.
    return min(max(tax, 0), amount)


def red_payments(left: Sequence[PaymentPart], taking: TakingBack) -> tuple[PaymentPart, ...]:
    """Return the payments of the red slip, negative for money given back.

    A mistake also takes back the 金券等差額 of a voucher payment that is taken back whole; who returns goods has spent it.
    """
    overages = {part.method: part.overage for part in left if part.amount == taking.refunds.get(part.method)}
    if taking.reason is not ReversalReason.MISTAKE:
        overages = {}
    return tuple(PaymentPart(method, -amount, overage=-overages.get(method, 0)) for method, amount in taking.refunds.items() if amount)


def sold_anew(red: SlipContent) -> SlipContent:
    """Return what a red slip took back, as the sale that it was."""
    return replace(
        red,
        kind=SlipKind.SALE,
        original=None,
        reason=None,
        taxes=tuple(TaxPart(part.category, -part.amount, -part.tax) for part in red.taxes),
        payments=tuple(PaymentPart(part.method, -part.amount, overage=-part.overage) for part in red.payments),
        **{name: -getattr(red, name) for name in ("discount", "service_charge", "points", "guests")},
    )
