"""What happens around the workers: time, the reaper, a newer revision, the link, and people."""

from tests.yayoi_link.exploration.protections import Protection
from tests.yayoi_link.exploration.worker_moves import is_locked, switch_off, tell_rows
from tests.yayoi_link.exploration.world import Human, Lease, Row, Stage
from yayoi_link.states import (
    IS_THERE,
    LINK_CHANGED,
    LINK_SWITCHED_OFF,
    MAY_BE_THERE,
    REAP_CLAIMED,
    REAP_JOURNALLED,
    REAP_SENDING,
    RELEASE,
    RESEND,
    RESEND_AFTER_NO,
    RESEND_DOUBLED,
    RESEND_HELD,
    SETTLE,
    SUPERSEDE,
    SUPERSEDE_BLOCKED,
    WAIVE,
    State,
)

UNDECIDED = None  # the state of a closing's delivery before anybody has looked at the others


def moves_of_time(world, rules):
    for index, row in enumerate(world.rows):
        if row.lease == Lease.RUNNING:
            yield f"the lease of {index} ends", world.with_row(index, row._replace(lease=Lease.OVER))
    about_to_write = {worker.row for worker in world.workers if worker.stage == Stage.PAST_GATE}
    for index, row in enumerate(world.rows):
        # A worker that was kept from writing for a second writes no more.
        if row.is_fresh and not (index in about_to_write and rules.protect(Protection.SENT_WITHIN_A_SECOND)):
            yield f"ten minutes pass since the gate of {index}", world.with_row(index, row._replace(is_fresh=False))


def moves_of_system(world, rules):
    if is_locked(world, rules):
        return
    for index, row in enumerate(world.rows):
        is_over = row.lease == Lease.OVER or (row.lease == Lease.RUNNING and not rules.protect(Protection.LEASE_AT_REAPER))
        if is_over and rules.protect(Protection.REAPER):
            yield from _reap(world, rules, index, row)
    waiting = [index for index in world.current if world.rows[index].state in LINK_SWITCHED_OFF.sources]
    if waiting and not world.link_is_on and rules.protect(Protection.SWEEPER):
        yield "what waits for the link is held", tell_rows(world, rules, LINK_SWITCHED_OFF, waiting)


def _reap(world, rules, index, row):
    """The fence stays: a late answer still finds its delivery. Any claim may have come as far as the journal."""
    for step in (rules.step(REAP_CLAIMED), rules.step(REAP_SENDING), rules.step(REAP_JOURNALLED)):
        if row.state in step.sources:
            finds = " in the journal" if step.name == REAP_JOURNALLED.name else ""
            yield f"the reaper takes {index}{finds}", world.with_row(index, row._replace(state=step.target, lease=Lease.NONE))


def moves_of_people(world, rules):
    for human, does in DOES.items():
        if human not in world.done:
            for after in does(world, rules):
                yield human.value, after._replace(done=world.done | {human})
    if world.closing is not None:
        yield from _moves_of_close(world, rules)


def _close_again(world, rules, *, knowingly=False):
    """Take back what is unsent, then look at what is left and make the new delivery."""
    if world.closing is None and world.rows[-1].revision == 1:
        begun = _supersede(world, rules)._replace(closing=Row(UNDECIDED, revision=2, asked_for=knowingly))
        yield _look_at_the_rest(begun, rules) if rules.protect(Protection.ROWS_LOCKED_BEFORE_LOOKING) else begun


def _close_everything(world, rules):
    yield from _close_again(world, rules, knowingly=True)


def _look_at_the_rest(world, rules):
    made, may_be_there = world.closing, any(not _is_taken_back(row) for row in world.rows)
    is_held = may_be_there and not made.asked_for and rules.protect(Protection.DOUBTS_ARE_HELD)
    state = State.PENDING if world.link_is_on and not is_held else State.HELD
    return world._replace(closing=made._replace(state=state, awaits_decision=is_held, asked_for=made.asked_for and may_be_there))


def _moves_of_close(world, rules):
    if world.closing.state is UNDECIDED:
        yield "the close looks at the rest", _look_at_the_rest(world, rules)
    else:
        yield "the close commits", _append(world._replace(closing=None), world.closing)


def _supersede(world, rules):
    blocked = rules.step(SUPERSEDE_BLOCKED)
    for index, row in enumerate(world.rows):
        is_blocked = row.state in blocked.sources and not (row.passed_gate and rules.protect(Protection.SUPERSEDED_BEFORE_GATE_ONLY))
        if row.state in rules.step(SUPERSEDE).sources or is_blocked:
            changed = row._replace(state=blocked.target, lease=Lease.NONE, is_current=False, awaits_decision=False)
            world = world.with_row(index, changed, drops_fences=rules.protect(Protection.FENCE_RISES_WITH_CLOSE))
    return world


def _is_taken_back(row):
    is_blocked = row.state in SUPERSEDE_BLOCKED.sources and not row.passed_gate
    return row.state in SUPERSEDE.sources | {State.SUPERSEDED} or is_blocked


def _append(world, made):
    rows = tuple(row._replace(is_current=False) for row in world.rows)
    return world._replace(rows=(*rows, made))


