"""連携状況 as a calendar: stores down, the days of a month across, and in each square how that day stands and why."""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Case, F, FilteredRelation, Q, QuerySet, Value, When
from django.utils import timezone

from closing.models import BusinessDay, Holiday
from stores.models import Store
from yayoi_link.calendar_words import FACES, Face, Reason, Situation, reason_of_delivered, reason_of_situation
from yayoi_link.explanation import story_of
from yayoi_link.models import Delivery
from yayoi_link.states import NEEDS_A_PERSON, State


class Square(NamedTuple):
    """One day of one store. Without a face it is still to come; `day` and `delivery` are keys, `reason` the place of its Reason."""

    date: date
    face: Face | None = None
    reason: int = 0
    day: int | None = None
    delivery: int | None = None
    state: str = ""
    is_sought: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    store: Store
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True)
class DeliveryCalendar:
    dates: tuple[date, ...]
    rows: tuple[Row, ...]
    reasons: tuple[Reason, ...]


def dates_of(month: date) -> tuple[date, ...]:
    """Return the days of the month that begins with `month`."""
    return tuple(month.replace(day=number) for number in range(1, monthrange(month.year, month.month)[1] + 1))


def in_use_in(stores: QuerySet[Store], dates: Collection[date]) -> QuerySet[Store]:
    """Leave out the stores that were given up before the month and have no day in it."""
    first, last = min(dates), max(dates)
    of_month = BusinessDay.objects.filter(store__in=stores, date__range=(first, last))
    return stores.filter(Q(retired_on=None) | Q(retired_on__gte=first) | Q(pk__in=of_month.values("store")))


def exceptions_first(stores: QuerySet[Store], dates: Collection[date], *, now: datetime) -> QuerySet[Store]:
    """Order the stores: first those of which a day of the month needs somebody, each kind by code."""
    span = (min(dates), max(dates))
    days = BusinessDay.objects.filter(store__in=stores, date__range=span)
    waiting = Delivery.objects.needing_a_person().filter(day__store__in=stores, day__date__range=span)
    changed = Delivery.objects.changed_since().filter(day__store__in=stores, day__date__range=span)
    is_troubled = (
        Q(pk__in=waiting.values("day__store")) | Q(pk__in=days.overdue(now).values("store")) | Q(pk__in=changed.values("day__store"))
    )
    return stores.order_by(Case(When(is_troubled, then=Value(0)), default=Value(1)), "code", "pk")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database tells of the stores and dates; days by store and date, the others by their key."""

    days: Mapping[tuple[int, date], Mapping]
    resting: Collection[tuple[int, date]]
    overdue: Collection[int]
    changed: Collection[int]
    explained: Mapping[int, Reason]
    delivered: Reason
    situations: Mapping[Situation, Reason]


def delivery_calendar(
    dates: Collection[date], stores: Iterable[Store], *, now: datetime, sought: Collection[int] | None = None
) -> DeliveryCalendar:
    """Return the calendar of these dates and stores.

    `sought`: the keys of the days that were asked for; None for all. As many queries for many stores as for one.
    """
    stores = list(stores)
    known = _known(stores, (min(dates), max(dates)), now)
    reasons: dict[Reason, int] = {}
    rows = [Row(store, tuple(_square(known, store, date, reasons, sought, now) for date in dates)) for store in stores]
    return DeliveryCalendar(tuple(dates), tuple(rows), tuple(reasons))


def _known(stores, span, now):
    of_month = BusinessDay.objects.filter(store__in=stores, date__range=span)
    of_days = {"day__store__in": stores, "day__date__range": span}
    current = FilteredRelation("deliveries", condition=Q(deliveries__is_current=True))
    sent = {"delivery": F("current__pk"), "delivery_state": F("current__state")}
    days = of_month.annotate(current=current).values("pk", "store", "date", "state", **sent)
    return _Known(
        {(day["store"], day["date"]): day for day in days},
        set(Holiday.objects.filter(store__in=stores, date__range=span).values_list("store", "date")),
        set(of_month.overdue(now).values_list("pk", flat=True)),
        set(Delivery.objects.changed_since().filter(**of_days).values_list("day", flat=True)),
        _explained(Delivery.objects.current().filter(**of_days), now),
        reason_of_delivered(),
        {situation: reason_of_situation(situation) for situation in Situation},
    )


def _explained(deliveries, now):
    """Explain each that is not simply 連携済: those are many, and one Reason is true of all."""
    simply = Q(state=State.DELIVERED, is_empty=False, found_keys__isnull=True)
    others = deliveries.exclude(simply).with_history().defer("body")
    return {delivery.day_id: _reason(story_of(delivery, now=now)) for delivery in others}


def _reason(story):
    return Reason(str(story.meaning), str(story.next_step), str(story.cause), story.who_may)


def _square(known, store, date, reasons, sought, now):
    day = known.days.get((store.pk, date), {})
    situation = _situation(known, store, date, day, now)
    if situation is None and not day:
        return Square(date)
    reason = known.situations[situation] if situation else known.explained.get(day["pk"], known.delivered)
    return Square(
        date,
        FACES.get(situation or day["delivery_state"]),
        reasons.setdefault(reason, len(reasons)),
        day.get("pk"),
        day.get("delivery"),
        day.get("delivery_state") or "",
        sought is None or day.get("pk") in sought,
    )


def _situation(known, store, date, day, now):
    """What is told of the day instead of its delivery; None where the delivery tells all, and of what is still to come."""
    if not day:
        if (store.pk, date) in known.resting:
            return Situation.RESTING
        return Situation.NOT_OPENED if date <= timezone.localdate(now) else None
    if day["state"] == BusinessDay.State.OPEN:
        return Situation.OVERDUE if day["pk"] in known.overdue else Situation.OPEN
    is_news = day["pk"] in known.changed and day["delivery_state"] not in NEEDS_A_PERSON
    return Situation.CHANGED if is_news else None
