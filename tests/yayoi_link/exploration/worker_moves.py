"""What a worker does with a delivery, one instruction after the other, and dies between any two of them."""

from tests.yayoi_link.exploration.protections import Protection
from tests.yayoi_link.exploration.world import IDLE, Lease, Stage, Worker
from yayoi_link.recording import LATE_STEP_FOR, STEP_FOR
from yayoi_link.states import CLAIM, GIVE_UP, HOLD_CLAIMED, LINK_SWITCHED_OFF, OVERTAKEN, PASS_GATE, State
from yayoi_link.verdicts import Verdict

# Where a try leads of which nothing arrived.
BACK = frozenset({State.RETRY_WAIT, State.EXHAUSTED})
# What a try can come to, by how far it came; the receiver's own refusal is the truth, and so is its acknowledgement.
POSSIBLE_VERDICTS = {
    Stage.CLAIMED: (Verdict.NOT_SENT, Verdict.BLOCKED),
    Stage.REFUSED_AT_GATE: (Verdict.NOT_SENT,),
    Stage.PAST_GATE: (Verdict.UNKNOWN,),
    Stage.SENT_AND_KEPT: (Verdict.DELIVERED, Verdict.UNVERIFIED, Verdict.REJECTED, Verdict.UNKNOWN),
    Stage.SENT_IN_VAIN: (Verdict.REFUSED, Verdict.UNVERIFIED, Verdict.REJECTED, Verdict.UNKNOWN),
}


def moves_of_worker(world, number, rules):
    worker = world.workers[number]
    if worker.stage == Stage.IDLE:
        yield from _look(world, number, rules)
        return
    yield "dies", world.with_worker(number, IDLE)
    if worker.stage == Stage.PAST_GATE:
        yield from _write(world, number)
    if is_locked(world, rules):
        return
    if worker.stage == Stage.LOOKED:
        yield "claims", _claim(world, number, rules)
        return
    if worker.stage == Stage.CLAIMED:
        yield from _pass_gate(world, number, rules)
        yield "finds no key", _record(world, number, rules, HOLD_CLAIMED)
    for verdict in POSSIBLE_VERDICTS[worker.stage]:
        yield from _record_verdict(world, number, rules, verdict)


def is_locked(world, rules):
    """Whether a close that has not committed yet keeps everybody from writing the rows of the day."""
    return world.closing is not None and rules.protect(Protection.ROWS_LOCKED_BEFORE_LOOKING)


def _look(world, number, rules):
    """Read a delivery that seems due, and the link as it is at this moment."""
    for index, row in enumerate(world.rows):
        if row.state in rules.step(CLAIM).sources and (world.link_is_on or not rules.protect(Protection.LINK_ON_AT_CLAIM)):
            worker = Worker(Stage.LOOKED, index, holds_fence=True, link_version=world.link_version)
            yield f"looks at {index}", world.with_worker(number, worker)


def _claim(world, number, rules):
    worker = world.workers[number]
    row = world.rows[worker.row]
    if not _is_due_and_free(world, worker, row, rules):
        return world.with_worker(number, IDLE)
    step = rules.step(CLAIM)
    claimed = row._replace(state=step.target, lease=Lease.RUNNING, link_version=worker.link_version, passed_gate=False, is_fresh=False)
    world = world.with_row(worker.row, claimed, drops_fences=rules.protect(Protection.FENCE_RISES_WITH_CLAIM))
    return world.with_worker(number, worker._replace(stage=Stage.CLAIMED, holds_fence=True))


def _is_due_and_free(world, worker, row, rules):
    in_flight = any(other.is_in_flight and other.link_version == worker.link_version for other in world.rows if other is not row)
    return (
        row.state in rules.step(CLAIM).sources
        and (worker.holds_fence or not rules.protect(Protection.FENCE_AT_CLAIM))
        and (row.is_current or not rules.protect(Protection.CURRENT_AT_CLAIM))
        and (world.link_is_on or not rules.protect(Protection.LINK_ON_AT_CLAIM))
        and (worker.link_version == world.link_version or not rules.protect(Protection.LINK_UNCHANGED_AT_CLAIM))
        and not (in_flight and rules.protect(Protection.ONE_IN_FLIGHT_PER_LINK))
    )


