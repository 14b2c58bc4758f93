"""休業日: the days on which a store does not open."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from closing.history import DayAction
from closing.models import Holiday
from stores.audit import Origin
from stores.models import Store


def days_between(first: date, last: date, *, weekday: int | None = None) -> list[date]:
    """Return the dates from first to last; with a weekday (0 is Monday) only those that fall on it."""
    dates = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in dates if weekday is None or day.weekday() == weekday]


@transaction.atomic
def add_holidays(store: Store, dates: list[date], *, note: str, by: Origin) -> int:
    """Make the dates 休業日 of the store, and return how many of them were not before."""
    known = set(Holiday.objects.filter(store=store, date__in=dates).values_list("date", flat=True))
    new = [day for day in dates if day not in known]
    Holiday.objects.bulk_create((Holiday(store=store, date=day, note=note) for day in new), ignore_conflicts=True)
    if new:
        span = f"{new[0]} – {new[-1]}" if len(new) > 1 else f"{new[0]}"
        by.record(DayAction.HOLIDAYS_CHANGED, store=store, subject=span, changes={_("日数"): len(new), _("メモ"): note})
    return len(new)


@transaction.atomic
def remove_holiday(holiday: Holiday, *, by: Origin) -> None:
    """Take a 休業日 out of the store's calendar."""
    by.record(DayAction.HOLIDAYS_CHANGED, store=holiday.store, subject=str(holiday.date), changes={_("取消"): str(holiday.date)})
    holiday.delete()
