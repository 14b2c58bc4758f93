"""レジ精算: what was counted at each register, and whether all of them have been."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet

from closing.cash import counted_total
from closing.count_drafts import end_drafts
from closing.drawers import pass_on
from closing.figures import DayFigures, RegisterCash
from closing.models import BusinessDay, CashMovement, CountDraft, RegisterDay, Slip
from stores.audit import Origin
from stores.models import Register


class NotCounted(Exception):
    """A register with business has not been counted, or its cash has moved since. `registers` are their POS番号."""

    def __init__(self, registers: list[int]):
        super().__init__(f"registers {registers} are not counted")
        self.registers = registers


@dataclass(frozen=True, slots=True)
class RegisterCount:
    """One register's count. `pieces` maps denomination in yen to pieces; empty for 直接入力. Money in yen.

    A register that is 本日未使用 keeps what lay in it: count and carry over are its opening float.
    """

    register: int
    actual_cash: int
    carry_over: int
    reason: str = ""
    is_unused: bool = False
    pieces: dict[int, int] = field(default_factory=dict)

    def __post_init__(self):
        if self.pieces and counted_total(self.pieces) != self.actual_cash:
            raise ValueError("the pieces do not add up to the cash counted")

    def put_into(self, cash: RegisterCash) -> RegisterCash:
        """Return the register's cash as it will be when this count is in the books."""
        counts = tuple(sorted(self.pieces.items()))
        typed = {"actual_cash": self.actual_cash, "carry_over": self.carry_over, "reason": self.reason, "is_unused": self.is_unused}
        return replace(cash, counts=counts, **typed)


def figures_as_counted(figures: DayFigures, counts: Sequence[RegisterCount]) -> DayFigures:
    """Return the day's figures as they will be when these counts, one of every register, are in the books."""
    counted = {count.register: count for count in counts}
    return replace(figures, registers=tuple(counted[cash.register].put_into(cash) for cash in figures.registers))


def write_counts(day: BusinessDay, counts: Sequence[RegisterCount], *, by: Origin, expected: int | None = None) -> None:
    """Write the counts to the registers' days. `expected` (yen) is kept beside a count that does not close the day.

    A later day that is open already begins with what is carried over now. What was typed of these counts before is over.
    """
    for count in counts:
        RegisterDay.objects.filter(day=day, register__number=count.register).update(
            state=RegisterDay.State.UNUSED if count.is_unused else RegisterDay.State.COUNTED,
            actual_cash=count.actual_cash,
            expected_when_counted=expected,
            carry_over=count.carry_over,
            reason=count.reason,
            counts={str(value): pieces for value, pieces in count.pieces.items()},
            counted_by=by.actor,
            counted_at=by.at,
        )
    if carried := {count.register: count.carry_over for count in counts}:
        pass_on(day, carried, by=by)
        end_drafts(day, list(carried), CountDraft.OF_DRAWERS)


def uncounted(day: BusinessDay) -> list[int]:
    """Return the POS番号 of the registers whose count is missing: not counted yet, or 本日未使用 and used all the same."""
    missing = RegisterDay.objects.filter(day=day).exclude(state=RegisterDay.State.COUNTED).order_by()
    states = dict(missing.values_list("register__number", "state"))
    unused = {number for number, state in states.items() if state == RegisterDay.State.UNUSED}
    if unused:
        unused &= set(registers_without_business(day).values_list("number", flat=True))
    return sorted(states.keys() - unused)


def moved_since_count(day: BusinessDay, figures: DayFigures) -> list[int]:
    """Return the POS番号 of the registers whose expected cash is another one than when they were counted."""
    seen = RegisterDay.objects.filter(day=day, expected_when_counted__isnull=False, state=RegisterDay.State.COUNTED)
    when_counted = dict(seen.order_by().values_list("register__number", "expected_when_counted"))
    expected = {cash.register: cash.expected_cash for cash in figures.registers}
    return sorted(number for number, amount in when_counted.items() if expected[number] != amount)


def differences_without_reason(day: BusinessDay, figures: DayFigures) -> list[int]:
    """Return the POS番号 of the counted registers that are off by more than the store's tolerance, and nobody has said why.

    A count needs its reason when it is made; what comes to the day afterwards changes what was expected.
    """
    tolerance = day.store.difference_tolerance
    counted = (cash for cash in figures.registers if cash.actual_cash is not None)
    return [cash.register for cash in counted if abs(cash.cash_difference) > tolerance and not cash.reason]


def registers_without_business(day: BusinessDay) -> QuerySet[Register]:
    """Return the store's registers without a slip or a movement on the day: what was put in first is all that lies in them."""
    with_slips = Slip.objects.filter(day=day).order_by().values("register")
    with_movements = CashMovement.objects.filter(day=day).order_by().values("register")
    return day.store.registers.exclude(pk__in=with_slips).exclude(pk__in=with_movements)
