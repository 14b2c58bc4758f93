"""The trading day: 開局, 入出金, 閉局. Of two simultaneous callers of a state change exactly one succeeds."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from closing import history
from closing.drawers import forget_counts
from closing.freezing import freeze
from closing.history import DayAction
from closing.models import BusinessDay, CashMovement, Closing, RegisterDay
from closing.models.totals import add_up, day_figures
from closing.month_locks import refuse_locked
from closing.register_settlement import NotCounted, RegisterCount, moved_since_count, uncounted, write_counts
from closing.registration_number import may_be_dated
from closing.signals import Wish
from stores.audit import Origin
from stores.models import Register, Store


class FutureDate(Exception):
    """A 営業日 that has not come yet cannot be opened."""


class AlreadyClosed(Exception):
    """Somebody closed the day first. `closing` says who, when and with which figures."""

    def __init__(self, day: BusinessDay):
        super().__init__(f"day {day.pk} is closed")
        self.closing = Closing.objects.filter(day=day).select_related("closed_by").first()


class NotEmpty(Exception):
    """The day has slips, movements or counts: its opening cannot be taken back."""


class ChangedMeanwhile(Exception):
    """Something was written to the day after the caller looked at it."""


class ImpossibleReceiptDate(Exception):
    """A receipt from before there were any invoices, or from after the day on which it was paid."""


class AlreadyRecorded(Exception):
    """This movement is in the books: its button was pressed twice."""


@transaction.atomic
def open_day(store: Store, day: date, *, by: Origin, today: date) -> BusinessDay:
    """開局: return the store's day of that date, opened now unless it was before.

    Each register in use starts with what it carried over from its last count. Raises FutureDate, and
    MonthLocked where the day would be a new one.
    """
    if day > today:
        raise FutureDate
    if known := BusinessDay.objects.filter(store=store, date=day).first():
        return known
    lock_store(store)
    refuse_locked(store.company_id, day)
    opened, is_new = BusinessDay.objects.get_or_create(store=store, date=day, defaults={"opened_at": by.at, "opened_by": by.actor})
    if is_new:
        for register in store.registers.filter(retired_on=None):
            settle_later(opened, register)
        history.record(DayAction.DAY_OPENED, opened, by=by)
    return opened


@transaction.atomic
def cancel_opening(day: BusinessDay, *, by: Origin) -> None:
    """開局取消: take the opening of a day back, as long as nobody has sold, moved or counted anything on it. Raises NotEmpty."""
    lock_store(day.store)
    BusinessDay.objects.add_entries(day)
    day.refresh_from_db()
    counted = day.register_days.exclude(state=RegisterDay.State.OPEN).exists() or day.interim_counts.exists()
    if day.revision or day.slips.exists() or day.movements.exists() or counted:
        raise NotEmpty
    history.record(DayAction.OPENING_CANCELLED, day, by=by)
    day.register_days.all().delete()
    day.delete()


def lock_store(store: Store) -> None:
    """Let everybody else who opens days or books slips at the store wait until this transaction ends. On SQLite they wait anyway."""
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)


def lock_stores(company_id: int, codes: Collection[str]) -> None:
    """The same for several stores, always in one order: of two who need each other's store one waits, and neither for ever."""
    list(Store.objects.select_for_update(no_key=True).filter(company=company_id, code__in=codes).order_by("pk"))


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
    refuse_locked(day.store.company_id, day.date)
    changed = RegisterDay.objects.filter(
        day=day, register=register, state=RegisterDay.State.OPEN, day__state=BusinessDay.State.OPEN
    ).update(opening_float=amount)
    if not changed:
        raise AlreadyClosed(day)
    history.record(DayAction.FLOAT_CHANGED, day, by=by, changes={str(register): amount})


def record_movement(day: BusinessDay, movement: CashMovement, *, by: Origin) -> CashMovement:
    """入出金: write the movement to the day as its next entry. A day that was closed becomes 閉局後に変更あり.

    Raises AlreadyRecorded when a movement with its uuid is there, ImpossibleReceiptDate, and MonthLocked.
    """
    if movement.receipt_date and not may_be_dated(movement.receipt_date, day.date):
        raise ImpossibleReceiptDate
    return write_movement(day, movement, by=by)


@transaction.atomic
def write_movement(day: BusinessDay, movement: CashMovement, *, by: Origin) -> CashMovement:
    """The same for what was recorded once and goes to another day as it stands: its receipt keeps its date."""
    movement.day, movement.staff, movement.occurred_at = day, movement.staff or by.actor, movement.occurred_at or by.at
    movement.entry = BusinessDay.objects.add_entries(day)
    if CashMovement.objects.filter(uuid=movement.uuid).exists():
        raise AlreadyRecorded
    refuse_locked(day.store.company_id, day.date)
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

    Registers that were counted by themselves before need no count here; a 仮閉局 keeps these counts where the cash has not
    moved since, and takes a register whose cash has moved as not counted. `seen_entries` is the day's `entries` when the
    cash was counted; None closes whatever is there by now. Raises AlreadyClosed, carrying who closed it and when,
    ChangedMeanwhile and NotCounted.
    """
    same_day = BusinessDay.objects.filter(pk=day.pk)
    as_seen = same_day.open() if seen_entries is None else same_day.open().filter(entries=seen_entries)
    if not as_seen.update(state=BusinessDay.State.CLOSED, revision=F("revision") + 1, closed_entries=F("entries")):
        raise ChangedMeanwhile if same_day.open().exists() else AlreadyClosed(day)

    if counts is None:
        forget_counts(day, moved_since_count(day, day_figures(_as_it_is(day))))
        return _freeze(day, by=by, wish=wish)
    write_counts(day, counts, by=by)
    if left := uncounted(day):
        raise NotCounted(left)
    return _freeze(day, by=by, wish=wish, checks_counts=True)


@transaction.atomic
def close_again(day: BusinessDay, *, seen_revision: int, by: Origin, wish: Wish) -> Closing:
    """Close a closed day once more, as revision n+1, with the counts of before or those of a `recount`.

    Raises AlreadyClosed when n is not the last, and MonthLocked.
    """
    closed = (
        BusinessDay.objects.filter(pk=day.pk, revision=seen_revision)
        .closed()
        .update(revision=F("revision") + 1, closed_entries=F("entries"))
    )
    if not closed:
        raise AlreadyClosed(day)

    refuse_locked(day.store.company_id, day.date)
    return _freeze(day, by=by, wish=wish)


def _as_it_is(day):
    day.refresh_from_db(from_queryset=BusinessDay.objects.select_related("store__company"))
    return day


def _freeze(day, *, by, wish, checks_counts=False):
    totals = add_up(_as_it_is(day))
    if checks_counts and (left := moved_since_count(day, totals.figures)):
        raise NotCounted(left)
    if day.is_provisional is totals.figures.is_counted:
        day.is_provisional = not totals.figures.is_counted
        day.save(update_fields=["is_provisional"])
    return freeze(day, totals, by=by, wish=wish)
