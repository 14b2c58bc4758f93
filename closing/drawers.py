"""釣銭準備金 and count of the drawers, from one 営業日 to the next. Money in yen."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from closing import history
from closing.history import DayAction
from closing.models import BusinessDay, RegisterDay
from closing.models.totals import day_figures
from closing.month_locks import is_locked
from stores.audit import Origin, in_source_language

NOT_COUNTED = {"actual_cash": None, "carry_over": None, "expected_when_counted": None, "counts": {}, "reason": "", "counted_at": None}
UNCOUNTED = NOT_COUNTED | {"state": RegisterDay.State.OPEN, "counted_by": None}
COUNT = ("state", "actual_cash", "carry_over", "expected_when_counted", "counts", "reason", "counted_by", "counted_at")


def pass_on(day: BusinessDay, carried: dict[int, int], *, by: Origin) -> None:
    """Propose what was carried over (yen by POS番号) as the float of the days that were opened before this count.

    Who typed another float keeps it, and the break is another one. So does a day that was closed meanwhile: it becomes
    閉局後に変更あり, and its next revision shows the break. What is locked stays as it is.
    """
    # Mostly there is none, and nothing else to ask.
    if not BusinessDay.objects.filter(store=day.store_id, date__gt=day.date).exists():
        return
    counted_between = RegisterDay.objects.filter(
        register=OuterRef("register"), day__date__gt=day.date, day__date__lt=OuterRef("day__date"), carry_over__isnull=False
    )
    later = RegisterDay.objects.filter(day__store=day.store_id, day__date__gt=day.date)
    of_these = later.filter(register__number__in=carried).exclude(Exists(counted_between))
    for settled in of_these.select_related("day__store__company", "register").order_by("day__date", "pk"):
        if settled.proposed_float != carried[settled.register.number]:
            propose_float(settled, carried[settled.register.number], by=by)


def propose_float(settled: RegisterDay, amount: int, *, by: Origin) -> None:
    """Propose another float (yen) than before; it is also put in, unless somebody typed one, or has counted or closed."""
    # Holds the day while the month's lock is asked for.
    BusinessDay.objects.add_entries(settled.day, rows=0)
    if is_locked(settled.day.store.company_id, settled.day.date):
        return
    BusinessDay.objects.add_entries(settled.day)
    same = RegisterDay.objects.filter(pk=settled.pk)
    as_proposed = Q(state=RegisterDay.State.OPEN, day__state=BusinessDay.State.OPEN, opening_float=F("proposed_float"))
    if not same.filter(as_proposed).update(proposed_float=amount, opening_float=amount):
        same.update(proposed_float=amount)
    changes = {str(settled.register): [settled.proposed_float, amount]}
    history.record(DayAction.FLOAT_CHANGED, settled.day, by=by, changes=changes)


def forget_counts(day: BusinessDay, registers: list[int]) -> None:
    """Ask for the counts of these POS番号 again: they were made of other cash."""
    RegisterDay.objects.filter(day=day, register__number__in=registers).update(**UNCOUNTED)


def move_drawers(day: BusinessDay, target: BusinessDay, *, since: datetime | None) -> None:
    """After rows have moved to a day that is new: its drawers begin with what the first day leaves in them.

    A count made since then was of the new day's cash and goes along; the first day, if it was closed, is then taken to have
    held what it should, so that a difference stands on the day on which it was seen.
    """
    day.refresh_from_db()
    left = {cash.register: max(cash.expected_cash, 0) for cash in day_figures(day).registers}
    for settled in RegisterDay.objects.filter(day=day).select_related("register"):
        if settled.counted_at and since and settled.counted_at < since:
            # What was carried over then is what the new day was opened with.
            continue
        new, amount = RegisterDay.objects.filter(day=target, register=settled.register_id), left[settled.register.number]
        new.update(proposed_float=amount, opening_float=amount)
        if settled.counted_at:
            new.update(**{name: getattr(settled, name) for name in COUNT})
            _uncount(settled, amount, was_closed=day.revision > 0)


def _uncount(settled, amount, *, was_closed):
    count = UNCOUNTED
    if was_closed:
        reason = in_source_language(_("数えた現金は、付け替え先の営業日にあります"))
        count = NOT_COUNTED | {"actual_cash": amount, "carry_over": amount, "reason": reason, "counted_at": settled.counted_at}
    RegisterDay.objects.filter(pk=settled.pk).update(**count)