def _pass_gate(world, number, rules):
    worker = world.workers[number]
    row = world.rows[worker.row]
    refused = worker._replace(stage=Stage.REFUSED_AT_GATE)
    if not _may_pass(worker, row, rules):
        yield "is refused by the gate", world.with_worker(number, refused)
        return
    passed = row._replace(state=rules.step(PASS_GATE).target, passed_gate=True, is_fresh=True)
    committed = world.with_row(worker.row, passed)
    yield "passes the gate, not knowing it", committed.with_worker(number, refused)
    is_old = not world.link_is_on or worker.link_version != world.link_version
    committed = committed._replace(sent_over_old_link=world.sent_over_old_link or is_old)
    yield "passes the gate", committed.with_worker(number, worker._replace(stage=Stage.PAST_GATE))


def _may_pass(worker, row, rules):
    return (
        row.state in rules.step(PASS_GATE).sources
        and (worker.holds_fence or not rules.protect(Protection.FENCE_AT_GATE))
        and (row.is_current or not rules.protect(Protection.CURRENT_AT_GATE))
        and (row.lease == Lease.RUNNING or not rules.protect(Protection.LEASE_AT_GATE))
        and (row.link_version == worker.link_version or not rules.protect(Protection.LINK_VERSION_AT_GATE))
    )


def _write(world, number):
    worker = world.workers[number]
    row = world.rows[worker.row]
    yield "writes in vain", world.with_worker(number, worker._replace(stage=Stage.SENT_IN_VAIN))
    written = world.with_row(worker.row, row._replace(copies=row.copies + 1))
    yield "writes", written.with_worker(number, worker._replace(stage=Stage.SENT_AND_KEPT))


def _record_verdict(world, number, rules, verdict):
    if verdict is Verdict.DELIVERED:
        index = world.workers[number].row
        world = world.with_row(index, world.rows[index]._replace(acknowledged=True))
    step = STEP_FOR[verdict]
    recorded = _record(world, number, rules, step, late=LATE_STEP_FOR.get(verdict))
    yield f"records {verdict}", recorded
    if rules.step(step).target == State.RETRY_WAIT:
        yield f"records {verdict} for the last time", _record(world, number, rules, GIVE_UP)
    if verdict is Verdict.REJECTED:
        yield "records that the link is gone", switch_off(recorded._replace(link_is_on=False), rules)


def _record(world, number, rules, step, *, late=None):
    worker = world.workers[number]
    row = world.rows[worker.row]
    world = world.with_worker(number, IDLE)
    if not worker.holds_fence and rules.protect(Protection.FENCE_AT_RECORD):
        return world
    for taken in (rules.step(possible) for possible in _possible_steps(row, step, late, rules)):
        if row.state in taken.sources:
            return world.with_row(worker.row, _recorded(row, taken))
    return world


def _possible_steps(row, step, late, rules):
    """The step and what stands in for it: when a newer delivery has taken its place, and when the reaper was faster."""
    leads_back = rules.step(step).target in BACK
    if not (leads_back and not row.is_current and rules.protect(Protection.CURRENT_AT_RECORD)):
        yield step
    if leads_back and not row.is_current:
        yield OVERTAKEN
    if late:
        yield late


def _recorded(row, step):
    recorded = row._replace(state=step.target, lease=Lease.NONE)
    is_unsent = step.target in BACK or step.name == OVERTAKEN.name
    return recorded._replace(passed_gate=False, is_fresh=False) if is_unsent else recorded


def switch_off(world, rules):
    """Hold what is on its way over a link that is off."""
    return tell_rows(world, rules, LINK_SWITCHED_OFF, range(len(world.rows)))


def tell_rows(world, rules, step, indexes):
    taken = rules.step(step)
    for index in indexes:
        row = world.rows[index]
        if row.state in taken.sources:
            changed = row._replace(state=taken.target, lease=Lease.NONE)
            world = world.with_row(index, changed, drops_fences=rules.protect(Protection.FENCE_RISES_WITH_LINK))
    return world
