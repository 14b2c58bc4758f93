"""What needs a person now: every app says it of what it knows, and TOP shows all of it as one list, the gravest first.

Needs are looked for in the rows whenever they are shown. What is alike at many stores is one need, so that the list stays
short however many stores there are.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.access import Ability, may, who_may
from stores.models import Staff, Store
from stores.notices import causes_at

NAMED_STORES = 2
SEE = gettext_lazy("内容を見る")

type Words = str | Promise


class Gravity(IntEnum):
    """Where a need stands in the list."""

    BOOKS_UNCERTAIN = 1
    BOOKS_INCOMPLETE = 2
    DAY_UNFINISHED = 3
    DECISION_WANTED = 4
    LOOK_WANTED = 5
    ON_HOLD = 6
    UPKEEP = 7


@dataclass(frozen=True, slots=True)
class Finding:
    """So many of one kind at one store. `oldest` and `latest` are business days, None where the kind is not about days."""

    store_pk: int
    store_code: str
    store_name: str
    count: int
    oldest: date | None = None
    latest: date | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """One line: the problem in a word, its cause in a sentence, and the one button that leads to where it is solved."""

    name: str
    gravity: Gravity
    word: Words
    icon: str
    look: str
    cause: Words
    step: Words
    page: str
    findings: tuple[Finding, ...] = ()
    # What is counted, in words, where it is not business days.
    amount: Words = ""
    # Of what the reader can only look at: who can do something about it.
    who: Words = ""

    @property
    def place(self) -> str:
        """Which stores it is about: the names of a few, else how many more there are."""
        names = [finding.store_name for finding in self.findings]
        named = _("・").join(names[:NAMED_STORES])
        more = len(names) - NAMED_STORES
        return _("%(named)s ほか%(more)s店舗") % {"named": named, "more": more} if more > 0 else named

    @property
    def days(self) -> int:
        return sum(finding.count for finding in self.findings if finding.oldest)

    @property
    def oldest(self) -> date | None:
        return min((finding.oldest for finding in self.findings if finding.oldest), default=None)

    @property
    def latest(self) -> date | None:
        return max((finding.latest for finding in self.findings if finding.latest), default=None)


type Teller = Callable[[Staff, datetime], Iterable[Need]]

TELLERS: list[Teller] = []


def tells_needs(tell: Teller) -> Teller:
    """Decorate a function `tell(person, at)`, so that TOP asks it what needs the person."""
    TELLERS.append(tell)
    return tell


def needs_of(person: Staff, *, at: datetime) -> list[Need]:
    """Return what needs the person now, the gravest first, in as many queries for many stores as for one."""
    return sorted((need for tell in TELLERS for need in tell(person, at)), key=lambda need: need.gravity)


def step_for(person: Staff, ability: Ability, step: Words) -> dict[str, Words]:
    """Return what the button says to the person, and who else may act where the person may not."""
    if may(person, ability):
        return {"step": step}
    return {"step": SEE, "who": _("対応できるのは%(roles)sです。") % {"roles": who_may(ability)}}


def only_store(findings: Sequence[Finding]) -> int | str:
    """Return the key of the one store that the findings are of, for the filter of a list; empty for several."""
    return findings[0].store_pk if len(findings) == 1 else ""


@tells_needs
def noticed(person, at):
    """What people are written to about, where no app tells more of it."""
    if not may(person, Ability.BE_TOLD):
        return
    stores = Store.objects.visible_to(person)
    causes = [cause for cause in causes_at(stores, at=at) if not cause.kind.is_listed_on_top]
    named = dict(stores.filter(pk__in={cause.store_id for cause in causes}).values_list("pk", "name"))
    for kind, alike in groupby(sorted(causes, key=lambda cause: cause.kind.name), key=lambda cause: cause.kind):
        findings = tuple(
            Finding(cause.store_id, "", named[cause.store_id], cause.days, cause.oldest_day, cause.oldest_day) for cause in alike
        )
        gravity = Gravity.BOOKS_INCOMPLETE if kind.look == "bad" else Gravity.ON_HOLD
        page = kind.page(only_store(findings) or None)
        yield Need(kind.name, gravity, kind.word, kind.icon, kind.look, kind.meaning, SEE, page, findings)
