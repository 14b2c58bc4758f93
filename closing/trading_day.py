"""The trading day: 開局, 入出金, 閉局. Of two simultaneous callers of a state change exactly one succeeds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from closing import history
from closing.cash import counted_total
from closing.history import DayAction
from closing.models import BusinessDay, CashMovement, Closing, ClosingLine, ClosingRegister, PaymentMethod, RegisterDay, Slip
from closing.models.totals import day_figures, slip_digest
from closing.signals import Wish, day_closed
from stores.audit import Origin
from stores.models import Register, Store


class FutureDate(Exception):
    """A 営業日 that has not come yet cannot be opened."""


class AlreadyClosed(Exception):
    """Somebody closed the day first. `closing` says who, when and with which figures."""

    def __init__(self, day: BusinessDay):
        super().__init__(f"day {day.pk} is closed")
        self.closing = Closing.objects.filter(day=day).select_related("closed_by").first()


class ChangedMeanwhile(Exception):
    """Something was written to the day after the caller looked at it."""


class AlreadyRecorded(Exception):
    """This movement is in the books: its button was pressed twice."""


class NotCounted(Exception):
    """A register with business has not been counted. `registers` are their POS番号."""

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


@transaction.atomic
def open_day(store: Store, day: date, *, by: Origin, today: date) -> BusinessDay:
    """開局: return the store's day of that date, opened now unless it was before.

    Each register in use starts with what it carried over from its last count. Raises FutureDate.
    """
    if day > today:
        raise FutureDate
    opened, is_new = BusinessDay.objects.get_or_create(store=store, date=day, defaults={"opened_at": by.at, "opened_by": by.actor})
    if is_new:
        for register in store.registers.filter(retired_on=None):
            settle_later(opened, register)
        history.record(DayAction.DAY_OPENED, opened, by=by)
    return opened


def settle_later(day: BusinessDay, register: Register) -> RegisterDay:
    """Return the register's part of the day, made with the proposed 釣銭準備金 when it is not there yet."""
    carried = (
        RegisterDay.objects.filter(register=register, day__date__lt=day.date, carry_over__isnull=False)
        .order_by("-day__date")
        .values_list("carry_over", flat=True)
        .first()
    ) or 0
    return RegisterDay.objects.get_or_create(day=day, register=register, defaults={"opening_float": carried, "proposed_float": carried})[0]


@transaction.atomic
def set_opening_float(day: BusinessDay, register: Register, *, amount: int, by: Origin) -> None:
    """Put another 釣銭準備金 (yen) into the register than was carried over. Raises AlreadyClosed."""
    BusinessDay.objects.add_entries(day)
    changed = RegisterDay.objects.filter(
        day=day, register=register, state=RegisterDay.State.OPEN, day__state=BusinessDay.State.OPEN
    ).update(opening_float=amount)
    if not changed:
        raise AlreadyClosed(day)
    history.record(DayAction.FLOAT_CHANGED, day, by=by, changes={str(register): amount})


@transaction.atomic
def record_movement(day: BusinessDay, movement: CashMovement, *, by: Origin) -> CashMovement:
    """入出金: write the movement to the day as its next entry. A day that was closed becomes 閉局後に変更あり.

    Raises AlreadyRecorded when a movement with its uuid is there.
    """
    movement.day, movement.staff, movement.occurred_at = day, by.actor, by.at
    movement.entry = BusinessDay.objects.add_entries(day)
    if CashMovement.objects.filter(uuid=movement.uuid).exists():
        raise AlreadyRecorded
    settle_later(day, movement.register)
    movement.save(force_insert=True)
    history.record(
        DayAction.MOVEMENT_RECORDED,
        day,
        by=by,
        changes={_("区分"): movement.get_direction_display(), _("理由"): movement.reason.name, _("金額"): movement.amount},
    )
    return movement


