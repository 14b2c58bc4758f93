"""The split of a slip: which payment paid how much of which tax category. All money is whole yen."""

from collections.abc import Sequence

Cell = tuple[int, int]


class Unsplittable(ValueError):
    """The slip's own margins contradict each other, so no split can hold them."""


def split(payments: Sequence[int], categories: Sequence[tuple[int, int]]) -> list[list[Cell]]:
    """Return for each payment, for each category, the (amount, tax) that it paid.

    Takes the amounts applied per payment and the (inclusive amount, tax in it) per category, both in their fixed order,
    because a remaining yen goes to the first of equals. Summed over the categories the cells give each payment; summed
    over the payments they give each category's amount and tax. No cell exceeds its payment, and the tax of a cell has the
    sign of its amount and does not exceed it, also where a payment is negative (change given on a voucher). The split of
    a red slip is the negative of the split of the same slip in black.

    Raises Unsplittable when the sums differ, when amounts have different signs, or when a tax is not within its amount.
    """
    _refuse_contradictions(payments, categories)
    if any(amount < 0 for amount, _ in categories):
        black = split([-payment for payment in payments], [(-amount, -tax) for amount, tax in categories])
        return [[(-amount, -tax) for amount, tax in row] for row in black]

    remaining = list(payments)
    columns = []
    for amount, tax in categories:
        paid = apportion(amount, remaining)
        taxes = apportion(tax, paid) if tax else [0] * len(paid)
        columns.append(list(zip(paid, taxes, strict=True)))
        remaining = [left - part for left, part in zip(remaining, paid, strict=True)]
    return [[column[position] for column in columns] for position in range(len(payments))]


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` yen out in proportion to the weights, by largest remainder, the first of equals first.

    With 0 <= total <= sum of the weights no share exceeds its weight or has another sign, also where a weight is
    negative. A total equal to the sum is the weights themselves, which settles weights that cancel each other out.
    Raises Unsplittable when something is to be shared out over weights that cancel each other out.
    """
    whole = sum(weights)
    if total == whole:
        return list(weights)
    if total == 0:
        return [0] * len(weights)
    if whole == 0:
        raise Unsplittable(f"{total} yen cannot be shared out over nothing")
    shares, remainders = zip(*(divmod(total * weight, whole) for weight in weights), strict=True)
    by_remainder = sorted(range(len(weights)), key=lambda position: -remainders[position])
    favoured = set(by_remainder[: total - sum(shares)])
    return [share + (position in favoured) for position, share in enumerate(shares)]


def _refuse_contradictions(payments: Sequence[int], categories: Sequence[tuple[int, int]]) -> None:
    if sum(payments) != sum(amount for amount, _ in categories):
        raise Unsplittable("the payments are not the sum of the amounts")
    if len({amount > 0 for amount, _ in categories if amount}) > 1:
        raise Unsplittable("a slip is black or red, not both")
    if any(not min(0, amount) <= tax <= max(0, amount) for amount, tax in categories):
        raise Unsplittable("a tax lies outside its amount")
    if not categories and any(payments):
        raise Unsplittable("nothing was paid for")
