"""朝の確認: what is not right about the days before today, for whoever answers for several stores, ticked off once seen.

A tick puts nothing right. It covers what was there when the list was shown: what has got worse since comes back.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from closing.models import BusinessDay, ClosingRegister
from stores.audit import Origin
from stores.models import Staff
from yayoi_link.history import LinkAction
from yayoi_link.models import Delivery, MorningCheck
from yayoi_link.states import NEEDS_A_PERSON, HoldReason, State

DIFFERENCES_FOR = timedelta(days=31)
UNSENT_FOR = timedelta(hours=1)
WAITS = (State.PENDING, State.RETRY_WAIT)
# Held because somebody wanted it so.
WANTED = (HoldReason.LINK_MISSING, HoldReason.LINK_OFF, HoldReason.BEFORE_START)


class ConcernKind(StrEnum):
    UNCLOSED = "unclosed"
    CHANGED = "changed"
    DIFFERENCE = "difference"
    UNSENT = "unsent"


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that is not right. `mark` is another one when it gets worse.

    `amount` is the cash difference in yen; `delivery` and `state` are set of what is not sent.
    """

    kind: ConcernKind
    mark: str
    amount: int = 0
    delivery: int | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class MorningRow:
    """A day of a store that is not right, and who has seen that."""

    day_pk: int
    date: date
    store_code: str
    store_name: str
    concerns: tuple[Concern, ...]
    checks: tuple[MorningCheck, ...] = ()

    @property
    def marks(self) -> frozenset[str]:
        return frozenset(concern.mark for concern in self.concerns)

    @property
    def digest(self) -> str:
        return hashlib.sha256("|".join(sorted(self.marks)).encode()).hexdigest()[:16]

    @property
    def ticket(self) -> str:
        """What the page sends back to tick off the day as it was shown."""
        return f"{self.day_pk}.{self.digest}"

    @property
    def is_ticked(self) -> bool:
        """Whether everything about it has been seen by somebody."""
        return self.marks <= {mark for check in self.checks for mark in check.marks}


def morning_rows(person: Staff, *, at: datetime) -> list[MorningRow]:
    """Return the days before today that are not right, the latest first, in five queries however many stores there are."""
    days: dict[tuple, list[Concern]] = {}
    for named, concern in _concerns(person, at):
        days.setdefault(named, []).append(concern)
    checks: dict[int, list[MorningCheck]] = {}
    for check in MorningCheck.objects.filter(day__in=[named[0] for named in days]).select_related("by"):
        checks.setdefault(check.day_id, []).append(check)
    rows = [MorningRow(pk, day, code, name, tuple(concerns), tuple(checks.get(pk, ()))) for (pk, day, code, name), concerns in days.items()]
    return sorted(rows, key=lambda row: (-row.date.toordinal(), row.store_code))


def _concerns(person: Staff, at: datetime) -> Iterator[tuple[tuple, Concern]]:
    """Yield (day's key, date, code and name of the store) with what is not right about it."""
    days = BusinessDay.objects.visible_to(person).filter(date__lt=localdate(at)).order_by()
    named = ("pk", "date", "store__code", "store__name")
    for day in days.overdue(at).values_list(*named):
        yield day, Concern(ConcernKind.UNCLOSED, "unclosed")
    for *day, entries in days.changed_after_close().values_list(*named, "entries"):
        yield tuple(day), Concern(ConcernKind.CHANGED, f"changed {entries}")
    yield from _differences(person, at)
    yield from _unsent(person, at)


def _differences(person, at):
    span = (localdate(at) - DIFFERENCES_FOR, localdate(at) - timedelta(days=1))
    recent = ClosingRegister.objects.visible_to(person).of_last_revisions_between(*span).beyond_tolerance().unexplained()
    for *day, register, amount in recent.order_by("register__number", "pk").values_list(
        *_named("closing__day"), "register__number", "cash_difference"
    ):
        yield tuple(day), Concern(ConcernKind.DIFFERENCE, f"difference {register} {amount}", amount=amount)


def _unsent(person, at):
    waits = Q(state__in=WAITS, created_at__lte=at - UNSENT_FOR)
    needs = Q(state__in=NEEDS_A_PERSON) & ~Q(hold_reason__in=WANTED)
    not_arrived = Delivery.objects.visible_to(person).current().in_states((*WAITS, *NEEDS_A_PERSON))
    unsent = not_arrived.filter(waits | needs, day__date__lt=localdate(at)).order_by()
    for *day, pk, state, fence in unsent.values_list(*_named("day"), "pk", "state", "fence"):
        # What is tried again by itself is the same with every try.
        mark = f"unsent {pk} {state} {fence}" if state in NEEDS_A_PERSON else f"unsent {pk}"
        yield tuple(day), Concern(ConcernKind.UNSENT, mark, delivery=pk, state=State(state))


def _named(day):
    return f"{day}__pk", f"{day}__date", f"{day}__store__code", f"{day}__store__name"


@dataclass(frozen=True, slots=True)
class TickedOff:
    """How many days were ticked off, and how many were left because they were no longer as shown."""

    ticked: int
    changed: int


@transaction.atomic
def tick_off(tickets: Iterable[str], *, by: Origin) -> TickedOff:
    """Note that the actor has seen these days as they were shown. A day that is not as shown any more stays in the list."""
    waiting = [row for row in morning_rows(by.actor, at=by.at) if not row.is_ticked]
    wanted = set(tickets)
    seen = [row for row in waiting if row.ticket in wanted]
    days_wanted = {ticket.partition(".")[0] for ticket in wanted}
    changed = sum(str(row.day_pk) in days_wanted for row in waiting) - len(seen)
    if seen:
        checks = [MorningCheck(day_id=row.day_pk, marks=sorted(row.marks), digest=row.digest, by=by.actor, at=by.at) for row in seen]
        MorningCheck.objects.bulk_create(checks, ignore_conflicts=True)
        by.record(LinkAction.MORNING_CHECKED, changes={_("営業日"): [f"{row.store_name} {row.date}" for row in seen]})
    return TickedOff(len(seen), changed)
