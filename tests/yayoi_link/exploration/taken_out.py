"""What is taken out of the rules, one by one, and what people do meanwhile: each of these has to be found."""

from dataclasses import dataclass, replace
from itertools import chain

from tests.yayoi_link.exploration.protections import Protection, Rules
from tests.yayoi_link.exploration.world import Human
from yayoi_link import states
from yayoi_link.states import State, Step


@dataclass(frozen=True)
class TakenOut:
    what: str
    breaks: str
    rules: Rules
    humans: frozenset[Human]


DAY_TWICE = "the day was written twice, and nobody asked for it"
TWICE = "a generation was written twice"
OLD_LINK = "sent over a link that was changed or switched off"
FALSE = "連携済 without an acknowledgement"
FORGOTTEN = "a day that nobody looks at any more"
CROWDED = "two in flight over one link"


def without(*protections, breaks, humans=()):
    rules = Rules(without=frozenset(protections))
    return TakenOut(" + ".join(protections), breaks, rules, frozenset({Human.CLOSE_AGAIN, *humans}))


def wider(step: Step, source: State, *, breaks, humans=()):
    """Another state from which the step is taken."""
    changed = replace(step, sources=step.sources | {source})
    return _instead(f"{step.name} from {source}", changed, breaks, humans)


def elsewhere(step: Step, target: State, *, breaks):
    """Another state to which the step leads."""
    return _instead(f"{step.name} to {target}", replace(step, target=target), breaks, ())


def _instead(what, changed, breaks, humans):
    return TakenOut(what, breaks, Rules(instead={changed.name: changed}), frozenset({Human.CLOSE_AGAIN, *humans}))


P = Protection
PROTECTIONS = (
    without(P.FENCE_RISES_WITH_CLAIM, breaks=TWICE),
    without(P.FENCE_AT_GATE, breaks=TWICE),
    without(P.FENCE_AT_RECORD, breaks=TWICE),
    without(P.LINK_ON_AT_CLAIM, breaks=OLD_LINK, humans=[Human.SWITCH_OFF]),
    without(P.ONE_IN_FLIGHT_PER_LINK, breaks=CROWDED, humans=[Human.RELEASE]),
    without(P.ROWS_LOCKED_BEFORE_LOOKING, breaks=DAY_TWICE),
    without(P.DOUBTS_ARE_HELD, breaks=DAY_TWICE),
    without(P.SUPERSEDED_BEFORE_GATE_ONLY, breaks=DAY_TWICE),
    without(P.RESENT_BEFORE_GATE_ONLY, breaks=TWICE, humans=[Human.RESEND]),
    without(P.TEN_MINUTES, breaks=DAY_TWICE, humans=[Human.SETTLE_NOT_FOUND]),
    without(P.SENT_WITHIN_A_SECOND, breaks=DAY_TWICE, humans=[Human.SETTLE_NOT_FOUND]),
    without(P.REAPER, breaks=FORGOTTEN),
    without(P.SWEEPER, breaks=FORGOTTEN, humans=[Human.SWITCH_OFF]),
)
# Either of the two, or of the three, is enough: each of these would have to be lost together.
HELD_MORE_THAN_ONCE = (
    without(P.CURRENT_AT_CLAIM, P.CURRENT_AT_GATE, P.CURRENT_AT_RECORD, breaks=DAY_TWICE, humans=[Human.RELEASE]),
    without(P.FENCE_RISES_WITH_LINK, P.LINK_UNCHANGED_AT_CLAIM, breaks=OLD_LINK, humans=[Human.CHANGE_LINK]),
    without(P.FENCE_AT_CLAIM, P.LINK_UNCHANGED_AT_CLAIM, breaks=OLD_LINK, humans=[Human.CHANGE_LINK]),
    without(P.ONE_CURRENT_PER_DAY, P.DAY_LOCKED_BY_RULING, breaks=FORGOTTEN, humans=[Human.SETTLE_NOT_FOUND]),
)
# Clocks, and what repeats what fence and state say: the promises stand without all of these together.
NEVER_ALONE_NEEDED = frozenset({P.LEASE_AT_GATE, P.LEASE_AT_REAPER, P.LINK_VERSION_AT_GATE, P.FENCE_RISES_WITH_CLOSE})
STEPS_TO_OTHER_STATES = (
    elsewhere(states.REAP_SENDING, State.RETRY_WAIT, breaks=TWICE),
    elsewhere(states.NO_ANSWER, State.RETRY_WAIT, breaks=TWICE),
    elsewhere(states.NOT_ACKNOWLEDGED, State.RETRY_WAIT, breaks=TWICE),
    elsewhere(states.ANSWERED_NO, State.RETRY_WAIT, breaks=TWICE),
    elsewhere(states.NOT_ACKNOWLEDGED, State.DELIVERED, breaks=FALSE),
    elsewhere(states.LATE_NOT_ACKNOWLEDGED, State.DELIVERED, breaks=FALSE),
    elsewhere(states.REAP_SENDING, State.DELIVERED, breaks=FALSE),
)
STEPS_FROM_OTHER_STATES = (
    *(wider(states.CLAIM, state, breaks=TWICE) for state in (State.SENDING, State.UNKNOWN, State.UNVERIFIED, State.REJECTED)),
    *(wider(states.SUPERSEDE, state, breaks=DAY_TWICE) for state in (State.SENDING, State.UNKNOWN, State.DELIVERED)),
    *(wider(states.LINK_CHANGED, state, breaks=TWICE, humans=[Human.CHANGE_LINK]) for state in (State.SENDING, State.UNKNOWN)),
    wider(states.LINK_SWITCHED_OFF, State.SENDING, breaks=TWICE, humans=[Human.SWITCH_OFF, Human.SWITCH_ON, Human.RELEASE]),
    wider(states.REAP_CLAIMED, State.SENDING, breaks=TWICE),
    wider(states.RESEND, State.UNKNOWN, breaks=TWICE, humans=[Human.RESEND]),
    wider(states.RELEASE, State.UNKNOWN, breaks=TWICE, humans=[Human.RELEASE]),
)
TAKEN_OUT = tuple(chain(PROTECTIONS, HELD_MORE_THAN_ONCE, STEPS_TO_OTHER_STATES, STEPS_FROM_OTHER_STATES))
