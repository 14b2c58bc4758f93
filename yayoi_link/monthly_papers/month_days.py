"""Where each day of the month stands at each store: closed, or why it is not in the papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from closing.models import BusinessDay, Holiday
from stores.models import Store
from yayoi_link.monthly_papers.scope import PapersScope


class DayState(StrEnum):
    CLOSED = "閉局"
    PROVISIONAL = "仮閉局（現金は未計数）"
    CHANGED = "閉局後に変更あり"
    OPEN = "未閉局"
    RESTING = "休業日"
    UNRECORDED = "記録なし（開局も休業日の登録もない）"
    AHEAD = "これから（まだ開局していない）"
    NOT_YET_USED = "利用開始前"
    RETIRED = "利用終了"


# The days that have a 日計.
REPORTED = (DayState.CLOSED, DayState.PROVISIONAL, DayState.CHANGED)


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A date at a store. `day` is None where nobody opened."""

    store: Store
    date: date
    state: DayState
    day: BusinessDay | None = None
    note: str = ""


def month_days(scope: PapersScope) -> list[MonthDay]:
    """Return every date of the month at every store, in three queries."""
    days = _days(scope)
    opened = {(day.store_id, day.date): day for day in days.order_by("pk")}
    holidays = Holiday.objects.filter(store__in=scope.store_set, date__range=scope.span)
    resting = {(holiday.store_id, holiday.date): holiday.note for holiday in holidays.order_by("pk")}
    lives = _lives(scope)
    return [
        MonthDay(store, on, _state_of(day), day)
        if (day := opened.get((store.pk, on)))
        else _unopened(scope, store, on, rest=resting.get((store.pk, on)), first=lives[store.pk][1])
        for store in scope.stores
        for on in _dates(scope)
    ]


def count_month_days(scope: PapersScope) -> Counter[DayState]:
    """Return how many there are of each state in `month_days`, in three queries that read no single day.

    All dates count as if nobody had opened; then those that were opened, and those that rest, move to a state of their own.
    """
    lives, counts = _lives(scope), Counter()
    for (retired_on, first), stores in Counter(lives.values()).items():
        for on in _dates(scope):
            counts[_state_without_day(scope, on, retired_on=retired_on, first=first)] += stores
    left, reached = _states_left_and_reached(scope)
    counts.subtract(left)
    counts.update(reached)
    for store, on in _resting(scope):
        retired_on, first = lives[store]
        counts[_state_without_day(scope, on, retired_on=retired_on, first=first)] -= 1
        counts[DayState.RESTING] += 1
    return counts


def _states_left_and_reached(scope: PapersScope) -> tuple[Counter[DayState], Counter[DayState]]:
    """Return how many of the opened days there are by the state that their date would have without them, and by their own.

    Added up in one go: sorting the days by date would take longer than all the rest.
    """
    is_changed, is_retired = Q(entries__gt=F("closed_entries")), Q(store__retired_on__lte=F("date"))
    is_closed = Q(state=BusinessDay.State.CLOSED)
    counted = {
        DayState.RETIRED.name: is_retired,
        DayState.AHEAD.name: ~is_retired & Q(date__gte=scope.today),
        DayState.OPEN.name: Q(state=BusinessDay.State.OPEN),
        DayState.CHANGED.name: is_closed & is_changed,
        DayState.PROVISIONAL.name: is_closed & ~is_changed & Q(is_provisional=True),
    }
    found = _days(scope).aggregate(every=Count("pk"), **{name: Count("pk", filter=condition) for name, condition in counted.items()})
    every = found["every"]
    left = Counter({state: found[state.name] for state in (DayState.RETIRED, DayState.AHEAD)})
    reached = Counter({state: found[state.name] for state in (DayState.OPEN, DayState.CHANGED, DayState.PROVISIONAL)})
    left[DayState.UNRECORDED], reached[DayState.CLOSED] = every - left.total(), every - reached.total()
    return left, reached


def _resting(scope: PapersScope) -> QuerySet[Holiday]:
    is_opened = Exists(BusinessDay.objects.filter(store=OuterRef("store"), date=OuterRef("date")))
    unopened = Holiday.objects.filter(store__in=scope.store_set, date__range=scope.span).exclude(is_opened)
    return unopened.order_by().values_list("store", "date")


def _days(scope: PapersScope) -> QuerySet[BusinessDay]:
    return BusinessDay.objects.filter(store__in=scope.store_set, date__range=scope.span)


def _dates(scope: PapersScope) -> Iterator[date]:
    return (scope.month + timedelta(days=number) for number in range((scope.last - scope.month).days + 1))


def _lives(scope: PapersScope) -> dict[int, tuple[date | None, date | None]]:
    """Of each store when it was retired, and when it opened for the first time: an index answers that store by store."""
    first = BusinessDay.objects.filter(store=OuterRef("pk")).order_by("date").values("date")[:1]
    return {store: (retired_on, on) for store, retired_on, on in scope.store_set.values_list("pk", "retired_on", Subquery(first))}


def _unopened(scope: PapersScope, store: Store, on: date, *, rest: str | None, first: date | None) -> MonthDay:
    if rest is not None:
        return MonthDay(store, on, DayState.RESTING, note=rest)
    return MonthDay(store, on, _state_without_day(scope, on, retired_on=store.retired_on, first=first))


def _state_without_day(scope: PapersScope, on: date, *, retired_on: date | None, first: date | None) -> DayState:
    """A date that is not over yet may still be opened: nothing is missing of it."""
    if retired_on and on >= retired_on:
        return DayState.RETIRED
    if on >= scope.today:
        return DayState.AHEAD
    return DayState.NOT_YET_USED if first is None or on < first else DayState.UNRECORDED


def _state_of(day: BusinessDay) -> DayState:
    return _state_with_day(is_open=day.is_open, is_changed=day.changed_after_close, is_provisional=day.is_provisional)


def _state_with_day(*, is_open: bool, is_changed: bool, is_provisional: bool) -> DayState:
    if is_open:
        return DayState.OPEN
    if is_changed:
        return DayState.CHANGED
    return DayState.PROVISIONAL if is_provisional else DayState.CLOSED
