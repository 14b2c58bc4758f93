"""Where a cash difference may come from: suggestions in an order, never findings. All money is whole yen."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from closing.cash import DENOMINATIONS, cash_difference
from closing.categories import MovementDirection

MOST_HINTS = 3
NOTES = (10000, 5000, 1000)
COINS = (500, 100, 50, 10, 5, 1)
ROLL = 50  # coins in a 棒金
MOST_PIECES = 4  # more than these of one denomination are not forgotten unseen


class Cause(StrEnum):
    FLOAT_NOT_COUNTED = "FLOAT_NOT_COUNTED"
    DIGITS_SWAPPED = "DIGITS_SWAPPED"
    ZERO_OFF = "ZERO_OFF"
    PIECES_SWAPPED = "PIECES_SWAPPED"
    FLOAT_CHANGED = "FLOAT_CHANGED"
    CASH_SALE = "CASH_SALE"
    OTHER_SALE = "OTHER_SALE"
    CASH_REFUND = "CASH_REFUND"
    OTHER_REFUND = "OTHER_REFUND"
    PAID_TODAY = "PAID_TODAY"
    PAID_BEFORE = "PAID_BEFORE"
    WRONG_DIRECTION = "WRONG_DIRECTION"
    PIECES = "PIECES"
    ROLL = "ROLL"
    NINE = "NINE"


@dataclass(frozen=True, slots=True)
class CountedDrawer:
    """A drawer as somebody counted it. `pieces` are (denomination, number) of 金種別入力, empty for 直接入力."""

    expected: int
    actual: int
    opening_float: int = 0
    float_adjustment: int = 0
    pieces: tuple[tuple[int, int], ...] = ()

    @property
    def difference(self) -> int:
        return cash_difference(self.actual, self.expected)


@dataclass(frozen=True, slots=True)
class SlipSeen:
    """A slip of the drawer. `amount` is counted upwards, of a red slip too; `is_cash` where cash paid it."""

    pk: int
    number: str
    amount: int
    is_red: bool = False
    is_cash: bool = True


@dataclass(frozen=True, slots=True)
class MovementSeen:
    """An 入金 or 出金 of the day (`is_today`), or of the days before it."""

    day: date
    direction: MovementDirection
    amount: int
    words: str = ""
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Hint:
    """One suggestion. `amount` is in yen; `is_alone` says that nothing else of the day has this amount."""

    cause: Cause
    amount: int
    is_short: bool
    slip: SlipSeen | None = None
    movement: MovementSeen | None = None
    denominations: tuple[int, ...] = ()
    pieces: int = 0
    is_alone: bool = True


def amounts_to_look_for(difference: int) -> list[int]:
    """Return the amounts (yen) of slips and movements that could make such a difference: the whole, and half of it."""
    whole = abs(difference)
    return [whole, whole // 2] if whole % 2 == 0 else [whole]


def suggest(drawer: CountedDrawer, *, slips: Sequence[SlipSeen] = (), movements: Sequence[MovementSeen] = ()) -> list[Hint]:
    """Return at most three hints, the likeliest first; none where nothing is likely, or nothing is missing.

    What the count itself may have wrong comes first, because it is mended here and now; then a single note, then what was
    registered, then what is only arithmetic.
    """
    if not drawer.difference:
        return []
    pieces = list(_pieces(drawer))
    is_one_note = bool(pieces) and pieces[0].pieces == 1 and pieces[0].denominations[0] in NOTES
    found = [
        *_typing(drawer),
        *_float(drawer),
        *(pieces if is_one_note else []),
        *_slips(drawer, slips),
        *_movements(drawer, movements),
        *(pieces if not is_one_note else []),
        *_roll(drawer),
        *_nine(drawer),
    ]
    return _one_of_each(found)[:MOST_HINTS]


def _one_of_each(found: Iterable[Hint]) -> list[Hint]:
    by_cause: dict[Cause, Hint] = {}
    for hint in found:
        by_cause.setdefault(hint.cause, hint)
    return list(by_cause.values())


def _hint(drawer: CountedDrawer, cause: Cause, **details) -> Hint:
    return Hint(cause, **{"amount": abs(drawer.difference), "is_short": drawer.difference < 0} | details)


def _typing(drawer: CountedDrawer) -> Iterator[Hint]:
    if drawer.pieces:
        yield from _swapped_pieces(drawer)
        return
    typed, expected = str(drawer.actual), str(drawer.expected)
    if _is_swapped(typed, expected):
        yield _hint(drawer, Cause.DIGITS_SWAPPED)
    if drawer.actual and drawer.expected and (typed + "0" == expected or expected + "0" == typed):
        yield _hint(drawer, Cause.ZERO_OFF)


def _is_swapped(typed: str, expected: str) -> bool:
    """Whether two digits that stand side by side have changed places."""
    if len(typed) != len(expected):
        return False
    off = [place for place, (one, other) in enumerate(zip(typed, expected, strict=True)) if one != other]
    return len(off) == 2 and off[1] == off[0] + 1 and typed[off[0]] == expected[off[1]] and typed[off[1]] == expected[off[0]]


def _swapped_pieces(drawer: CountedDrawer) -> Iterator[Hint]:
    """Numbers that stand in each other's field: these are one, or two where nobody has a ¥2,000 note between."""
    number = dict(drawer.pieces)
    for place, first in enumerate(DENOMINATIONS):
        for second in DENOMINATIONS[place + 1 : place + 3]:
            gained = (number.get(second, 0) - number.get(first, 0)) * (first - second)
            if gained == -drawer.difference:
                yield _hint(drawer, Cause.PIECES_SWAPPED, denominations=(first, second))


