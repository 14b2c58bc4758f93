"""What each store's today looks like, in three queries however many stores there are."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from closing.models import BusinessDay, Holiday
from stores.models import Staff, Store


class StoreState(models.TextChoices):
    """What needs somebody comes first."""

    OVERDUE = "OVERDUE", _("閉局忘れ")
    NOT_OPENED = "NOT_OPENED", _("未開局")
    OPEN = "OPEN", _("開局中")
    CLOSED = "CLOSED", pgettext_lazy("state", "閉局")
    HOLIDAY = "HOLIDAY", _("休業日")


ORDER = list(StoreState)


@dataclass(frozen=True, slots=True)
class StoreNow:
    store: Store
    state: StoreState
    day: BusinessDay | None = None

    @property
    def position(self):
        return (ORDER.index(self.state), self.store.code)

    @property
    def is_overdue(self):
        return self.state is StoreState.OVERDUE

    @property
    def is_holiday(self):
        return self.state is StoreState.HOLIDAY


@dataclass(frozen=True, slots=True)
class StoresNow:
    """`rows` of all stores, exceptions first; a store with forgotten days has a row for each of them, and one for today."""

    rows: tuple[StoreNow, ...]
    store_count: int

    @property
    def of_only_store(self) -> tuple[StoreNow, ...]:
        """The rows of somebody who sees a single store; none for others."""
        return self.rows if self.store_count == 1 else ()

    @property
    def counts(self) -> list[tuple[StoreState, int]]:
        """How many rows are in each state that occurs."""
        counted = Counter(row.state for row in self.rows)
        return [(state, counted[state]) for state in StoreState if counted[state]]

    def in_state(self, wanted: str) -> tuple[StoreNow, ...]:
        """Return the rows in the state; all for one that does not exist."""
        return tuple(row for row in self.rows if row.state == wanted) if wanted in StoreState else self.rows


def stores_now(person: Staff, *, at: datetime) -> StoresNow:
    """Return what the person's stores look like at this moment."""
    stores = list(Store.objects.visible_to(person).retail().in_use())
    rows = sorted(_rows(person, stores, at), key=lambda row: row.position)
    return StoresNow(tuple(rows), len(stores))


def _rows(person: Staff, stores: list[Store], at: datetime) -> Iterator[StoreNow]:
    today = timezone.localdate(at)
    days = BusinessDay.objects.visible_to(person)
    overdue, current, by_pk = {}, {}, {store.pk: store for store in stores}
    for day in (days.open() | days.filter(date=today)).order_by("date", "pk"):
        if day.store_id in by_pk:
            # Read already, perhaps a thousand of them.
            day.store = by_pk[day.store_id]
            (overdue if day.is_overdue(at) else current).setdefault(day.store_id, []).append(day)
    resting = set(Holiday.objects.filter(date=today, store__in=Store.objects.visible_to(person)).values_list("store", flat=True))
    for store in stores:
        yield from (StoreNow(store, StoreState.OVERDUE, day) for day in overdue.get(store.pk, []))
        yield _today(store, current.get(store.pk, []), is_holiday=store.pk in resting)


def _today(store: Store, days: list[BusinessDay], *, is_holiday: bool) -> StoreNow:
    """A store that is still open from yesterday is open; one whose today is there, shows today."""
    if not days:
        return StoreNow(store, StoreState.HOLIDAY if is_holiday else StoreState.NOT_OPENED)
    latest = days[-1]
    return StoreNow(store, StoreState.OPEN if latest.is_open else StoreState.CLOSED, latest)
