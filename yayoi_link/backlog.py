"""What a worker delivers next: fresh closes first, then retries, then bulk; in each the oldest day; one per link.

No host takes all threads, however many links it has: one that hangs would keep the stores of all others waiting.
"""

import math
import time
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from yayoi_link.models import Delivery

# Looking costs the more the more is waiting, so what was found serves for a while. What has come in since is looked for all the same,
# because a close comes first.
SERVES_FOR = 0.5  # seconds
PER_LINK = 4  # what a link can deliver in that time
# After a hundred thousand days were asked for at once a look takes seconds: then it serves for so many times as long.
SERVES_TIMES_AS_LONG = 4
# For how long a delivery is left alone that had looked due and could not be claimed.
RESTS_UNCLAIMED = 1.0


def with_reserve(threads: int) -> int:
    """Return how many threads a worker has of which one host may take so many: a quarter more, for the others."""
    return threads + max(1, threads // 4)


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery to be tried now."""

    delivery_id: int
    link_hash: str
    priority: int
    host: str
    date: date

    @property
    def is_fresh(self) -> bool:
        return self.priority == Delivery.Priority.FRESH

    @property
    def place(self) -> tuple[int, date, int]:
        return self.priority, self.date, self.delivery_id


class Room:
    """The threads of a worker that are still free. `threads` is what one host may take; retries and bulk take half of that."""

    def __init__(self, threads: int, in_hand: Iterable[Due]):
        self.threads, self.all_threads = threads, with_reserve(threads)
        self.by_host: Counter[str] = Counter()
        self.others = 0
        for due in in_hand:
            self._take(due)

    @property
    def full_hosts(self) -> list[str]:
        """The hosts that may take no more."""
        return [host for host in self.by_host if not self._has_room_for(host)]

    def take(self, due: Due) -> bool:
        """Take a thread for the delivery; False where there is none for it."""
        is_too_much = not due.is_fresh and self.others >= max(1, self.threads // 2)
        if is_too_much or self.by_host.total() >= self.all_threads or not self._has_room_for(due.host):
            return False
        self._take(due)
        return True

    def _take(self, due):
        self.by_host[due.host] += 1
        self.others += not due.is_fresh

    def _has_room_for(self, host):
        """The same share of what the other hosts leave: of several hosts that hang each takes less than the one before."""
        left_by_others = self.all_threads - (self.by_host.total() - self.by_host[host])
        return self.by_host[host] < max(1, left_by_others * self.threads // self.all_threads)


class Backlog:
    """Finds what is due for a worker of which one host may take so many threads, and retries and bulk half of that."""

    def __init__(self, threads: int):
        self.threads = threads
        self.found: list[Due] = []
        self.newest = 0
        self.looked_at = self.looked_for_new_at = 0.0
        self.serves_for = SERVES_FOR
        self.look_took = 0.0
        self.is_exhausted = False
        self.resting: dict[int, float] = {}

    def rest(self, delivery_id: int, *, seconds: float = RESTS_UNCLAIMED) -> None:
        """Leave a delivery alone for so many seconds, so that it keeps no thread busy."""
        self.resting[delivery_id] = time.monotonic() + seconds

    def lose(self, due: Due) -> None:
        """Leave to others what could not be claimed, and look sooner: what another worker has taken is still among what was found."""
        self.rest(due.delivery_id)
        self.forget(due.link_hash)
        self.serves_for = min(self.serves_for, SERVES_TIMES_AS_LONG * self.look_took)

    def forget(self, link_hash: str) -> None:
        """Look anew before anything else is sent over this link: what came of a try may change what comes next."""
        self.found = [due for due in self.found if due.link_hash != link_hash]

    def choose(self, in_hand: Collection[Due]) -> list[Due]:
        """Take out as many as there are threads for, beside those in hand."""
        room = Room(self.threads, in_hand)
        now = time.monotonic()
        if not self.found or now >= self.looked_at + self.serves_for:
            self._look(in_hand, besides=room.full_hosts)
        elif now >= self.looked_for_new_at + SERVES_FOR:
            self._look_for_new(in_hand)
        free = self._first_of_each_link(busy={due.link_hash for due in in_hand})
        chosen = [due for due in sorted(free, key=lambda due: not due.is_fresh) if room.take(due)]
        taken = set(chosen)
        self.found = [due for due in self.found if due not in taken]
        return chosen

    def _first_of_each_link(self, *, busy: set[str]) -> list[Due]:
        first: dict[str, Due] = {}
        for due in self.found:
            first.setdefault(due.link_hash, due)
        return [due for due in first.values() if due.link_hash not in busy]

    def _look(self, in_hand: Collection[Due], *, besides: Collection[str]) -> None:
        began = time.monotonic()
        self.newest = Delivery.objects.aggregate(newest=Max("pk"))["newest"] or 0
        per_link = self._per_link
        waiting = self._waiting(in_hand, per_link)
        at_most = per_link * (with_reserve(self.threads) + len(in_hand))
        rows = list(waiting[:at_most])
        if besides and len(rows) == at_most:
            # The links of the hosts that may take no more could be all that was read.
            rows += waiting.exclude(day__store__yayoi_link__host__in=besides)[:at_most]
        self.found = list(dict.fromkeys(Due(*row) for row in rows))
        self.is_exhausted = not self.found
        self.looked_at = self.looked_for_new_at = time.monotonic()
        self.look_took = self.looked_at - began
        self.serves_for = max(SERVES_FOR, SERVES_TIMES_AS_LONG * self.look_took)

    def _look_for_new(self, in_hand: Collection[Due]) -> None:
        waiting = self._waiting(in_hand, PER_LINK).filter(pk__gt=self.newest)
        new = [Due(*row) for row in waiting[: PER_LINK * (with_reserve(self.threads) + len(in_hand))]]
        if new:
            self.found = sorted({*self.found, *new}, key=lambda due: due.place)
        self.looked_for_new_at = time.monotonic()

    @property
    def _per_link(self) -> int:
        return math.ceil(PER_LINK * self.serves_for / SERVES_FOR)

    def _waiting(self, in_hand, per_link):
        now = time.monotonic()
        self.resting = {delivery_id: until for delivery_id, until in self.resting.items() if until > now}
        # What this worker has in hand may have ended when its link is looked for among those found.
        mine = [due.delivery_id for due in in_hand]
        return Delivery.objects.next_of_each_link(at_most=per_link, in_hand=mine).exclude(pk__in=self.resting)
