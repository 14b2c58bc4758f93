"""中締め: a count at the end of a shift. It is written down and changes nothing of the day's figures."""

from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from closing import history
from closing.count_drafts import end_drafts
from closing.history import DayAction
from closing.models import BusinessDay, CountDraft, InterimCount, Slip
from closing.models.totals import day_figures
from closing.register_settlement import RegisterCount
from closing.trading_day import AlreadyClosed, AlreadyRecorded, ChangedMeanwhile
from stores.audit import Origin
from stores.models import Register


@transaction.atomic
def count_interim(
    day: BusinessDay,
    register: Register,
    count: RegisterCount,
    *,
    by: Origin,
    shift: str = "",
    seen_expected: int | None = None,
    form_key: UUID | None = None,
) -> InterimCount:
    """Write down what the register holds now, beside what it should hold (both in yen).

    `seen_expected` is the 想定レジ金額 that the counter saw; None takes whatever it is by now. `form_key` makes two presses one
    count. Raises AlreadyRecorded, AlreadyClosed, and ChangedMeanwhile when the register has moved since.
    """
    entry = BusinessDay.objects.add_entries(day)
    if form_key and InterimCount.objects.filter(form_key=form_key).exists():
        raise AlreadyRecorded
    day.refresh_from_db()
    if not day.is_open:
        raise AlreadyClosed(day)
    expected = next(cash.expected_cash for cash in day_figures(day).registers if cash.register == register.number)
    if seen_expected not in (None, expected):
        raise ChangedMeanwhile
    interim = _write_down(day, register, count, by=by, entry=entry, form_key=form_key, shift=shift, expected_cash=expected)
    end_drafts(day, [register.number], [CountDraft.Kind.INTERIM])
    changes = {_("レジ"): register.number, _("実際のレジ内現金"): count.actual_cash, _("想定レジ金額"): expected}
    history.record(DayAction.INTERIM_COUNTED, day, by=by, changes=changes)
    return interim


def _write_down(day, register, count, *, by, **seen):
    return InterimCount.objects.create(
        day=day,
        register=register,
        number=InterimCount.objects.filter(day=day, register=register).count() + 1,
        sales_total=Slip.objects.filter(day=day, register=register).aggregate(sum=Sum("total"))["sum"] or 0,
        actual_cash=count.actual_cash,
        counts={str(value): pieces for value, pieces in count.pieces.items()},
        reason=count.reason,
        counted_by=by.actor,
        counted_at=by.at,
        **seen,
    )
