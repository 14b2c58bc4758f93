"""取消 and 訂正 of 入出金. A movement is never edited: it is cancelled, and what is right is recorded as a movement of its own.

So a closed day keeps what its 日計 said, and its next revision posts the old row away and the new one.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from closing import history
from closing.categories import ReasonPurpose
from closing.history import DayAction
from closing.models import BusinessDay, CashMovement, MovementCancellation
from closing.month_locks import refuse_locked
from closing.trading_day import record_movement
from stores.audit import Origin


class AlreadyCancelled(Exception):
    """Somebody cancelled or corrected the movement first."""


@transaction.atomic
def cancel_movement(movement: CashMovement, *, reason: str, by: Origin) -> MovementCancellation:
    """Take the movement back as the next entry of its day, a 両替 with both its halves; a closed day becomes 閉局後に変更あり.

    Raises AlreadyCancelled and MonthLocked.
    """
    cancellation = cancel(movement, replacement=None, reason=reason, by=by)
    if other := other_half(movement):
        cancel(other, replacement=None, reason=reason, by=by)
    history.record(DayAction.MOVEMENT_CANCELLED, movement.day, by=by, changes=_named(movement) | {_("理由"): reason})
    return cancellation


@transaction.atomic
def correct_movement(movement: CashMovement, instead: CashMovement, *, reason: str, by: Origin) -> CashMovement:
    """Record on the same day what the movement should have said, and take the movement back.

    Also how a 登録番号 that was 要確認 is decided. Raises AlreadyCancelled, AlreadyRecorded and MonthLocked.
    """
    recorded = record_movement(movement.day, instead, by=by)
    cancel(movement, replacement=recorded, reason=reason, by=by)
    changes = {_("金額"): [movement.amount, recorded.amount], _("登録番号"): [_number(movement), _number(recorded)], _("理由"): reason}
    history.record(DayAction.MOVEMENT_CORRECTED, movement.day, by=by, changes=changes)
    return recorded


def cancel(movement: CashMovement, *, replacement: CashMovement | None, reason: str, by: Origin) -> MovementCancellation:
    """Write the cancellation inside the caller's transaction. Raises AlreadyCancelled and MonthLocked."""
    entry = BusinessDay.objects.add_entries(movement.day)
    if MovementCancellation.objects.filter(movement=movement).exists():
        raise AlreadyCancelled
    refuse_locked(movement.day.store.company_id, movement.day.date)
    return MovementCancellation.objects.create(
        movement=movement, entry=entry, replacement=replacement, reason=reason, by=by.actor, at=by.at
    )


def other_half(movement: CashMovement) -> CashMovement | None:
    """Return of a 両替 what came back for what left the drawer, or the other way round: one alone would not net to zero."""
    if movement.reason.purpose != ReasonPurpose.EXCHANGE:
        return None
    same = (
        CashMovement.objects.standing()
        .exclude(direction=movement.direction)
        .filter(
            day=movement.day, register=movement.register, reason=movement.reason, amount=movement.amount, occurred_at=movement.occurred_at
        )
    )
    return min(same.select_related("day__store__company"), key=lambda other: abs(other.entry - movement.entry), default=None)


def copy_of(movement: CashMovement) -> CashMovement:
    """Return the same movement under a key of its own, for another day; not in the books yet."""
    names = ("register", "direction", "reason", "amount", "reduced_amount", "payee", "memo", "receipt_date", "registration_no")
    kept = ("is_registration_unclear", "explains", "staff", "occurred_at")
    return CashMovement(**{name: getattr(movement, name) for name in (*names, *kept)})


def _number(movement):
    return movement.registration_no or (_("要確認") if movement.is_registration_unclear else _("なし"))


def _named(movement):
    return {_("区分"): movement.get_direction_display(), _("金額"): movement.amount}
