"""Where the days of the stores stand: the chip of one day, and today's stores for TOP."""

from dataclasses import dataclass
from enum import IntEnum

from django import template
from django.utils import timezone

from closing.models import BusinessDay, Holiday
from stores.access import Ability, may
from stores.models import Store

register = template.Library()

STORES_SHOWN = 50


class StoreState(IntEnum):
    """What a store's today looks like; what needs somebody comes first."""

    OVERDUE = 0
    NOT_OPENED = 1
    OPEN = 2
    CLOSED = 3
    HOLIDAY = 4


@dataclass(frozen=True, slots=True)
class StoreToday:
    store: Store
    state: StoreState
    day: BusinessDay | None = None

    @property
    def position(self):
        return (self.state, self.store.code)

    @property
    def is_overdue(self):
        return self.state is StoreState.OVERDUE

    @property
    def is_holiday(self):
        return self.state is StoreState.HOLIDAY


@register.inclusion_tag("closing/day_state.html")
def day_state(day):
    return {"day": day, "is_overdue": day.is_overdue(timezone.now())}


@register.inclusion_tag("closing/stores_today.html")
def stores_today(user):
    """Today at every store that the person sees, in three queries however many they are."""
    now = timezone.now()
    rows = sorted(today_at_stores(user, now), key=lambda row: row.position)
    return {
        "rows": rows[:STORES_SHOWN],
        "left_out": max(0, len(rows) - STORES_SHOWN),
        "today": timezone.localdate(now),
        "may_open": may(user, Ability.OPEN_DAY),
    }


def today_at_stores(user, now):
    today = timezone.localdate(now)
    stores = list(Store.objects.visible_to(user).retail().in_use())
    days = BusinessDay.objects.filter(store__in=Store.objects.visible_to(user))
    overdue, current = {}, {}
    for day in (days.open() | days.filter(date=today)).select_related("store").order_by("date", "pk"):
        (overdue if day.is_overdue(now) else current).setdefault(day.store_id, []).append(day)
    resting = set(Holiday.objects.filter(date=today, store__in=Store.objects.visible_to(user)).values_list("store", flat=True))
    for store in stores:
        yield from (StoreToday(store, StoreState.OVERDUE, day) for day in overdue.get(store.pk, []))
        yield today_at(store, current.get(store.pk, []), is_holiday=store.pk in resting)


def today_at(store, days, *, is_holiday):
    """A store that is still open from yesterday is open; one whose today is there, shows today."""
    if not days:
        return StoreToday(store, StoreState.HOLIDAY if is_holiday else StoreState.NOT_OPENED)
    latest = days[-1]
    return StoreToday(store, StoreState.OPEN if latest.is_open else StoreState.CLOSED, latest)