@transaction.atomic
def close_day(
    day: BusinessDay,
    *,
    counts: Sequence[RegisterCount] | None,
    by: Origin,
    wish: Wish = Wish.SEND,
    seen_entries: int | None = None,
) -> Closing:
    """閉局: settle the day and freeze its figures. `counts` None is a 仮閉局, without a count.

    `seen_entries` is the day's `entries` when the cash was counted; None closes whatever is there by now.
    Raises AlreadyClosed, carrying who closed it and when, ChangedMeanwhile and NotCounted.
    """
    same_day = BusinessDay.objects.filter(pk=day.pk)
    as_seen = same_day.open() if seen_entries is None else same_day.open().filter(entries=seen_entries)
    if not as_seen.update(state=BusinessDay.State.CLOSED, revision=F("revision") + 1, closed_entries=F("entries")):
        raise ChangedMeanwhile if same_day.open().exists() else AlreadyClosed(day)

    if counts is not None:
        _settle_registers(day, counts, by=by)
    return _freeze(day, by=by, wish=wish)


@transaction.atomic
def close_again(day: BusinessDay, *, seen_revision: int, by: Origin, wish: Wish) -> Closing:
    """Close a closed day once more, as revision n+1, with the counts of before. Raises AlreadyClosed when n is not the last."""
    closed = (
        BusinessDay.objects.filter(pk=day.pk, revision=seen_revision)
        .closed()
        .update(revision=F("revision") + 1, closed_entries=F("entries"))
    )
    if not closed:
        raise AlreadyClosed(day)

    return _freeze(day, by=by, wish=wish)


def _settle_registers(day, counts, *, by):
    for count in counts:
        RegisterDay.objects.filter(day=day, register__number=count.register).update(
            state=RegisterDay.State.UNUSED if count.is_unused else RegisterDay.State.COUNTED,
            actual_cash=count.actual_cash,
            carry_over=count.carry_over,
            reason=count.reason,
            counts={str(value): pieces for value, pieces in count.pieces.items()},
            counted_by=by.actor,
            counted_at=by.at,
        )
    settled = RegisterDay.objects.filter(day=day)
    uncounted = settled.filter(state=RegisterDay.State.OPEN) | settled.filter(state=RegisterDay.State.UNUSED).exclude(
        register__in=registers_without_business(day)
    )
    if left := sorted(uncounted.values_list("register__number", flat=True)):
        raise NotCounted(left)


def registers_without_business(day: BusinessDay) -> QuerySet[Register]:
    """Return the store's registers without a slip or a movement on the day: what was put in first is all that lies in them."""
    with_slips = Slip.objects.filter(day=day).order_by().values("register")
    with_movements = CashMovement.objects.filter(day=day).order_by().values("register")
    return day.store.registers.exclude(pk__in=with_slips).exclude(pk__in=with_movements)


def _freeze(day, *, by, wish):
    day.refresh_from_db()
    figures = day_figures(day)
    closing = Closing.objects.create(
        day=day,
        revision=day.revision,
        entries=day.entries,
        slip_count=day.slip_count,
        slip_digest=slip_digest(day, up_to=day.entries),
        figures_frozen=figures.to_json(),
        sales_total=figures.gross_sales,
        expected_cash=figures.expected_cash,
        actual_cash=figures.actual_cash,
        closed_at=by.at,
        closed_by=by.actor,
    )
    _freeze_lines(closing, figures)
    _freeze_registers(closing, figures)
    action = DayAction.DAY_CLOSED if day.revision == 1 else DayAction.DAY_CLOSED_AGAIN
    history.record(action, day, by=by, changes={_("回数"): day.revision, _("現金差異"): figures.cash_difference})
    day_closed.send(sender=BusinessDay, closing=closing, wish=wish)
    return closing


def _freeze_lines(closing, figures):
    methods = dict(PaymentMethod.objects.filter(company=closing.day.store.company_id).values_list("code", "pk"))
    ClosingLine.objects.bulk_create(
        ClosingLine(
            closing=closing,
            method_id=methods[line.method],
            category=line.category,
            nature=line.nature,
            amount=line.amount,
            tax=line.tax,
        )
        for line in figures.lines
    )


def _freeze_registers(closing, figures):
    registers = dict(closing.day.store.registers.values_list("number", "pk"))
    ClosingRegister.objects.bulk_create(
        ClosingRegister(
            closing=closing,
            register_id=registers[cash.register],
            opening_float=cash.opening_float,
            expected_cash=cash.expected_cash,
            actual_cash=cash.actual_cash,
            carry_over=cash.carry_over,
            counts={str(value): pieces for value, pieces in cash.counts},
            reason=cash.reason,
        )
        for cash in figures.registers
    )
