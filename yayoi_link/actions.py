"""What a person can do with a delivery: made from the table of states, for the buttons and for the views behind them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stores.access import Ability, may, who_may
from stores.models import Staff
from yayoi_link.models import Delivery
from yayoi_link.rulings import CHECKED_FROM, is_surely_unsent
from yayoi_link.states import RELEASE, RESEND, RESEND_AFTER_NO, RESEND_DOUBLED, SEND_NOW, SETTLE, WAIVE, Actor, NewGeneration, Step

ABILITY_OF = {Actor.CLERK: Ability.RESEND_SAFELY, Actor.MANAGER: Ability.RESEND_DOUBLED}


def ability_for(step: Step | NewGeneration) -> Ability:
    """Return what a person must be able to do to take the step: the least that one of its actors has."""
    return ABILITY_OF[Actor.CLERK if Actor.CLERK in step.actors else Actor.MANAGER]


@dataclass(frozen=True, slots=True)
class Action:
    """One button. `name` is its URL's name; `fits` what must be true of the delivery besides its state."""

    name: str
    label: str | Promise
    step: Step | NewGeneration
    fits: Callable[[Delivery], bool] = lambda delivery: True
    label_of_decision: str | Promise = ""
    is_grave: bool = False
    # There is nothing to read or to answer before it.
    is_one_press: bool = False
    # What somebody has found out about an earlier posting counts, although another one has taken its place.
    is_for_past_too: bool = False

    @property
    def ability(self) -> Ability:
        return ability_for(self.step)

    def is_possible(self, delivery: Delivery) -> bool:
        is_at_hand = delivery.is_current or self.is_for_past_too
        return is_at_hand and delivery.state in self.step.sources and self.fits(delivery)

    def label_for(self, delivery: Delivery) -> str | Promise:
        return self.label_of_decision or self.label if delivery.awaits_decision else self.label


ACTIONS = (
    Action("send_now", _("今すぐ送信"), SEND_NOW, lambda delivery: delivery.grace_ends_at is not None, is_one_press=True),
    Action("resend", _("再連携"), RESEND, is_surely_unsent, is_one_press=True),
    Action("resend_after_no", _("再連携"), RESEND_AFTER_NO, lambda delivery: delivery.passed_gate),
    Action("release", _("送信する"), RELEASE, label_of_decision=_("全件を送る")),
    Action("send_difference", _("差分を送る"), RELEASE, lambda delivery: delivery.awaits_decision and not delivery.is_frozen),
    Action("settle", _("弥生で確認した"), SETTLE, is_for_past_too=True),
    Action("resend_doubled", _("重複を承知で再連携"), RESEND_DOUBLED, is_grave=True),
    Action("waive", _("送信不要"), WAIVE, label_of_decision=_("送らない")),
)


@dataclass(frozen=True, slots=True)
class Button:
    name: str
    label: str | Promise
    is_grave: bool
    is_one_press: bool
    not_before: datetime | None

    @property
    def view(self) -> str:
        return f"yayoi_link:{self.name}"


def buttons_for(delivery: Delivery, staff: Staff, *, now: datetime) -> list[Button]:
    """Return what this person can do with the delivery now, the most fitting first."""
    return [
        Button(action.name, action.label_for(delivery), action.is_grave, action.is_one_press, _not_before(action, delivery, now))
        for action in possible_actions(delivery)
        if may(staff, action.ability)
    ]


def action_named(name: str) -> Action:
    return next(action for action in ACTIONS if action.name == name)


def possible_actions(delivery: Delivery) -> list[Action]:
    return [action for action in ACTIONS if action.is_possible(delivery)]


def who_may_act(delivery: Delivery) -> str:
    """Name the roles that can do what is to be done about the delivery; empty when nothing is."""
    actions = possible_actions(delivery)
    return who_may(actions[0].ability) if actions else ""


def _not_before(action, delivery, now):
    """The bytes may still be on their way: looking in Yayoi counts from ten minutes after the gate."""
    if action.step is not SETTLE or not delivery.passed_gate or now >= delivery.gate_at + CHECKED_FROM:
        return None
    return delivery.gate_at + CHECKED_FROM
