"""The cash of one register on one day. All money is whole yen."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

DENOMINATIONS = (10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1)


class DifferenceKind(StrEnum):
    NONE = "NONE"
    OVER = "OVER"
    SHORT = "SHORT"


def counted_total(counts: Mapping[int, int]) -> int:
    """Return the yen in the drawer from pieces per denomination (金種別入力).

    Raises ValueError for a denomination that does not exist or a negative number of pieces.
    """
    for denomination, pieces in counts.items():
        if denomination not in DENOMINATIONS or pieces < 0:
            raise ValueError(f"{pieces} pieces of {denomination} yen cannot be counted")
    return sum(denomination * pieces for denomination, pieces in counts.items())


def expected_cash(*, opening_float: int, cash_sales: int, cash_refunds: int, voucher_change: int, paid_in: int, paid_out: int) -> int:
    """Return 想定レジ金額 in yen: what the drawer should hold.

    Every argument is an amount in yen counted upwards (a refund of 500 is 500). `cash_sales` leaves out the negative cash
    payments by which vouchers gave change: those are `voucher_change`. Non-cash never enters.
    """
    return opening_float + cash_sales - cash_refunds - voucher_change + paid_in - paid_out


def cash_difference(actual: int, expected: int) -> int:
    """Return 現金差異 in yen: positive is 過剰, negative is 不足."""
    return actual - expected


def difference_kind(difference: int) -> DifferenceKind:
    """Say in which direction a difference goes."""
    if difference == 0:
        return DifferenceKind.NONE
    return DifferenceKind.OVER if difference > 0 else DifferenceKind.SHORT


def pickup(actual: int, carry_over: int) -> int:
    """Return 売上回収 in yen: what leaves the drawer after the count. Negative when the float has to be filled up."""
    return actual - carry_over


def cash_parts(cash_amounts: Sequence[int], *, is_red: bool) -> tuple[int, int, int]:
    """Return (cash sales, cash refunds, change on vouchers) of one slip in yen, each counted upwards.

    On a black slip a negative cash payment is change given on a voucher; on a red one a positive payment takes that
    change back.
    """
    taken = sum(amount for amount in cash_amounts if amount > 0)
    given = -sum(amount for amount in cash_amounts if amount < 0)
    return (0, given, -taken) if is_red else (taken, 0, given)
