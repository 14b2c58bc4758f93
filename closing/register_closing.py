"""Each register counted by itself: the last one's count closes the day."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from closing import history
from closing.history import DayAction
from closing.models import BusinessDay, Closing, RegisterDay
from closing.models.totals import day_figures
from closing.month_locks import refuse_locked
from closing.register_settlement import (
    NotCounted,
    RegisterCount,
    moved_since_count,
    registers_without_business,
    uncounted,
    write_counts,
)
from closing.trading_day import AlreadyClosed, ChangedMeanwhile, close_day
from stores.audit import Origin


@transaction.atomic
def count_register(day: BusinessDay, count: RegisterCount, *, by: Origin, seen_expected: int | None = None) -> Closing | None:
    """レジ精算: write one register's count. Return the closing when it was the last one that the day waited for.

    `seen_expected` is the register's 想定レジ金額 (yen) that the counter saw; None takes whatever it is by now.
    Raises AlreadyClosed, and ChangedMeanwhile when the register has moved since.
    """
    figures = _figures_of_open_day(day)
    expected = next(cash.expected_cash for cash in figures.registers if cash.register == count.register)
    if seen_expected not in (None, expected):
        raise ChangedMeanwhile
    write_counts(day, [count], by=by, expected=expected)
    history.record(
        DayAction.REGISTER_COUNTED,
        day,
        by=by,
        changes={_("レジ"): count.register, _("実際のレジ内現金"): count.actual_cash, _("想定レジ金額"): expected},
    )
    if uncounted(day) or moved_since_count(day, figures):
        return None
    return close_day(day, counts=[], by=by)


@transaction.atomic
def mark_rest_unused(day: BusinessDay, *, by: Origin) -> Closing:
    """Close the day with the registers that nobody has used as 本日未使用.

    Raises AlreadyClosed, and NotCounted with the registers that were used: they have to be counted.
    """
    figures = _figures_of_open_day(day)
    unused = set(registers_without_business(day).values_list("number", flat=True)) & set(uncounted(day))
    kept = {cash.register: cash.opening_float for cash in figures.registers}
    counts = [RegisterCount(number, kept[number], kept[number], is_unused=True) for number in sorted(unused)]
    write_counts(day, counts, by=by)
    if left := uncounted(day):
        raise NotCounted(left)
    history.record(DayAction.REGISTERS_UNUSED, day, by=by, changes={_("レジ"): "、".join(map(str, sorted(unused)))})
    return close_day(day, counts=[], by=by)


@transaction.atomic
def recount(day: BusinessDay, counts: Sequence[RegisterCount], *, seen_revision: int, by: Origin) -> None:
    """Count registers of a closed day once more: it becomes 閉局後に変更あり, and the next close takes these counts.

    Raises ChangedMeanwhile when the day is not closed in that revision, and MonthLocked.
    """
    BusinessDay.objects.add_entries(day)
    if not BusinessDay.objects.filter(pk=day.pk, revision=seen_revision).closed().exists():
        raise ChangedMeanwhile
    refuse_locked(day.store.company_id, day.date)
    before = dict(RegisterDay.objects.filter(day=day).values_list("register__number", "actual_cash"))
    write_counts(day, counts, by=by)
    changes = {_("レジ%(number)s") % {"number": count.register}: [before[count.register], count.actual_cash] for count in counts}
    history.record(DayAction.REGISTERS_RECOUNTED, day, by=by, changes=changes)


def _figures_of_open_day(day):
    """Lock the day, and add it up as it stands now."""
    BusinessDay.objects.add_entries(day)
    day.refresh_from_db()
    if not day.is_open:
        raise AlreadyClosed(day)
    return day_figures(day)
