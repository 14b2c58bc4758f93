"""Breadth-first through every world that can come about; the first one that breaks a promise ends the search with its way."""

import functools
from collections import deque
from dataclasses import dataclass, field

from tests.yayoi_link.exploration.other_moves import moves_of_people, moves_of_system, moves_of_time
from tests.yayoi_link.exploration.protections import THE_RULES, Protection
from tests.yayoi_link.exploration.worker_moves import moves_of_worker
from tests.yayoi_link.exploration.world import FIRST_CLOSE, IDLE, Human, Lease, Stage
from yayoi_link.states import AT_REST, CLAIM, NEEDS_A_PERSON, SETTLE, State

UNWRITTEN = frozenset({Stage.LOOKED, Stage.CLAIMED, Stage.REFUSED_AT_GATE})
# `unknown` may become `rejected`, by a late answer; of what was waived people are told what it was before.
GATE_MATTERS = frozenset({State.REJECTED, State.UNKNOWN, State.WAIVED})


class PromiseBroken(AssertionError):
    """Which promise, and the shortest way there, one move a line."""

    def __init__(self, promise, way):
        super().__init__("\n".join([promise, *way]))
        self.promise = promise
        self.way = way


@dataclass(slots=True)
class Explored:
    """How many worlds were within reach, and which changes of state (from, to) led there."""

    worlds: int = 0
    changes: set[tuple[State, State]] = field(default_factory=set)


def explore(rules=THE_RULES, *, humans=frozenset(Human), start=FIRST_CLOSE):
    """Visit every world within reach, with each of `humans` once at most. Raises PromiseBroken at the first broken one."""
    explored, seen, ahead = Explored(), {start}, deque([(start, None)])
    while ahead:
        world, way = ahead.popleft()
        explored.worlds += 1
        if promise := broken_promise(world, rules):
            raise PromiseBroken(promise, _in_order(way))
        for label, after in moves(world, rules):
            if not after.done <= humans:
                continue
            explored.changes.update((old.state, new.state) for old, new in zip(world.rows, after.rows, strict=False) if old is not new)
            if (known := _canonical(after, rules)) not in seen:
                seen.add(known)
                ahead.append((after, (label, way)))
    return explored


def moves(world, rules):
    """Yield (what happens, the world afterwards) for everything that can happen next."""
    for number, name in enumerate("AB"):
        yield from ((f"worker {name} {label}", after) for label, after in moves_of_worker(world, number, rules))
    yield from moves_of_time(world, rules)
    yield from moves_of_system(world, rules)
    yield from moves_of_people(world, rules)


def broken_promise(world, rules):
    """Name the promise that this world breaks; empty when it keeps all."""
    if any(row.copies > 1 for row in world.rows):
        return "a generation was written twice"
    by_itself = [row for row in world.rows if row.copies and not row.asked_for]
    if len(by_itself) > 1:
        return "the day was written twice, and nobody asked for it"
    if any(row.state == State.DELIVERED and not row.acknowledged for row in world.rows):
        return "連携済 without an acknowledgement"
    if world.sent_over_old_link:
        return "sent over a link that was changed or switched off"
    in_flight = [row.link_version for row in world.rows if row.is_in_flight]
    if len(in_flight) > len(set(in_flight)):
        return "two in flight over one link"
    if world.closing is None and not _is_looked_after(world, rules):
        return "a day that nobody looks at any more"
    return ""


def _is_looked_after(world, rules):
    """Every day has one current delivery: done, shown to a person, or sure to be moved on by the system."""
    if len(world.current) != 1:
        return False
    row = world.rows[world.current[0]]
    if row.state in NEEDS_A_PERSON | AT_REST - {State.SUPERSEDED}:
        return True
    if row.state in CLAIM.sources:
        return (world.link_is_on or rules.protect(Protection.SWEEPER)) and all(_ends(other, rules) for other in world.rows)
    return row.is_in_flight and _ends(row, rules)


def _ends(row, rules):
    return not row.is_in_flight or (row.lease != Lease.NONE and rules.protect(Protection.REAPER))


def _canonical(world, rules):
    """One world for all that differ only in what nothing asks for any more."""
    workers = sorted(_remembered(worker, rules) for worker in world.workers)
    return world._replace(workers=tuple(workers), rows=tuple(map(_known, world.rows)))


def _remembered(worker, rules):
    """Whoever has lost his fence before he could write is like one who has died: his claim, gate and record are all refused."""
    is_lost = worker.stage in UNWRITTEN and not worker.holds_fence and rules.protects_by_fence
    return IDLE if is_lost else worker


@functools.cache
def _known(row):
    if row.is_in_flight:
        return row
    return row._replace(
        link_version=0,
        is_fresh=row.is_fresh and row.state in SETTLE.sources,
        passed_gate=row.passed_gate and row.state in GATE_MATTERS,
        acknowledged=row.acknowledged and row.state == State.DELIVERED,
    )


def _in_order(way):
    labels = []
    while way:
        label, way = way
        labels.append(label)
    return labels[::-1]
