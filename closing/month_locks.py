"""月次締め: a company's month, once all its days are closed, is changed no more until somebody unlocks it with a reason."""

from calendar import monthrange
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from closing.history import DayAction
from closing.models import BusinessDay, MonthDecision, MonthLock
from stores.audit import Origin
from stores.models import Company, Store


class MonthLocked(Exception):
    """The month of this 営業日 is locked."""

    def __init__(self, day: date):
        super().__init__(f"the month of {day} is locked")
        self.day = day


class MonthNotOver(Exception):
    """A month is locked after its last day only."""


class DaysLeft(Exception):
    """Days of the month are open, or have changed since they were closed."""

    def __init__(self, days: list[BusinessDay]):
        super().__init__(f"{len(days)} days are left")
        self.days = days


class AlreadyDecided(Exception):
    """Somebody locked or unlocked the month first."""


def is_locked(company_id: int, day: date) -> bool:
    """Tell whether the month of this day is locked."""
    return MonthLock.objects.filter(company=company_id, month=day.replace(day=1), is_locked=True).exists()


def locked_months(company_id: int) -> frozenset[date]:
    """Return the first days of the company's locked months."""
    return frozenset(MonthLock.objects.filter(company=company_id, is_locked=True).values_list("month", flat=True))


def first_open_day(company_id: int, day: date) -> date:
    """Return the day itself or, where its month is locked, the first day after it whose month is not."""
    locked = locked_months(company_id)
    while day.replace(day=1) in locked:
        day = last_of(day) + timedelta(days=1)
    return day


def refuse_locked(company_id: int, day: date) -> None:
    """Raise MonthLocked. The caller has written to the day or holds its store, so that no lock comes in between."""
    if is_locked(company_id, day):
        raise MonthLocked(day)


@transaction.atomic
def lock_month(company: Company, month: date, *, by: Origin, today: date) -> MonthLock:
    """月次締め. Raises MonthNotOver, DaysLeft and AlreadyDecided."""
    if last_of(month) >= today:
        raise MonthNotOver
    days = _hold_days(company, month)
    if left := [day for day in days if day.is_open or day.changed_after_close]:
        raise DaysLeft(left)
    lock, is_new = MonthLock.objects.get_or_create(company=company, month=month)
    if not is_new and not MonthLock.objects.filter(pk=lock.pk, is_locked=False).update(is_locked=True):
        raise AlreadyDecided
    return _decide(lock, MonthDecision.Kind.LOCKED, DayAction.MONTH_LOCKED, reason="", by=by)


@transaction.atomic
def unlock_month(company: Company, month: date, *, reason: str, by: Origin) -> MonthLock:
    """締めの解除, with the reason that stays on record. Raises AlreadyDecided."""
    if not MonthLock.objects.filter(company=company, month=month, is_locked=True).update(is_locked=False):
        raise AlreadyDecided
    lock = MonthLock.objects.get(company=company, month=month)
    return _decide(lock, MonthDecision.Kind.UNLOCKED, DayAction.MONTH_UNLOCKED, reason=reason, by=by)


def days_left(company: Company, month: date) -> list[BusinessDay]:
    """Return the days that stand in the way of locking the month: open, or changed since their close."""
    unfinished = Q(state=BusinessDay.State.OPEN) | Q(entries__gt=F("closed_entries"))
    return list(_days_of(company, month).filter(unfinished).select_related("store").order_by("date", "store__code", "pk"))


def last_of(month: date) -> date:
    """Return the last day of the month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def _days_of(company, month):
    return BusinessDay.objects.filter(store__company=company, date__range=(month.replace(day=1), last_of(month)))


def _hold_days(company, month):
    """Let everybody else who opens or writes to a day of the month wait until it is locked, and return its days."""
    list(Store.objects.select_for_update(no_key=True).filter(company=company).order_by("pk"))
    days = _days_of(company, month).select_for_update(no_key=True, of=("self",)).select_related("store")
    # The earlier day first, as a count does that tells the next day what was carried over.
    return list(days.order_by("date", "pk"))


def _decide(lock, kind, action, *, reason, by):
    days = _days_of(lock.company, lock.month)
    sales = days.aggregate(sum=Sum("sales_total"))["sum"] or 0
    MonthDecision.objects.create(lock=lock, kind=kind, reason=reason, day_count=days.count(), sales_total=sales, by=by.actor, at=by.at)
    by.record(action, subject=f"{lock.month:%Y-%m}", changes={_("売上"): sales, _("理由"): reason})
    lock.refresh_from_db()
    return lock
