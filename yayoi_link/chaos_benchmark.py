"""Whether anything is lost or doubled when everything goes wrong: workers that die and freeze, receivers that misbehave,
links that change, days that are closed again, a database that crashes, clocks that step.

The workers, the gate and the database are the real ones. What cannot be had without being root is said where it is done.
"""

import random
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import Error, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yayoi_link import chaos_count
from yayoi_link.benchmark_stores import open_stores
from yayoi_link.chaos_faults import Chaos, let_time_pass, send_what_is_held
from yayoi_link.chaos_people import rule_on_what_is_unsure
from yayoi_link.chaos_processes import running_processes
from yayoi_link.chaos_receiver import read_notes
from yayoi_link.models import Delivery
from yayoi_link.scratch_database import Scratch, scratch_database
from yayoi_link.states import CLAIM, IN_FLIGHT

HELP = gettext_lazy("障害のなかでの送信")
STORES = 24
PAUSE = 0.03  # seconds between two things that happen, on average
COUNTS_EVERY = 25
ROUNDS = 5  # of looking in Yayoi; a ruling rarely needs another one
WRONG = (
    "lost",
    "doubled_generations",
    "doubled_days",
    "days_not_there_once",
    "falsely_delivered",
    "secrets_leaked",
    "unsettled",
)
SETTLES_WITHIN = 300.0  # seconds; only a broken portal takes that long


@dataclass(frozen=True, slots=True)
class Survived:
    """What a run came to. `unresolved` is what waited for a person before anybody looked; whatever is in WRONG has to be 0."""

    seed: int
    seconds: float
    faults: dict[str, int]
    closes: int
    deliveries: int
    copies: int
    lost: int
    doubled_generations: int
    doubled_days: int
    days_not_there_once: int
    falsely_delivered: int
    secrets_leaked: int
    unsettled: int
    tries_without_verdict: int
    unresolved: dict[str, int]

    @property
    def is_sound(self) -> bool:
        """Whether nothing went wrong, and something could have: a run in which nothing reached the receiver shows nothing."""
        return self.copies > 0 and not any(getattr(self, name) for name in WRONG)

    def __str__(self) -> str:
        sentence = _(
            "障害 %(faults)s件（%(kinds)s）、閉局 %(closes)s件、連携 %(deliveries)s件、受信側に残った %(copies)s件を %(seconds).0f 秒で\n"
            "失われた営業日 %(lost)s、二重の送信 %(doubled)s、二重の営業日 %(days)s、人の確認後に1件ではない営業日 %(not_once)s、誤った連携済 %(false)s、秘密の漏れ %(leaks)s、終わらない送信 %(unsettled)s\n"
            "人の確認待ち %(unresolved)s、判定のない試行 %(unruled)s（seed %(seed)s）"
        )
        return sentence % {
            "faults": sum(self.faults.values()),
            "kinds": _listed(self.faults),
            "closes": self.closes,
            "deliveries": self.deliveries,
            "copies": self.copies,
            "seconds": self.seconds,
            "lost": self.lost,
            "doubled": self.doubled_generations,
            "days": self.doubled_days,
            "not_once": self.days_not_there_once,
            "false": self.falsely_delivered,
            "leaks": self.secrets_leaked,
            "unsettled": self.unsettled,
            "unresolved": _listed(self.unresolved) or 0,
            "unruled": self.tries_without_verdict,
            "seed": self.seed,
        }


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--faults", type=int, default=1000, metavar="N", help=_("障害の数"))
    parser.add_argument("--seed", type=int, default=None, metavar="N", help=_("乱数の種"))


def measure(*, faults: int, seed: int | None, tell: Callable[[str], None], **_options) -> Iterator[Survived]:
    """Let so many faults happen while days are closed, put everything in order, and count. `tell` hears how far it is."""
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    with scratch_database() as scratch, _running(scratch, seed) as chaos:
        started = time.monotonic()
        _let_happen(chaos, faults, tell)
        unsettled, unresolved = _put_in_order(chaos), chaos_count.unresolved()
        unsettled += _let_people_look(chaos)
        chaos.workers.end()
        yield _count(chaos, time.monotonic() - started, seed=seed, unsettled=unsettled, unresolved=unresolved)


@contextmanager
def _running(scratch: Scratch, seed: int) -> Iterator[Chaos]:
    with running_processes(scratch.folder, scratch.environment, seed=seed) as (receiver, workers):
        chance = random.Random(seed)  # noqa: S311  nothing secret
        stores = open_stores(STORES, receiver)
        template = stores.close_template()
        workers.start_all()
        yield Chaos(stores, template, receiver, workers, chance)


def _let_happen(chaos: Chaos, faults: int, tell: Callable[[str], None]) -> None:
    while (happened := _faults(chaos).total()) < faults:
        tell(f"{happened:,}")
        for _number in range(COUNTS_EVERY):
            chaos.happen()
            time.sleep(chaos.chance.expovariate(1 / PAUSE))


def _faults(chaos: Chaos) -> Counter:
    return chaos.happened + chaos_count.faults_of(read_notes(chaos.receiver.notes))


def _put_in_order(chaos: Chaos) -> int:
    """End the faults, repair the links, and let the portal finish. Returns how many deliveries it left unfinished."""
    chaos.receiver.calm.set()
    chaos.workers.thaw_all()
    _when_the_database_answers(lambda: [chaos.register(store, chaos.fresh_url()) for store in chaos.stores.stores])
    return _let_the_portal_finish(chaos)


def _let_people_look(chaos: Chaos) -> int:
    """Let people rule on what is unsure, and the portal send what they want sent, until nobody has to. Returns what is left."""
    for _round in range(ROUNDS):
        if not rule_on_what_is_unsure(chaos):
            break
        _let_the_portal_finish(chaos)
    return sum(chaos_count.unresolved().values())


def _let_the_portal_finish(chaos: Chaos) -> int:
    until = time.monotonic() + SETTLES_WITHIN
    while (unfinished := _when_the_database_answers(_unfinished)) and time.monotonic() < until:
        _when_the_database_answers(lambda: send_what_is_held(chaos))
        _when_the_database_answers(lambda: let_time_pass(chaos))
        chaos.workers.replace_the_ended()
        time.sleep(0.2)
    return unfinished


def _unfinished() -> int:
    waiting = Delivery.objects.current().filter(state__in=CLAIM.sources)
    return waiting.count() + Delivery.objects.filter(state__in=IN_FLIGHT).count()


def _when_the_database_answers(act: Callable):
    """It may still be recovering from its last crash."""
    until = time.monotonic() + SETTLES_WITHIN
    while True:
        try:
            return act()
        except Error:
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _count(chaos: Chaos, seconds: float, **known) -> Survived:
    notes = read_notes(chaos.receiver.notes)
    deliveries = Delivery.objects.all()
    return Survived(
        **known,
        seconds=round(seconds, 1),
        faults=dict(_faults(chaos).most_common()),
        closes=deliveries.values("closing").distinct().count(),
        deliveries=deliveries.count(),
        copies=sum(note.is_kept for note in notes),
        lost=chaos_count.lost(),
        doubled_generations=chaos_count.generations_doubled(notes),
        doubled_days=chaos_count.days_doubled(notes),
        days_not_there_once=chaos_count.days_not_there_once(notes),
        falsely_delivered=chaos_count.falsely_delivered(notes),
        secrets_leaked=chaos_count.secrets_leaked([chaos.workers.log]),
        tries_without_verdict=chaos_count.tries_without_verdict(),
    )


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
