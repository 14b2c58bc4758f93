"""Which pieces of a counted drawer stay as 翌日釣銭準備金 and which go to the safe. A proposal: whoever empties the drawer decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from closing.cash import DENOMINATIONS

# 二千円札 are no use as change, and the only pieces that do not divide the next larger one.
ODD_PIECE = 2000
CHAIN = tuple(denomination for denomination in DENOMINATIONS if denomination != ODD_PIECE)


@dataclass(frozen=True, slots=True)
class Pieces:
    """One denomination of a drawer."""

    denomination: int
    counted: int
    going: int

    @property
    def staying(self) -> int:
        return self.counted - self.going

    @property
    def amount(self) -> int:
        """What goes, in yen."""
        return self.denomination * self.going


def propose_pickup(counts: Mapping[int, int], *, carry_over: int) -> tuple[Pieces, ...]:
    """Say of each denomination that was counted how many pieces go, so that `carry_over` (円) stays as small pieces.

    The largest pieces go first, because change is given from small ones. Where no pieces come to the exact amount, what goes is the
    most that leaves at least `carry_over`; `left_to_change` says how much has to be changed for the rest.
    """
    total = sum(denomination * number for denomination, number in counts.items())
    amount = max(total - carry_over, 0)
    tries = (_with_odd_pieces(counts, amount, odd) for odd in range(min(counts.get(ODD_PIECE, 0), amount // ODD_PIECE), -1, -1))
    going = max(tries, key=_yen)
    present = [denomination for denomination in DENOMINATIONS if counts.get(denomination)]
    return tuple(Pieces(denomination, counts[denomination], going.get(denomination, 0)) for denomination in present)


def left_to_change(pieces: Sequence[Pieces], *, pickup: int) -> int:
    """Return how much of the 売上回収 (円) the pieces that go do not come to; 0 when they do."""
    return max(pickup, 0) - sum(each.amount for each in pieces)


def _with_odd_pieces(counts, amount, odd):
    """Take as many as fit of each denomination, from the largest down: with pieces that divide each other nothing comes closer."""
    going = {ODD_PIECE: odd}
    left = amount - ODD_PIECE * odd
    for denomination in CHAIN:
        going[denomination] = min(counts.get(denomination, 0), left // denomination)
        left -= denomination * going[denomination]
    return going


def _yen(going):
    return sum(denomination * number for denomination, number in going.items())
