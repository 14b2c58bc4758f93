"""What a worker delivers next: fresh closes first, then retries, then bulk; in each the oldest day; one per link."""

import time
from collections.abc import Collection
from dataclasses import dataclass

from yayoi_link.models import Delivery

# Looking costs the more the more is waiting, so what was found serves for a while; and no longer, because a close comes first.
SERVES_FOR = 0.5  # seconds
PER_LINK = 4  # what a link can deliver in that time
# For how long a delivery is left alone that had looked due and could not be claimed.
RESTS_UNCLAIMED = 1.0


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery to be tried now."""

    delivery_id: int
    link_hash: str
    is_fresh: bool


class Backlog:
    """Finds what is due for a worker with so many threads, of which retries and bulk take at most half."""

    def __init__(self, threads: int):
        self.threads = threads
        self.found: list[Due] = []
        self.looked_at = 0.0
        self.resting: dict[int, float] = {}

    def rest(self, delivery_id: int, *, seconds: float = RESTS_UNCLAIMED) -> None:
        """Leave a delivery alone for so many seconds, so that it keeps no thread busy."""
        self.resting[delivery_id] = time.monotonic() + seconds

    def forget(self, link_hash: str) -> None:
        """Look anew before anything else is sent over this link: what came of a try may change what comes next."""
        self.found = [due for due in self.found if due.link_hash != link_hash]

    def choose(self, in_hand: Collection[Due]) -> list[Due]:
        """Take out as many as there are threads for, beside those in hand."""
        if not self.found or time.monotonic() >= self.looked_at + SERVES_FOR:
            self._look(in_hand)
        free = self._first_of_each_link(busy={due.link_hash for due in in_hand})
        chosen = [due for due in free if due.is_fresh][: self.threads - len(in_hand)]
        others_in_hand = sum(not due.is_fresh for due in in_hand)
        room = min(self.threads - len(in_hand) - len(chosen), max(1, self.threads // 2) - others_in_hand)
        chosen += [due for due in free if not due.is_fresh][: max(0, room)]
        taken = set(chosen)
        self.found = [due for due in self.found if due not in taken]
        return chosen

    def _first_of_each_link(self, *, busy: set[str]) -> list[Due]:
        first: dict[str, Due] = {}
        for due in self.found:
            first.setdefault(due.link_hash, due)
        return [due for due in first.values() if due.link_hash not in busy]

    def _look(self, in_hand: Collection[Due]) -> None:
        now = time.monotonic()
        self.resting = {delivery_id: until for delivery_id, until in self.resting.items() if until > now}
        rows = Delivery.objects.next_of_each_link(at_most=PER_LINK).exclude(pk__in=self.resting)[: PER_LINK * (self.threads + len(in_hand))]
        self.found = [Due(pk, link_hash, priority == Delivery.Priority.FRESH) for pk, link_hash, priority in rows]
        self.looked_at = time.monotonic()
