"""What people must be told: every app registers the causes that it can see, and each of them opens one notice.

Causes are looked for in the rows, not announced by whoever makes them: whatever crashes in between, the next look finds them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from stores.models import Notice, Store


def _top(store_id):
    return reverse("top")


# Told apart by which it is: compared by its words it would be another one in each language.
@dataclass(frozen=True, slots=True, eq=False)
class NoticeKind:
    """One kind of cause, in the words of banner and mail: a word with look and icon, what it means, what to do.

    `page` returns the path where it is put right, for a store's key (None: the whole portal).
    """

    name: str
    word: str | Promise
    icon: str
    meaning: str | Promise
    step: str | Promise
    look: str = "bad"
    page: Callable[[int | None], str] = _top
    # The app that it comes from tells TOP more of it (stores/needs.py).
    is_listed_on_top: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that is so now at a store (None: in the whole portal), on so many business days."""

    kind: NoticeKind
    store_id: int | None = None
    days: int = 0
    oldest_day: date | None = None

    @property
    def place(self) -> tuple[str, int | None]:
        """What tells this cause from others: of each there is one open notice."""
        return self.kind.name, self.store_id


type Watch = Callable[[QuerySet[Store], datetime], Iterable[Cause]]

KINDS: dict[str, NoticeKind] = {}
WATCHES_OF_STORES: list[Watch] = []
WATCHES_OF_PORTAL: list[Callable[[], Iterable[Cause]]] = []


def watches_stores(*kinds: NoticeKind) -> Callable[[Watch], Watch]:
    """Decorate a function `watch(stores, at)`, so that it is asked which causes of these kinds the stores have."""
    return _registers_in(WATCHES_OF_STORES, kinds)


def watches_portal(*kinds: NoticeKind) -> Callable:
    """Decorate a function `watch()`, so that it is asked what stops the whole portal. Such a cause has a banner of its own."""
    return _registers_in(WATCHES_OF_PORTAL, kinds)


def _registers_in(watches, kinds):
    KINDS.update({kind.name: kind for kind in kinds})

    def register(watch):
        watches.append(watch)
        return watch

    return register


def causes_at(stores: QuerySet[Store], *, at: datetime) -> list[Cause]:
    """Return what is wrong now at the stores, in as many queries for many stores as for one."""
    return [cause for watch in WATCHES_OF_STORES for cause in watch(stores, at)]


def all_causes(*, at: datetime) -> list[Cause]:
    """Return what is wrong now anywhere, and with the portal itself."""
    return causes_at(Store.objects.all(), at=at) + [cause for watch in WATCHES_OF_PORTAL for cause in watch()]


def open_notices() -> list[Notice]:
    """Return what people are told of now, store by store."""
    notices = Notice.objects.open().select_related("store").order_by("store__company", "store__code", "kind", "pk")
    return [notice for notice in notices if notice.kind in KINDS]


def keep_notices(*, at: datetime) -> None:
    """Open a notice for each cause that is new, and end those whose cause is gone. Of two callers at once one opens it."""
    causes = {cause.place: cause for cause in all_causes(at=at)}
    known = {(notice.kind, notice.store_id): notice for notice in Notice.objects.open()}
    gone = [known[place].pk for place in known.keys() - causes.keys()]
    if gone:
        Notice.objects.open().filter(pk__in=gone).update(ended_at=at)
    new = [_notice(causes[place], at) for place in causes.keys() - known.keys()]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    for place in causes.keys() & known.keys():
        _follow(known[place], causes[place])


def _notice(cause, at):
    return Notice(kind=cause.kind.name, store_id=cause.store_id, days=cause.days, oldest_day=cause.oldest_day, opened_at=at)


def _follow(notice, cause):
    if (notice.days, notice.oldest_day) != (cause.days, cause.oldest_day):
        Notice.objects.filter(pk=notice.pk).update(days=cause.days, oldest_day=cause.oldest_day)
