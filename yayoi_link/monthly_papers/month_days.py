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
    firsts = _first_dates(scope)
    return [
        MonthDay(store, on, _state_of(day), day)
        if (day := opened.get((store.pk, on)))
        else _unopened(scope, store, on, rest=resting.get((store.pk, on)), first=firsts[store.pk])
        for store in scope.stores
        for on in _dates(scope)
    ]


def count_month_days(scope: PapersScope) -> Counter[DayState]:
    """Return how many there are of each state in `month_days`, in three queries that read no single day.

    All dates count as if nobody had opened; then those that were opened, and those that rest, move to a state of their own.
    """
    firsts, counts = _first_dates(scope), Counter()
    for (retired_on, first), stores in Counter((store.retired_on, firsts[store.pk]) for store in scope.stores).items():
        for on in _dates(scope):
            counts[_state_without_day(scope, on, retired_on=retired_on, first=first)] += stores
    left, reached = _states_left_and_reached(scope)
    counts.subtract(left)
    counts.update(reached)
    for store, on, retired_on in _resting(scope):
        counts[_state_without_day(scope, on, retired_on=retired_on, first=firsts[store])] -= 1
        counts[DayState.RESTING] += 1
    return counts


def _states_left_and_reached(scope: PapersScope) -> tuple[Counter[DayState], Counter[DayState]]:
    """Return how many of the opened days there are by the state that their date would have without them, and by their own.

    Added up in one go: sorting the days by date would take longer than all the rest.
    """
    is_open, is_changed, is_retired = (
        Q(state=BusinessDay.State.OPEN),
        Q(entries__gt=F("closed_entries")),
        Q(store__retired_on__lte=F("date")),
    )
    left = {
        DayState.RETIRED: is_retired,
        DayState.AHEAD: ~is_retired & Q(date__gte=scope.today),
        DayState.UNRECORDED: ~is_retired & Q(date__lt=scope.today),
    }
    reached = {
        DayState.OPEN: is_open,
        DayState.CHANGED: ~is_open & is_changed,
        DayState.PROVISIONAL: ~is_open & ~is_changed & Q(is_provisional=True),
        DayState.CLOSED: ~is_open & ~is_changed & Q(is_provisional=False),
    }
    found = _days(scope).aggregate(**{state.name: Count("pk", filter=condition) for state, condition in (left | reached).items()})
    return Counter({state: found[state.name] for state in left}), Counter({state: found[state.name] for state in reached})


def _resting(scope: PapersScope) -> QuerySet[Holiday]:
    is_opened = Exists(BusinessDay.objects.filter(store=OuterRef("store"), date=OuterRef("date")))
    unopened = Holiday.objects.filter(store__in=scope.store_set, date__range=scope.span).exclude(is_opened)
    return unopened.order_by().values_list("store", "date", "store__retired_on")


def _days(scope: PapersScope) -> QuerySet[BusinessDay]:
    return BusinessDay.objects.filter(store__in=scope.store_set, date__range=scope.span)


def _dates(scope: PapersScope) -> Iterator[date]:
    return (scope.month + timedelta(days=number) for number in range((scope.last - scope.month).days + 1))


def _first_dates(scope: PapersScope) -> dict[int, date | None]:
    """When each store opened for the first time; looked up store by store, which an index does, and not among all days."""
    first = BusinessDay.objects.filter(store=OuterRef("pk")).order_by("date").values("date")[:1]
    return dict(scope.store_set.values_list("pk", Subquery(first)))


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
