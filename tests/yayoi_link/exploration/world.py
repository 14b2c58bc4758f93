"""One business day, its link, two workers and the receiver: all that the exploration knows of a moment.

Fences are numbers that only rise, so all that matters of one is whether a worker's is still the row's: `holds_fence`.
"""

from enum import IntEnum, StrEnum
from typing import NamedTuple

from yayoi_link.states import IN_FLIGHT, State


class Lease(IntEnum):
    NONE = 0
    RUNNING = 1
    OVER = 2


class Stage(IntEnum):
    """How far a worker is with the delivery in its hands."""

    IDLE = 0
    LOOKED = 1
    CLAIMED = 2
    REFUSED_AT_GATE = 3  # or the COMMIT of its gate failed: it knows that it wrote nothing, not what the row says
    PAST_GATE = 4
    SENT_AND_KEPT = 5  # the receiver keeps a copy
    SENT_IN_VAIN = 6


class Row(NamedTuple):
    """A delivery. `copies` and `acknowledged` are the receiver's truth, which the portal does not see."""

    state: State
    revision: int
    is_current: bool = True
    awaits_decision: bool = False
    lease: Lease = Lease.NONE
    link_version: int = 0
    passed_gate: bool = False
    is_fresh: bool = False  # less than ten minutes since its gate
    asked_for: bool = False  # by a person who was told that it may double
    copies: int = 0
    acknowledged: bool = False

    @property
    def is_in_flight(self):
        return self.state in IN_FLIGHT


class Worker(NamedTuple):
    stage: Stage = Stage.IDLE
    row: int = 0
    holds_fence: bool = False
    link_version: int = 0


IDLE = Worker()


class Human(StrEnum):
    """What people do: each of them once at most on every way through the exploration."""

    CLOSE_AGAIN = "close again"
    CLOSE_EVERYTHING = "close again and send everything"
    CHANGE_LINK = "change the link"
    SWITCH_OFF = "switch the link off"
    SWITCH_ON = "switch the link on"
    RESEND = "resend"
    RESEND_AFTER_NO = "resend after a no"
    RESEND_DOUBLED = "resend doubled"
    SETTLE_FOUND = "look in Yayoi and find it"
    SETTLE_NOT_FOUND = "look in Yayoi and find nothing"
    SETTLE_IN_PART = "look in Yayoi and find some of it"
    WAIVE = "waive"
    RELEASE = "release"


class World(NamedTuple):
    """`closing` is the row that a close has made and not committed yet: it holds the locks of all other rows."""

    rows: tuple[Row, ...]
    workers: tuple[Worker, Worker] = (IDLE, IDLE)
    link_version: int = 1
    link_is_on: bool = True
    closing: Row | None = None
    done: frozenset[Human] = frozenset()
    sent_over_old_link: bool = False

    @property
    def current(self):
        return [number for number, row in enumerate(self.rows) if row.is_current]

    def with_row(self, number, row, *, drops_fences=False):
        """The world after a row changed; with `drops_fences` its fence rose, and no worker holds it any more."""
        world = self._replace(rows=(*self.rows[:number], row, *self.rows[number + 1 :]))
        return world.without_fences({number}) if drops_fences else world

    def without_fences(self, numbers):
        return self._replace(
            workers=tuple(worker._replace(holds_fence=False) if worker.row in numbers else worker for worker in self.workers)
        )

    def with_worker(self, number, worker):
        other = self.workers[1 - number]
        return self._replace(workers=(worker, other) if number == 0 else (other, worker))


FIRST_CLOSE = World(rows=(Row(State.PENDING, revision=1),))
