"""What keeps the deliveries from harm, one by one, so that each can be taken away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from yayoi_link.states import Step


class Protection(StrEnum):
    FENCE_RISES_WITH_CLAIM = "a claim raises the fence"
    FENCE_RISES_WITH_CLOSE = "a newer revision raises the fence"
    FENCE_RISES_WITH_LINK = "a change of the link raises the fence"
    FENCE_AT_CLAIM = "a claim finds the fence that it has read"
    FENCE_AT_GATE = "the gate finds its own fence"
    FENCE_AT_RECORD = "the record finds its own fence"
    CURRENT_AT_CLAIM = "only the current delivery is claimed"
    CURRENT_AT_GATE = "only the current delivery passes the gate"
    CURRENT_AT_RECORD = "what comes back unsent is tried again only while it is current"
    LINK_ON_AT_CLAIM = "nothing is claimed while the link is off"
    LINK_UNCHANGED_AT_CLAIM = "a claim finds the version of the link that it has read"
    LINK_VERSION_AT_GATE = "the gate finds the version of the link that was claimed"
    LEASE_AT_GATE = "no gate is passed after the lease"
    LEASE_AT_REAPER = "no lease is ended before its time"
    ONE_IN_FLIGHT_PER_LINK = "unique index: one in flight per link"
    ONE_CURRENT_PER_DAY = "unique index: one current delivery per day"
    DAY_LOCKED_BY_RULING = "a ruling that makes a delivery waits for a close"
    ROWS_LOCKED_BEFORE_LOOKING = "a close looks at what was sent only when nobody can change it"
    DOUBTS_ARE_HELD = "a revision is held when something may be there"
    SUPERSEDED_BEFORE_GATE_ONLY = "a close takes back no rejected delivery that passed its gate"
    RESENT_BEFORE_GATE_ONLY = "no clerk resends a rejected delivery that passed its gate"
    TEN_MINUTES = "nobody rules before the bytes have arrived"
    SENT_WITHIN_A_SECOND = "nothing is written later than a second after the gate"
    REAPER = "somebody rules on what a dead worker left"
    SWEEPER = "what was closed while the link was switched off is held"


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a world: without some protections, or with other steps in the place of the table's, by name."""

    without: frozenset[Protection] = frozenset()
    instead: Mapping[str, Step] = field(default_factory=lambda: MappingProxyType({}))

    def protect(self, protection):
        return protection not in self.without

    def step(self, step):
        return self.instead.get(step.name, step)

    @property
    def protects_by_fence(self):
        return not self.without & {Protection.FENCE_AT_CLAIM, Protection.FENCE_AT_GATE, Protection.FENCE_AT_RECORD}


THE_RULES = Rules()
