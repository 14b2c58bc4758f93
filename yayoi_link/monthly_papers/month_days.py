"""Where each day of the month stands at each store: closed, or why it is not in the papers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Min

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

    @property
    def is_in_papers(self) -> bool:
        """Whether there is a 日計, perhaps of an earlier state than the day is in now."""
        return self.day is not None and self.day.revision > 0


def month_days(scope: PapersScope) -> list[MonthDay]:
    """Return every date of the month at every store, in three queries."""
    days = BusinessDay.objects.filter(store__in=scope.stores, date__range=scope.span)
    opened = {(day.store_id, day.date): day for day in days.order_by("pk")}
    holidays = Holiday.objects.filter(store__in=scope.stores, date__range=scope.span)
    resting = {(holiday.store_id, holiday.date): holiday.note for holiday in holidays.order_by("pk")}
    firsts = dict(
        BusinessDay.objects.filter(store__in=scope.stores).order_by().values_list("store").annotate(first=Min("date")),
    )
    return [
        MonthDay(store, on, _state_of(day), day)
        if (day := opened.get((store.pk, on)))
        else _unopened(scope, store, on, rest=resting.get((store.pk, on)), first=firsts.get(store.pk))
        for store in scope.stores
        for on in _dates(scope)
    ]


def _dates(scope: PapersScope) -> Iterator[date]:
    return (scope.month + timedelta(days=number) for number in range((scope.last - scope.month).days + 1))


def _unopened(scope: PapersScope, store: Store, on: date, *, rest: str | None, first: date | None) -> MonthDay:
    """A date that is not over yet may still be opened: nothing is missing of it."""
    if rest is not None:
        return MonthDay(store, on, DayState.RESTING, note=rest)
    if store.retired_on and on >= store.retired_on:
        return MonthDay(store, on, DayState.RETIRED)
    if on >= scope.today:
        return MonthDay(store, on, DayState.AHEAD)
    is_before = first is None or on < first
    return MonthDay(store, on, DayState.NOT_YET_USED if is_before else DayState.UNRECORDED)


def _state_of(day: BusinessDay) -> DayState:
    if day.is_open:
        return DayState.OPEN
    if day.changed_after_close:
        return DayState.CHANGED
    return DayState.PROVISIONAL if day.is_provisional else DayState.CLOSED
