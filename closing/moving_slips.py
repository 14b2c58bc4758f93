"""営業日の付け替え: slips and 入出金 after a chosen time go to the day on which they happened, as one audited operation.

A slip keeps the date and number that its register gave it, so that the register may send it again: only the day of the
books changes. What was in a close is never moved: there a red slip takes it back, and a black one books it anew; 入出金
are cancelled there and recorded anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from closing import history
from closing.categories import Nature, ReversalReason, SlipKind, TaxCategory
from closing.drawers import move_drawers
from closing.history import DayAction
from closing.models import BusinessDay, CashMovement, Slip, SlipSplit, SlipTax
from closing.month_locks import refuse_locked
from closing.movement_corrections import cancel, copy_of
from closing.slip_corrections import content_of, enter_slip, refundable, take_back, what_is_left
from closing.taking_back import TakingBack, sold_anew
from closing.trading_day import ChangedMeanwhile, lock_store, open_day, settle_later, write_movement
from stores.audit import Origin

SALES = [category.value for category in TaxCategory if category.is_sales]
ROWS_AT_ONCE = 500


class SameDay(Exception):
    """Slips are moved to another day."""


@dataclass(frozen=True, slots=True)
class Movable:
    """What a move would take along: slips with their total (yen), 入出金, and the drawers of as many registers.

    `left_behind` are slips of a closed day that are red themselves or wholly taken back.
    """

    slips: int
    total: int
    movements: int
    left_behind: int
    registers: int


def movable(day: BusinessDay, *, since: datetime | None, to: date) -> Movable:
    """Say what would be moved of the day: everything from `since` on, or (None) all of it.

    The drawers go along to a day that has none of its own yet: one that is not opened.
    """
    slips, all_slips = _slips(day, since), _of_day(Slip, day, "issued_at", since)
    is_new = not BusinessDay.objects.filter(store=day.store_id, date=to).exists()
    return Movable(
        slips=slips.count(),
        total=slips.aggregate(sum=Sum("total") + Sum("taken"))["sum"] or 0,
        movements=_movements(day, since).count(),
        left_behind=all_slips.count() - slips.count(),
        registers=day.register_days.count() if is_new else 0,
    )


@transaction.atomic
def move_slips(day: BusinessDay, *, since: datetime | None, to: date, seen: Movable, reason: str, by: Origin, today: date) -> BusinessDay:
    """Move what was sold, paid in and paid out from `since` on to the day `to`, and return that day.

    A day that is new begins with the cash that the first one leaves in its drawers. Raises SameDay, FutureDate, MonthLocked,
    and ChangedMeanwhile when it is no longer what was `seen`.
    """
    if to == day.date:
        raise SameDay
    lock_store(day.store)
    # Whoever writes to two days locks the earlier one first.
    for each in BusinessDay.objects.filter(store=day.store_id, date__in=(day.date, to)).order_by("date"):
        BusinessDay.objects.add_entries(each, rows=0)
    day.refresh_from_db()
    for month in (day.date, to):
        refuse_locked(day.store.company_id, month)
    if movable(day, since=since, to=to) != seen:
        raise ChangedMeanwhile
    target = open_day(day.store, to, by=by, today=today)
    move_rows = _book_anew if day.revision else _carry
    move_rows(day, target, since, reason=reason, by=by, today=today)
    if seen.registers:
        move_drawers(day, target, since=since)
    history.record(DayAction.SLIPS_MOVED, day, by=by, changes=_changes(to, seen, reason))
    return target


def _changes(to, seen, reason):
    rows = {_("伝票数"): seen.slips, _("金額"): seen.total, _("入出金"): seen.movements, _("釣銭準備金を移したレジ"): seen.registers}
    return {_("移動先の営業日"): to} | rows | {_("理由"): reason}


def _of_day(model, day, moment, since):
    rows = model.objects.filter(day=day)
    return rows.filter(**{f"{moment}__gte": since}) if since else rows


def _slips(day: BusinessDay, since: datetime | None) -> QuerySet[Slip]:
    """The slips that move, each with what red slips have `taken` of it (not counted upwards)."""
    taken = Coalesce(Sum("successors__total", filter=Q(successors__kind=SlipKind.REVERSAL)), 0)
    slips = _of_day(Slip, day, "issued_at", since)
    if not day.revision:
        return slips.annotate(taken=Value(0))
    is_left = Q(total__gt=-F("taken")) | Q(total=0) & ~Q(pk__in=slips.filter(successors__kind=SlipKind.REVERSAL))
    return slips.exclude(kind=SlipKind.REVERSAL).annotate(taken=taken).filter(is_left)


def _movements(day: BusinessDay, since: datetime | None) -> QuerySet[CashMovement]:
    return _of_day(CashMovement, day, "occurred_at", since).filter(cancellation=None)


def _book_anew(day, target, since, *, reason, by, today):
    parts = _slips(day, since).select_related("register__store", "original__register__store").with_parts().order_by("entry", "pk")
    for slip in list(parts):
        whole = TakingBack(ReversalReason.MISTAKE, {part.category: part.amount for part in what_is_left(slip)}, refundable(slip))
        red = take_back(slip, whole, register=slip.register, business_date=day.date, form_key=uuid4(), by=by, today=today)
        said = content_of(slip) if -red.total == slip.total else sold_anew(content_of(red))
        black = replace(said, business_date=target.date, number="", issued_at=slip.issued_at)
        enter_slip(black, register=slip.register, form_key=uuid4(), by=by, today=today, corrects=red)
    for movement in list(_movements(day, since).select_related("day__store__company", "register", "reason").order_by("entry", "pk")):
        anew = write_movement(target, copy_of(movement), by=by)
        cancel(movement, replacement=anew, reason=reason, by=by)


def _carry(day, target, since, **_unused):
    slips = list(_slips(day, since).select_related("register").order_by("entry", "pk").only("pk", "register"))
    movements = list(_movements(day, since).select_related("register").order_by("entry", "pk"))
    sales = (
        SlipTax.objects.filter(slip__in=_of_day(Slip, day, "issued_at", since), category__in=SALES).aggregate(sum=Sum("amount"))["sum"] or 0
    )
    BusinessDay.objects.add_entries(day, rows=1, slips=-len(slips), sales=-sales)
    rows = [*slips, *movements]
    last = BusinessDay.objects.add_entries(target, rows=len(rows), slips=len(slips), sales=sales)
    first = last - len(rows) + 1
    for register in {row.register for row in rows}:
        settle_later(target, register)
    _write_day(slips, target, first)
    _write_day(movements, target, first + len(slips))
    _follow(target, first)
    if slips:
        BusinessDay.objects.filter(pk=target.pk).update(holds_moved_slips=True)


def _write_day(rows: Sequence[Slip] | Sequence[CashMovement], target: BusinessDay, first: int) -> None:
    for entry, row in enumerate(rows, first):
        row.day, row.entry = target, entry
    if rows:
        type(rows[0]).objects.bulk_update(rows, ["day", "entry"], batch_size=ROWS_AT_ONCE)


def _follow(target, first):
    """Let the split follow its slips, and say anew which red slips are netted with the sales of their own day."""
    moved = Slip.objects.filter(day=target, entry__gte=first)
    entry = Subquery(Slip.objects.filter(pk=OuterRef("slip")).values("entry"))
    SlipSplit.objects.filter(slip__in=moved).update(date=target.date, entry=entry)
    Slip.objects.filter(day=target, entry__gte=first).update(is_late=target.revision > 0)
    mistakes = Slip.objects.filter(reason=ReversalReason.MISTAKE, original__isnull=False)
    touched = mistakes.filter(pk__in=moved) | mistakes.filter(original__in=moved)
    same = touched.filter(original__day=F("day"))
    SlipSplit.objects.filter(slip__in=same.values("pk")).update(nature=Nature.MISTAKE)
    SlipSplit.objects.filter(slip__in=touched.exclude(pk__in=same.values("pk")).values("pk")).update(nature=Nature.EARLIER_MISTAKE)