def _change_link(world, rules):
    changed = world._replace(link_version=world.link_version + 1)
    if not world.link_is_on:
        yield changed
    else:
        # Rows that a close has not committed yet are not seen.
        yield changed if is_locked(world, rules) else tell_rows(changed, rules, LINK_CHANGED, range(len(world.rows)))


def _switch_off(world, rules):
    if world.link_is_on:
        off = world._replace(link_is_on=False)
        yield off if is_locked(world, rules) else switch_off(off, rules)


def _switch_on(world, rules):
    if not world.link_is_on:
        yield world._replace(link_is_on=True)


def _resend(world, rules):
    step = rules.step(RESEND if world.link_is_on else RESEND_HELD)
    for index, row in _at_hand(world, rules, step):
        if not (row.passed_gate and row.state == State.REJECTED and rules.protect(Protection.RESENT_BEFORE_GATE_ONLY)):
            yield world.with_row(index, row._replace(state=step.target))


def _resend_after_no(world, rules):
    for index, row in _at_hand(world, rules, RESEND_AFTER_NO):
        if row.passed_gate:
            yield from _make_next(world, rules, index, row, asked_for=True)


def _resend_doubled(world, rules):
    for index, row in _at_hand(world, rules, RESEND_DOUBLED):
        yield from _make_next(world, rules, index, row, asked_for=True)


def _find(world, rules):
    for index, row in _looked_for(world, rules):
        if row.copies:
            yield world.with_row(index, row)


def _find_nothing(world, rules):
    for index, row in _looked_for(world, rules):
        if not row.copies:
            yield from _send_again(world, rules, index, row, asked_for=row.asked_for)


def _find_in_part(world, rules):
    """Somebody has deleted rows of a copy that is there: sending these again doubles nothing."""
    for index, row in _looked_for(world, rules):
        if row.copies:
            yield from _send_again(world, rules, index, row, asked_for=True)


def _looked_for(world, rules):
    """Every delivery that somebody may look for in Yayoi, as it is when it is settled; one that has lost its place too."""
    step = rules.step(SETTLE)
    for index, row in enumerate(world.rows):
        if row.state in step.sources and _may_look(row, rules) and not is_locked(world, rules):
            yield index, row._replace(state=step.target)


def _send_again(world, rules, index, settled, *, asked_for):
    if settled.is_current:
        yield from _make_next(world, rules, index, settled, asked_for=asked_for)
    else:
        yield world.with_row(index, settled)


def _may_look(row, rules):
    return not row.is_fresh or not rules.protect(Protection.TEN_MINUTES)


def _make_next(world, rules, index, retired, *, asked_for):
    made = Row(State.PENDING if world.link_is_on else State.HELD, retired.revision, asked_for=asked_for)
    world = world.with_row(index, retired._replace(is_current=False))
    yield _append(world, made)
    if rules.protect(Protection.DAY_LOCKED_BY_RULING) or rules.protect(Protection.ONE_CURRENT_PER_DAY):
        return
    # A close of the same moment does not see the delivery just made.
    for closed in _close_again(world, rules):
        yield closed._replace(rows=(*closed.rows, made, _look_at_the_rest(closed, rules).closing), closing=None)


def _waive(world, rules):
    for index, row in _at_hand(world, rules, rules.step(WAIVE)):
        yield world.with_row(index, row._replace(state=rules.step(WAIVE).target, awaits_decision=False))


def _release(world, rules):
    for index, row in _at_hand(world, rules, rules.step(RELEASE)):
        if world.link_is_on:
            is_told = row.awaits_decision and any(_is_known_to_be_sent(other) for other in world.rows)
            asked_for = row.asked_for or is_told
            yield world.with_row(index, row._replace(state=rules.step(RELEASE).target, awaits_decision=False, asked_for=asked_for))


def _is_known_to_be_sent(row):
    """What a person is warned of: it is, may be or hardly is at Yayoi."""
    if row.state == State.SETTLED:
        return row.copies > 0  # found by somebody who looked
    return row.state in MAY_BE_THERE | IS_THERE or (row.state in {State.REJECTED, State.WAIVED} and row.passed_gate)


def _at_hand(world, rules, step):
    """The current delivery, where the step begins and nobody holds its lock."""
    if not is_locked(world, rules):
        yield from ((index, row) for index, row in enumerate(world.rows) if row.is_current and row.state in step.sources)


DOES = {
    Human.CLOSE_AGAIN: _close_again,
    Human.CLOSE_EVERYTHING: _close_everything,
    Human.CHANGE_LINK: _change_link,
    Human.SWITCH_OFF: _switch_off,
    Human.SWITCH_ON: _switch_on,
    Human.RESEND: _resend,
    Human.RESEND_AFTER_NO: _resend_after_no,
    Human.RESEND_DOUBLED: _resend_doubled,
    Human.SETTLE_FOUND: _find,
    Human.SETTLE_NOT_FOUND: _find_nothing,
    Human.SETTLE_IN_PART: _find_in_part,
    Human.WAIVE: _waive,
    Human.RELEASE: _release,
}
