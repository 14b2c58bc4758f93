"""入出金 that the portal books by itself: 両替, 売上回収 during the day, and 過不足の原因判明. Money in yen."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from closing import history
from closing.categories import MovementDirection, ReasonPurpose
from closing.history import DayAction
from closing.models import BusinessDay, CashMovement, CashReason, Closing, ClosingRegister, RegisterDay
from closing.models.labels import PURPOSES
from closing.models.movements import sum_cleared
from closing.trading_day import AlreadyRecorded, record_movement
from stores.audit import Origin, in_source_language
from stores.models import Company, Register, Store

# What is not sent nets to zero, or stays between the drawer and the safe; a company may map it all the same.
BOOKING = {
    ReasonPurpose.EXCHANGE: {"is_sent": False},
    ReasonPurpose.PICKUP: {"is_sent": False},
    ReasonPurpose.DIFFERENCE: {"account": "現金過不足"},
}


class MoreThanDifference(Exception):
    """More was explained than the register was short or over."""


@dataclass(frozen=True, slots=True)
class OpenDifference:
    """What of a register's 現金差異 nobody has explained yet: positive is 過剰, negative is 不足 (yen)."""

    settled: RegisterDay
    difference: int

    @property
    def is_short(self) -> bool:
        return self.difference < 0


def reason_for(company: Company, purpose: ReasonPurpose) -> CashReason:
    """Return the company's own reason for what the portal books by itself, made when it is first needed."""
    named = {"name": in_source_language(PURPOSES[purpose]), "purpose": purpose, "position": 900}
    return CashReason.objects.get_or_create(company=company, code=purpose.value, defaults=named | BOOKING[purpose])[0]


@transaction.atomic
def exchange_cash(day: BusinessDay, register: Register, *, amount: int, memo: str, key: uuid.UUID, by: Origin) -> None:
    """両替: what leaves the drawer comes back in other coins, and nets to zero. `key` makes two presses one exchange.

    Raises AlreadyRecorded.
    """
    reason = reason_for(day.store.company, ReasonPurpose.EXCHANGE)
    for direction in (MovementDirection.PAID_OUT, MovementDirection.PAID_IN):
        half = uuid.uuid5(key, direction)
        movement = CashMovement(uuid=half, register=register, direction=direction, reason=reason, amount=amount, memo=memo)
        record_movement(day, movement, by=by)


def pick_up_cash(day: BusinessDay, register: Register, *, amount: int, memo: str, key: uuid.UUID, by: Origin) -> CashMovement:
    """売上回収 during the day: cash goes from the drawer to the safe. Raises AlreadyRecorded."""
    reason = reason_for(day.store.company, ReasonPurpose.PICKUP)
    movement = CashMovement(uuid=key, register=register, direction=MovementDirection.PAID_OUT, reason=reason, amount=amount, memo=memo)
    return record_movement(day, movement, by=by)


@transaction.atomic
def explain_difference(day: BusinessDay, movement: CashMovement, *, by: Origin) -> CashMovement:
    """過不足の原因判明: book on `day` why an earlier day was off. The movement says which by `explains`.

    Raises MoreThanDifference when less than its amount is unexplained, and AlreadyRecorded.
    """
    # Two people who explain the same difference wait for each other here.
    BusinessDay.objects.add_entries(movement.explains.day, rows=0)
    if CashMovement.objects.filter(uuid=movement.uuid).exists():
        raise AlreadyRecorded
    found = open_difference(movement.explains)
    is_short = movement.direction in (MovementDirection.SHORT_EXPLAINED, MovementDirection.PAID_IN)
    if found.is_short is not is_short or movement.amount > abs(found.difference):
        raise MoreThanDifference
    movement.register = movement.explains.register
    recorded = record_movement(day, movement, by=by)
    history.record(DayAction.DIFFERENCE_EXPLAINED, movement.explains.day, by=by, changes={str(movement.register): movement.amount})
    return recorded


def open_differences(store: Store, *, since: date) -> list[OpenDifference]:
    """Return what is unexplained of the store's closed days since that date, the latest first, in two queries.

    A day that closed again without its difference leaves what was explained of it.
    """
    frozen = (
        ClosingRegister.objects.of_last_revisions()
        .filter(register__store=store, date__gte=since)
        .exclude(cash_difference=0)
        .exclude(cash_difference=None)
    )
    offs = {(row.closing.day_id, row.register_id): row.cash_difference for row in frozen.select_related("closing")}
    settled = (
        RegisterDay.objects.filter(day__store=store, day__date__gte=since)
        .select_related("day__store", "register")
        .annotate(cleared=Coalesce(sum_cleared("explanations__", Q(explanations__cancellation=None)), 0))
        .filter(Q(day__in={day for day, _ in offs}) | ~Q(cleared=0))
        .order_by("-day__date", "register__number", "pk")
    )
    left = [OpenDifference(each, offs.get((each.day_id, each.register_id), 0) + each.cleared) for each in settled]
    return [each for each in left if each.difference]


def open_difference(settled: RegisterDay) -> OpenDifference:
    """Return what the last close of the register's day left unexplained."""
    last = Closing.objects.filter(day=settled.day).order_by("-revision").first()
    frozen = ClosingRegister.objects.filter(closing=last, register=settled.register).first()
    off = (frozen.cash_difference if frozen else 0) or 0
    cleared = CashMovement.objects.filter(explains=settled).standing().aggregate(sum=sum_cleared())["sum"] or 0
    return OpenDifference(settled, off + cleared)
