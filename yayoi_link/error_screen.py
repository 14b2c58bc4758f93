"""The screen on which somebody learns how a delivery stands: what happened, what of it is in the books, what to do, who can do it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stores.access import Ability, may, who_may
from stores.models import Staff
from yayoi_link.books_words import InBooks, in_books
from yayoi_link.cause_words import plain_cause
from yayoi_link.models import Delivery, Outcome
from yayoi_link.state_words import NOTHING_BEFORE, chip_of, hold_words
from yayoi_link.states import HoldReason, State
from yayoi_link.step_words import Step, steps_for, when_to_expect
from yayoi_link.troubles import Trouble, trouble_of
from yayoi_link.verdicts import Verdict

NAMES_SHOWN = 3
HAPPENED = {
    State.PENDING: _("弥生に送る順番を待っています"),
    State.CLAIMED: _("弥生に送っています"),
    State.SENDING: _("弥生に送っています"),
    State.DELIVERED: _("弥生が受け取りました"),
    State.SETTLED: _("弥生を見て確かめました"),
    State.WAIVED: _("弥生に送らないと決めました"),
    State.SUPERSEDED: _("新しい閉局の内容に差し替わりました"),
}
RESTORED = _("管理画面がバックアップから復元されました")
EMPTY = _("送る取引がない営業日です")
IN_GRACE = _("送信を待っています")
# The question that arises, as ヘルプ answers it.
HELP = {
    State.HELD: "on-hold",
    State.RETRY_WAIT: "retrying",
    State.EXHAUSTED: "retrying",
    State.REJECTED: "delivery-error",
    State.UNVERIFIED: "unconfirmed-answer",
    State.UNKNOWN: "unknown-result",
}
HELP_ON_HOLD = {
    HoldReason.MAPPING_MISSING: "accounts-missing",
    HoldReason.AWAITING_DECISION: "difference",
    HoldReason.BEFORE_START: "start-date",
    HoldReason.LINK_MISSING: "link-setup",
}


@dataclass(frozen=True, slots=True)
class Who:
    """Who can do what this reader cannot: the roles, and the names of those who work at the same store."""

    roles: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ErrorScreen:
    """`who` is None where the reader can take every step. `reference` is what to tell when asking for help, `help` an article's slug."""

    happened: str | Promise
    books: InBooks
    steps: tuple[Step, ...]
    when: str
    who: Who | None
    reference: str
    help: str


def error_screen(delivery: Delivery, reader: Staff, *, now: datetime, is_alone: bool, at_till: bool) -> ErrorScreen:
    """Tell one reader how the delivery stands. `is_alone`: nothing else of its day was ever sent. Reads its history."""
    outcome, waits = delivery.last_outcome, bool(delivery.grace_ends_at and delivery.waits_until(now))
    steps = steps_for(delivery, trouble(outcome), is_alone=is_alone, waits=waits, at_till=at_till)
    return ErrorScreen(
        happened=IN_GRACE if waits else happened(delivery, is_alone=is_alone),
        books=in_books(delivery, is_alone=is_alone),
        steps=steps,
        when=when_to_expect(delivery, now=now),
        who=_who_else(delivery, reader, steps),
        reference=reference(delivery, outcome) if delivery.state in HELP else "",
        help=HELP_ON_HOLD.get(delivery.hold_reason) or HELP.get(delivery.state, ""),
    )


def trouble(outcome: Outcome | None) -> Trouble:
    """Name the trouble that the last try met; none before the first."""
    return Trouble.NONE if outcome is None else trouble_of(Verdict(outcome.verdict), error=outcome.error, status=outcome.status)


def happened(delivery: Delivery, *, is_alone: bool) -> str | Promise:
    """Say in one line what happened last."""
    state = State(delivery.state)
    if delivery.is_empty:
        return EMPTY
    if state is State.HELD:
        return NOTHING_BEFORE if delivery.awaits_decision and is_alone else hold_words(delivery.hold_reason)
    if state in HAPPENED:
        return HAPPENED[state]
    if state is State.UNKNOWN and not delivery.passed_gate:
        return RESTORED
    return plain_cause(delivery.last_outcome) or chip_of(delivery).word


def reference(delivery: Delivery, outcome: Outcome | None) -> str:
    """Return what somebody who helps asks for: the delivery, and what its last try met."""
    if delivery.state == State.HELD or outcome is None:
        return f"{delivery.pk}-{(delivery.hold_reason or delivery.state).upper()}"
    return f"{delivery.pk}-{outcome.verdict}-{outcome.status or outcome.error}"


def _who_else(delivery, reader, steps):
    missing = next((step.ability for step in steps if step.ability and not may(reader, step.ability)), None)
    return Who(who_may(missing), _names(delivery, reader, missing)) if missing else None


def _names(delivery, reader, ability: Ability):
    """The managers of the store before the administrators: they are nearer."""
    colleagues = Staff.objects.visible_to(reader).working_at(delivery.day.store).order_by("-role", "code", "pk")
    return tuple([person.name for person in colleagues if may(person, ability)][:NAMES_SHOWN])
