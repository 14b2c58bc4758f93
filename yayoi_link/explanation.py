"""A delivery explained to one reader: what happened, what it means for the books, what to do and who can do it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from stores.access import Ability, may
from stores.models import Staff
from yayoi_link.actions import Button, buttons_for, who_may_act
from yayoi_link.cause_words import cause_words
from yayoi_link.error_screen import ErrorScreen, error_screen
from yayoi_link.models import Delivery
from yayoi_link.outbox import is_alone_of_its_day
from yayoi_link.state_words import (
    NO_NEED_TO_HURRY,
    NOTHING_BEFORE,
    SEND_EVERYTHING,
    Chip,
    Words,
    chip_of,
    hold_words,
    meaning_of,
    next_step_of,
    short_step,
    waiting_words,
)
from yayoi_link.states import HoldReason, State

# While it is here, its page looks again every second.
MOVING = frozenset({State.PENDING, State.CLAIMED, State.SENDING, State.RETRY_WAIT})
ENDED_WELL = frozenset({State.DELIVERED, State.SETTLED})


class Story(NamedTuple):
    """What is told of a delivery to whoever reads it. `waits_until` is the end of 送信猶予, while it lies ahead."""

    cause: Words
    meaning: Words
    next_step: Words
    who_may: str
    waits_until: datetime | None


@dataclass(frozen=True, slots=True)
class Explanation:
    delivery: Delivery
    chip: Chip
    cause: Words
    meaning: Words
    next_step: Words
    short_step: Words
    who_may: str
    buttons: list[Button]
    # At レジ業務 a manager sends again by closing again.
    leads_to_close: bool = False
    leads_to_links: bool = False
    leads_to_accounts: bool = False
    # The end of 送信猶予, while it lies ahead.
    waits_until: datetime | None = None
    # On a page of its own the whole story; in lists the few words above.
    screen: ErrorScreen | None = None

    @property
    def is_moving(self) -> bool:
        return self.delivery.is_current and self.delivery.state in MOVING

    @property
    def is_well(self) -> bool:
        return self.delivery.state in ENDED_WELL

    @property
    def signature(self) -> str:
        """Changes whenever there is something new to show."""
        waiting = "-waits" if self.waits_until else ""
        return f"{self.delivery.pk}-{self.delivery.state}-{self.delivery.fence}{waiting}"


def explain_alone(delivery: Delivery, reader: Staff, *, now: datetime, at_till: bool = False) -> Explanation:
    """Explain a delivery on a page of its own. One that is not sent, or not yet, is set against what has become of the others."""
    is_alone = (delivery.awaits_decision or delivery.state == State.WAIVED) and is_alone_of_its_day(delivery)
    screen = error_screen(delivery, reader, now=now, is_alone=is_alone, at_till=at_till)
    leads_to_links = not at_till and may(reader, Ability.EDIT_LINKS) and any(step.ability is Ability.EDIT_LINKS for step in screen.steps)
    explained = replace(explain(delivery, reader, now=now, at_till=at_till), screen=screen, leads_to_links=leads_to_links)
    if not (is_alone and delivery.awaits_decision):
        return explained
    buttons = [button for button in explained.buttons if button.name != "send_difference"]
    return replace(explained, cause=NOTHING_BEFORE, next_step=SEND_EVERYTHING, buttons=buttons)


def explain(delivery: Delivery, reader: Staff, *, now: datetime, at_till: bool = False) -> Explanation:
    """Explain the delivery. Reads its attempts and decisions unless they were prefetched (`with_history`).

    `at_till`: to an operator of レジ業務, where only what needs one press is at hand.
    """
    buttons = buttons_for(delivery, reader, now=now)
    at_hand = [button for button in buttons if button.is_one_press or not at_till]
    return Explanation(
        **story_of(delivery, now=now)._asdict(),
        delivery=delivery,
        chip=chip_of(delivery),
        short_step=short_step(delivery.state, delivery.hold_reason) if delivery.is_current else "",
        buttons=at_hand,
        leads_to_accounts=delivery.hold_reason == HoldReason.MAPPING_MISSING and not at_till and may(reader, Ability.EDIT_ACCOUNTS),
        leads_to_close=bool(buttons) and not at_hand and may(reader, Ability.RECLOSE_DAY),
    )


def story_of(delivery: Delivery, *, now: datetime) -> Story:
    """Tell what is the same for every reader. Reads what `explain` reads."""
    waits_until = delivery.grace_ends_at and delivery.waits_until(now)
    return Story(
        _cause(delivery),
        waiting_words(waits_until) if waits_until else meaning_of(delivery),
        NO_NEED_TO_HURRY if waits_until else next_step_of(delivery),
        # Where nothing is left to do, nobody needs to know who could.
        "" if delivery.state in ENDED_WELL else who_may_act(delivery),
        waits_until,
    )


def _cause(delivery):
    state = State(delivery.state)
    if state is State.HELD:
        return hold_words(delivery.hold_reason)
    return "" if state in ENDED_WELL or state is State.SUPERSEDED else cause_words(delivery.last_outcome)
