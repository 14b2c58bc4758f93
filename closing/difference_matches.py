"""Looks in the books for what has the amount of a cash difference, so that `difference_hints` can suggest it."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from closing.categories import MovementDirection, ReasonPurpose, SlipKind
from closing.difference_hints import CountedDrawer, Hint, MovementSeen, SlipSeen, amounts_to_look_for, suggest
from closing.figures import RegisterCash
from closing.models import BusinessDay, CashMovement, Slip

DAYS_BACK = timedelta(days=31)
MOST_SLIPS = 3
MOST_MOVEMENTS = 50
CASH_DIRECTIONS = [direction for direction in MovementDirection if direction.moves_cash]


def hints_for(day: BusinessDay, cash: RegisterCash, *, actual: int, pieces: dict[int, int]) -> list[Hint]:
    """Return the hints for a count of `actual` yen at the register, in two queries; without a difference in none."""
    drawer = CountedDrawer(
        expected=cash.expected_cash,
        actual=actual,
        opening_float=cash.opening_float,
        float_adjustment=cash.float_adjustment,
        pieces=tuple(pieces.items()),
    )
    if not drawer.difference:
        return []
    slips = [_seen_slip(slip) for slip in _fitting_slips(day, cash.register, drawer.difference)]
    movements = [_seen_movement(movement, day) for movement in _fitting_movements(day, cash.register, drawer.difference)]
    return suggest(drawer, slips=slips, movements=movements)


def _fitting_slips(day: BusinessDay, register: int, difference: int) -> QuerySet[Slip]:
    """Slips of the drawer that explain it as `suggest` understands it; what was taken back already explains nothing."""
    amount, is_red = abs(difference), Q(kind=SlipKind.REVERSAL)
    if difference < 0:
        fitting = Q(~is_red, cash_sales=amount) | Q(is_red, total=-amount, cash_refunds=0)
    else:
        fitting = Q(is_red, cash_refunds=amount) | Q(~is_red, total=amount, cash_sales=0)
    followed = Exists(Slip.objects.filter(original=OuterRef("pk")))
    return Slip.objects.filter(fitting, ~followed, day=day, register__number=register).order_by("-entry", "-pk")[:MOST_SLIPS]


def _seen_slip(slip: Slip) -> SlipSeen:
    is_cash = bool(slip.cash_sales or slip.cash_refunds)
    amount = (slip.cash_sales or slip.cash_refunds) if is_cash else abs(slip.total)
    return SlipSeen(slip.pk, slip.number, amount, is_red=slip.kind == SlipKind.REVERSAL, is_cash=is_cash)


def _fitting_movements(day: BusinessDay, register: int, difference: int) -> QuerySet[CashMovement]:
    """入出金 of the register today, and of the whole store in the weeks before. 両替 nets to zero and explains nothing."""
    standing = CashMovement.objects.standing().filter(direction__in=CASH_DIRECTIONS, amount__in=amounts_to_look_for(difference))
    today = Q(day=day, register__number=register)
    before = Q(day__date__gte=day.date - DAYS_BACK, day__date__lt=day.date)
    near = standing.filter(today | before, day__store=day.store_id).exclude(reason__purpose=ReasonPurpose.EXCHANGE)
    return near.select_related("day", "reason").order_by("-day__date", "-pk")[:MOST_MOVEMENTS]


def _seen_movement(movement: CashMovement, day: BusinessDay) -> MovementSeen:
    return MovementSeen(
        day=movement.day.date,
        direction=MovementDirection(movement.direction),
        amount=movement.amount,
        words=" ".join(filter(None, [movement.reason.name, movement.payee])),
        is_today=movement.day_id == day.pk,
    )
