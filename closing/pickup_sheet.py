"""売上金回収票: what goes from the drawers to the safe after the close, register by register. Money in yen."""

from collections.abc import Sequence
from dataclasses import dataclass

from closing.cash import DENOMINATIONS
from closing.figures import DayFigures, RegisterCash
from closing.pickup_pieces import Pieces, left_to_change, propose_pickup


@dataclass(frozen=True, slots=True)
class RegisterPickup:
    """The drawer of one register that was counted; without `pieces` when only its sum was."""

    cash: RegisterCash
    pieces: tuple[Pieces, ...]

    @property
    def left_to_change(self) -> int:
        """What has to be changed, because no pieces come to the exact amount."""
        return left_to_change(self.pieces, pickup=self.cash.pickup) if self.pieces else 0

    @property
    def going(self) -> int:
        return sum(each.amount for each in self.pieces)


def register_pickups(figures: DayFigures) -> tuple[RegisterPickup, ...]:
    """Return the drawers that were counted, in the order of their registers; what is 本日未使用 has nothing to pick up."""
    counted = [register for register in figures.registers if register.actual_cash is not None and not register.is_unused]
    return tuple(RegisterPickup(cash, propose_pickup(dict(cash.counts), carry_over=cash.carry_over or 0)) for cash in counted)


def pieces_together(pickups: Sequence[RegisterPickup]) -> tuple[tuple[int, int], ...]:
    """Return (denomination, pieces) of all drawers together, for the bank; nothing while one of them was not counted by pieces."""
    if not all(pickup.pieces for pickup in pickups if pickup.cash.pickup):
        return ()
    going = [each for pickup in pickups for each in pickup.pieces]
    numbers = {coin: sum(each.going for each in going if each.denomination == coin) for coin in DENOMINATIONS}
    return tuple((coin, number) for coin, number in numbers.items() if number)
