"""The life of a delivery as one table: from, to, who, and what must be true.

The compare-and-set updates, the buttons on the page, the diagram in the docs and a part of the tests are made from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    HELD = "held"
    PENDING = "pending"
    CLAIMED = "claimed"
    SENDING = "sending"
    RETRY_WAIT = "retry_wait"
    EXHAUSTED = "exhausted"
    REJECTED = "rejected"
    DELIVERED = "delivered"
    UNVERIFIED = "unverified"
    UNKNOWN = "unknown"
    SETTLED = "settled"
    WAIVED = "waived"
    SUPERSEDED = "superseded"


class HoldReason(StrEnum):
    LINK_MISSING = "link_missing"
    LINK_OFF = "link_off"
    BEFORE_START = "before_start"
    MAPPING_MISSING = "mapping_missing"
    UNWRITABLE_TEXT = "unwritable_text"
    KEY_UNAVAILABLE = "key_unavailable"
    AWAITING_DECISION = "awaiting_decision"
    KNOWN_TO_JOURNAL = "known_to_journal"


class Actor(StrEnum):
    WORKER = "worker"
    REAPER = "reaper"
    CLOSE = "close"
    LINK_CHANGE = "link_change"
    RESTORE = "restore"
    CLERK = "clerk"
    MANAGER = "manager"


class Guard(StrEnum):
    """What must be true besides the state. The first group belongs to the SQL of the step, the rest to people."""

    DUE_AND_FREE = "due, current, its link on, and nothing else in flight on the link"
    SAME_FENCE = "same fence"
    SAME_FENCE_LINK_AND_LEASE = "same fence and link version, lease not over, still current"
    SAME_FENCE_NOT_CURRENT = "same fence, and a newer delivery of the day has taken its place"
    LEASE_OVER = "lease over"
    LEASE_OVER_NOT_JOURNALLED = "lease over, and the gate journal does not name the claim"
    LEASE_OVER_JOURNALLED = "lease over, and the gate journal names the claim"
    TRIED_LONG_ENOUGH = "72 hours since the first try and at least 5 tries"
    NEVER_PASSED_GATE = "never passed the gate"
    NEWEST_REVISION = "of the newest revision, never passed the gate"
    IN_GRACE = "it waits for the end of the store's 送信猶予"
    CAUSE_GONE = "what held it is gone"
    TEN_MINUTES_AFTER_GATE = "10 minutes since the gate, with a reason"
    WITH_REASON = "with a reason"
    AFTER_A_NO = "answered no after the gate, and the person was told that usually, not surely, nothing is there"
    TYPED_CONFIRMATION = "shown the rows that will be double, with typed confirmation and password"
    ALWAYS = ""


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    sources: frozenset[State]
    target: State
    actors: frozenset[Actor]
    guard: Guard


@dataclass(frozen=True, slots=True)
class NewGeneration:
    """What a person does that leaves the state as it is, because nothing new is known, and makes the next generation."""

    name: str
    sources: frozenset[State]
    actors: frozenset[Actor]
    guard: Guard


def _step(name: str, sources: Iterable[State], target: State, actors: Iterable[Actor], guard: Guard = Guard.ALWAYS) -> Step:
    return Step(name, frozenset(sources), target, frozenset(actors), guard)


# Nothing of these can be at Yayoi; of `rejected` only what never passed the gate.
NOTHING_SENT = frozenset({State.HELD, State.PENDING, State.CLAIMED, State.RETRY_WAIT, State.EXHAUSTED})
IN_FLIGHT = frozenset({State.CLAIMED, State.SENDING})
MAY_BE_THERE = frozenset({State.SENDING, State.UNKNOWN, State.UNVERIFIED})
IS_THERE = frozenset({State.DELIVERED, State.SETTLED})
NEEDS_A_PERSON = frozenset({State.HELD, State.EXHAUSTED, State.REJECTED, State.UNVERIFIED, State.UNKNOWN})
AT_REST = frozenset({State.DELIVERED, State.SETTLED, State.WAIVED, State.SUPERSEDED})

CLAIM = _step("claim", {State.PENDING, State.RETRY_WAIT}, State.CLAIMED, {Actor.WORKER}, Guard.DUE_AND_FREE)
PASS_GATE = _step("pass_gate", {State.CLAIMED}, State.SENDING, {Actor.WORKER}, Guard.SAME_FENCE_LINK_AND_LEASE)
# From `sending` too: a worker whose gate's COMMIT failed does not know whether it was committed, but knows that it wrote nothing.
NOT_SENT = _step("not_sent", IN_FLIGHT, State.RETRY_WAIT, {Actor.WORKER}, Guard.SAME_FENCE)
# A second close went ahead while this was past its gate, and then it came back unsent: nobody is to send it any more.
OVERTAKEN = _step("overtaken", {State.SENDING}, State.SUPERSEDED, {Actor.WORKER}, Guard.SAME_FENCE_NOT_CURRENT)
GIVE_UP = _step("give_up", IN_FLIGHT, State.EXHAUSTED, {Actor.WORKER}, Guard.TRIED_LONG_ENOUGH)
BLOCK = _step("block", {State.CLAIMED}, State.REJECTED, {Actor.WORKER}, Guard.SAME_FENCE)
HOLD_CLAIMED = _step("hold_claimed", {State.CLAIMED}, State.HELD, {Actor.WORKER}, Guard.SAME_FENCE)
ACKNOWLEDGED = _step("acknowledged", {State.SENDING}, State.DELIVERED, {Actor.WORKER}, Guard.SAME_FENCE)
NOT_ACKNOWLEDGED = _step("not_acknowledged", {State.SENDING}, State.UNVERIFIED, {Actor.WORKER}, Guard.SAME_FENCE)
ANSWERED_NO = _step("answered_no", {State.SENDING}, State.REJECTED, {Actor.WORKER}, Guard.SAME_FENCE)
REFUSED = _step("refused", {State.SENDING}, State.RETRY_WAIT, {Actor.WORKER}, Guard.SAME_FENCE)
NO_ANSWER = _step("no_answer", {State.SENDING}, State.UNKNOWN, {Actor.WORKER}, Guard.SAME_FENCE)
REAP_CLAIMED = _step("reap_claimed", {State.CLAIMED}, State.RETRY_WAIT, {Actor.REAPER}, Guard.LEASE_OVER_NOT_JOURNALLED)
# Its worker died before the gate was committed, or a backup of that moment was restored; then it was sent.
REAP_JOURNALLED = _step("reap_journalled", {State.CLAIMED}, State.UNKNOWN, {Actor.REAPER}, Guard.LEASE_OVER_JOURNALLED)
REAP_SENDING = _step("reap_sending", {State.SENDING}, State.UNKNOWN, {Actor.REAPER}, Guard.LEASE_OVER)
LATE_ACKNOWLEDGED = _step("late_acknowledged", {State.UNKNOWN}, State.DELIVERED, {Actor.WORKER}, Guard.SAME_FENCE)
LATE_NOT_ACKNOWLEDGED = _step("late_not_acknowledged", {State.UNKNOWN}, State.UNVERIFIED, {Actor.WORKER}, Guard.SAME_FENCE)
LATE_NO = _step("late_no", {State.UNKNOWN}, State.REJECTED, {Actor.WORKER}, Guard.SAME_FENCE)

SUPERSEDE = _step("supersede", NOTHING_SENT, State.SUPERSEDED, {Actor.CLOSE})
SUPERSEDE_BLOCKED = _step("supersede_blocked", {State.REJECTED}, State.SUPERSEDED, {Actor.CLOSE}, Guard.NEVER_PASSED_GATE)
LINK_SWITCHED_OFF = _step(
    "link_switched_off", {State.PENDING, State.CLAIMED, State.RETRY_WAIT}, State.HELD, {Actor.LINK_CHANGE, Actor.WORKER}
)
# From `pending` too, so that a claim in the same moment finds its fence gone.
LINK_CHANGED = _step("link_changed", {State.PENDING, State.CLAIMED, State.RETRY_WAIT}, State.PENDING, {Actor.LINK_CHANGE})
RESTORED = _step("restored", NOTHING_SENT | {State.SENDING}, State.UNKNOWN, {Actor.RESTORE})
RESTORED_BLOCKED = _step("restored_blocked", {State.REJECTED}, State.UNKNOWN, {Actor.RESTORE}, Guard.NEVER_PASSED_GATE)

RELEASE = _step("release", {State.HELD}, State.PENDING, {Actor.MANAGER}, Guard.CAUSE_GONE)
# From `retry_wait` too: whoever has repaired the connection need not wait for the next try.
UNSENT = frozenset({State.RETRY_WAIT, State.EXHAUSTED, State.REJECTED})
RESEND = _step("resend", UNSENT, State.PENDING, {Actor.CLERK, Actor.MANAGER}, Guard.NEWEST_REVISION)
RESEND_HELD = _step("resend_held", UNSENT, State.HELD, {Actor.CLERK, Actor.MANAGER}, Guard.NEWEST_REVISION)
SEND_NOW = _step("send_now", {State.PENDING}, State.PENDING, {Actor.CLERK, Actor.MANAGER}, Guard.IN_GRACE)
SETTLE = _step("settle", {State.UNKNOWN, State.UNVERIFIED}, State.SETTLED, {Actor.MANAGER}, Guard.TEN_MINUTES_AFTER_GATE)
WAIVE = _step(
    "waive",
    {State.HELD, State.PENDING, State.RETRY_WAIT, State.EXHAUSTED, State.REJECTED},
    State.WAIVED,
    {Actor.MANAGER},
    Guard.WITH_REASON,
)

RESEND_AFTER_NO = NewGeneration("resend_after_no", frozenset({State.REJECTED}), frozenset({Actor.MANAGER}), Guard.AFTER_A_NO)
RESEND_DOUBLED = NewGeneration(
    "resend_doubled",
    frozenset({State.UNKNOWN, State.UNVERIFIED, State.DELIVERED, State.SETTLED}),
    frozenset({Actor.MANAGER}),
    Guard.TYPED_CONFIRMATION,
)

STEPS = tuple(value for value in list(globals().values()) if isinstance(value, Step))
NEW_GENERATIONS = tuple(value for value in list(globals().values()) if isinstance(value, NewGeneration))