def _float(drawer: CountedDrawer) -> Iterator[Hint]:
    if drawer.opening_float and drawer.difference == -drawer.opening_float:
        yield _hint(drawer, Cause.FLOAT_NOT_COUNTED)
    if drawer.float_adjustment and drawer.difference == -drawer.float_adjustment:
        yield _hint(drawer, Cause.FLOAT_CHANGED)


def _slips(drawer: CountedDrawer, slips: Sequence[SlipSeen]) -> Iterator[Hint]:
    """Too little is there when a sale was not paid in cash after all, too much when a refund was not handed out."""
    same = [slip for slip in slips if slip.amount == abs(drawer.difference)]
    is_short = drawer.difference < 0
    # A cash sale and a refund that was not cash explain a shortage; the others a surplus.
    fitting = [slip for slip in same if (slip.is_cash is not slip.is_red) is is_short]
    for slip in fitting:
        kind = "REFUND" if slip.is_red else "SALE"
        cause = Cause(f"{'CASH' if slip.is_cash else 'OTHER'}_{kind}")
        yield _hint(drawer, cause, slip=slip, is_alone=len(fitting) == 1)


def _movements(drawer: CountedDrawer, movements: Sequence[MovementSeen]) -> Iterator[Hint]:
    amount, is_short = abs(drawer.difference), drawer.difference < 0
    newest_first = sorted(movements, key=lambda movement: movement.day, reverse=True)
    for movement in newest_first:
        is_in = movement.direction is MovementDirection.PAID_IN
        # Recorded although it did not happen takes away what was not recorded although it did, and the other way round.
        if movement.is_today and movement.amount == amount and is_in is is_short:
            yield _hint(drawer, Cause.PAID_TODAY, movement=movement)
        if not movement.is_today and movement.amount == amount and is_in is not is_short:
            yield _hint(drawer, Cause.PAID_BEFORE, movement=movement)
        if movement.is_today and movement.amount * 2 == amount and is_in is is_short:
            yield _hint(drawer, Cause.WRONG_DIRECTION, movement=movement)


def _pieces(drawer: CountedDrawer) -> Iterator[Hint]:
    """The fewest pieces of one denomination; ¥2,000 notes are too rare to be suspected."""
    amount = abs(drawer.difference)
    for denomination in (*NOTES, *COINS):
        number, rest = divmod(amount, denomination)
        if not rest and 1 <= number <= MOST_PIECES:
            yield _hint(drawer, Cause.PIECES, denominations=(denomination,), pieces=number)
            return


def _roll(drawer: CountedDrawer) -> Iterator[Hint]:
    for coin in COINS:
        if coin * ROLL == abs(drawer.difference):
            yield _hint(drawer, Cause.ROLL, denominations=(coin,), pieces=ROLL)


def _nine(drawer: CountedDrawer) -> Iterator[Hint]:
    """Two digits that changed places, or one zero more or less, make a difference of 9, 18 … 81 times a power of ten."""
    ninths, rest = divmod(abs(drawer.difference), 9)
    if rest or _is_swapped(str(drawer.actual), str(drawer.expected)):
        return
    if len(str(ninths).rstrip("0")) == 1:
        yield _hint(drawer, Cause.NINE)
