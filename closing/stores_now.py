"""What each store's today looks like, in six queries however many stores there are: keys of all, and the rows that are shown."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

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
OVERDUE, NOT_OPENED, HOLIDAY = map(ORDER.index, (StoreState.OVERDUE, StoreState.NOT_OPENED, StoreState.HOLIDAY))
# A store that is still open from yesterday is open; one whose today is there, shows today.
POSITION_OF_DAY = {
    BusinessDay.State.OPEN.value: ORDER.index(StoreState.OPEN),
    BusinessDay.State.CLOSED.value: ORDER.index(StoreState.CLOSED),
}


@dataclass(frozen=True, slots=True)
class StoreNow:
    store: Store
    state: StoreState
    day: BusinessDay | None = None

    @property
    def is_overdue(self):
        return self.state is StoreState.OVERDUE

    @property
    def is_holiday(self):
        return self.state is StoreState.HOLIDAY


class Place(NamedTuple):
    """A row that is not read yet; they are sorted as they stand."""

    position: int
    store_code: str
    number: int
    store_pk: int
    day_pk: int | None

    @property
    def state(self) -> StoreState:
        return ORDER[self.position]


@dataclass(frozen=True, slots=True)
class StoresNow:
    """The `places` of all stores, exceptions first; a store with forgotten days has one for each of them, and one for today."""

    places: tuple[Place, ...]
    store_count: int

    @property
    def of_only_store(self) -> list[StoreNow]:
        """The rows of somebody who sees a single store; none for others."""
        return read_rows(self.places) if self.store_count == 1 else []

    @property
    def counts(self) -> list[tuple[StoreState, int]]:
        """How many rows are in each state that occurs."""
        counted = Counter(place.state for place in self.places)
        return [(state, counted[state]) for state in StoreState if counted[state]]

    def in_state(self, wanted: str) -> tuple[Place, ...]:
        """Return the places in the state; all for one that does not exist."""
        return tuple(place for place in self.places if place.state == wanted) if wanted in StoreState else self.places


def read_rows(places: Sequence[Place]) -> list[StoreNow]:
    """Return what stands there, of those that a page shows: two queries."""
    stores = Store.objects.in_bulk({place.store_pk for place in places})
    days = BusinessDay.objects.select_related("opened_by").in_bulk({place.day_pk for place in places if place.day_pk})
    rows = [StoreNow(stores[place.store_pk], place.state, days.get(place.day_pk)) for place in places]
    for row in rows:
        if row.day:
            row.day.store = row.store
    return rows


def stores_now(person: Staff, *, at: datetime) -> StoresNow:
    """Return what the person's stores look like at this moment."""
    stores = list(Store.objects.visible_to(person).retail().in_use().order_by().values_list("pk", "code"))
    return StoresNow(tuple(sorted(_places(person, stores, at))), len(stores))


def _places(person: Staff, stores: list[tuple[int, str]], at: datetime) -> Iterator[Place]:
    today = timezone.localdate(at)
    days = BusinessDay.objects.visible_to(person)
    forgotten = set(days.overdue(at).values_list("pk", flat=True))
    overdue, current = defaultdict(list), {}
    for pk, store, state in (days.open() | days.filter(date=today)).order_by("date", "pk").values_list("pk", "store", "state"):
        if pk in forgotten:
            overdue[store].append(pk)
        else:
            current[store] = (POSITION_OF_DAY[state], pk)
    resting = set(Holiday.objects.filter(date=today, store__in=Store.objects.visible_to(person)).values_list("store", flat=True))
    for store, code in stores:
        for number, pk in enumerate(overdue.get(store, ())):
            yield Place(OVERDUE, code, number, store, pk)
        position, pk = current.get(store) or (HOLIDAY if store in resting else NOT_OPENED, None)
        yield Place(position, code, 0, store, pk)
