"""What goes wrong in the chaos run, and the days that are traded meanwhile; each is drawn by lot.

Nothing here decides what a delivery may do: people's part is played by the functions that the pages call.
"""

import contextlib
import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.db import Error, connection
from django.db.models import F
from django.db.models.functions import Now

from closing.models import BusinessDay
from closing.signals import Wish
from closing.trading_day import AlreadyClosed, close_again
from yayoi_link.addresses import parse_link
from yayoi_link.benchmark_stores import Stores
from yayoi_link.chaos_processes import SECRET, ChaosReceiver, Workers
from yayoi_link.links import LinkEntry, register_links
from yayoi_link.models import Delivery, YayoiLink
from yayoi_link.rulings import StateChanged, StillHeld, release, resend
from yayoi_link.states import IN_FLIGHT, State

WAITING_AT_MOST = 150  # deliveries; more would only wait
HOUR = timedelta(hours=1)


@dataclass
class Chaos:
    """One run. `happened` counts the faults of this side; what the receiver did wrong is in its notes."""

    stores: Stores
    template: Delivery
    receiver: ChaosReceiver
    workers: Workers
    chance: random.Random
    happened: Counter = field(default_factory=Counter)
    open_days: list[BusinessDay] = field(default_factory=list)
    tokens: int = 0

    def happen(self) -> None:
        """Let one thing happen. A database that was just crashed is no reason to stop."""
        self.workers.replace_the_ended()
        act = self.chance.choices(list(ACTS), list(ACTS.values()))[0]
        try:
            if act(self) is not False and act in FAULTS:
                self.happened[FAULTS[act]] += 1
        except Error:
            connection.close()
        except (AlreadyClosed, StateChanged, StillHeld):
            pass  # a worker was faster

    def a_worker(self):
        return self.chance.choice(self.workers.running)

    def register(self, store, url, *, is_enabled=True) -> None:
        register_links([LinkEntry(store, is_enabled, url=url and parse_link(url, allow_loopback=True))], by=self.stores.by)

    def fresh_url(self) -> str:
        self.tokens += 1
        return self.receiver.url(f"{self.chance.getrandbits(64):x}-{self.tokens}")


def is_busy():
    return Delivery.objects.filter(state__in=[State.PENDING, State.RETRY_WAIT]).count() > WAITING_AT_MOST


def let_all_stores_close(chaos):
    """Copies of a day that was really closed: their deliveries are what matters here, and a close takes longer than they do."""
    if not is_busy():
        chaos.stores.copy_days(chaos.template, len(chaos.stores.stores))


def close_a_day(chaos):
    if is_busy():
        return
    if not chaos.open_days:
        chaos.open_days = chaos.stores.open_days()
    day = chaos.open_days.pop(chaos.chance.randrange(len(chaos.open_days)))
    chaos.stores.close(day)


def close_a_day_again(chaos):
    """One of the newest, about which most is undecided."""
    newest = BusinessDay.objects.filter(deliveries__isnull=False).distinct().order_by("-pk")[:40]
    if days := list(newest):
        day = chaos.chance.choice(days)
        close_again(day, seen_revision=day.closings.count(), by=chaos.stores.by, wish=Wish.SEND)


def change_a_link(chaos):
    chaos.register(chaos.chance.choice(chaos.stores.stores), chaos.fresh_url())


def break_a_link(chaos):
    """Nobody listens there, or nobody who speaks TLS."""
    token = f"{SECRET}-{chaos.tokens}"
    url = chaos.chance.choice([f"http://127.0.0.1:9/link/{token}", f"https://127.0.0.1:{chaos.receiver.port}/link/{token}"])
    chaos.register(chaos.chance.choice(chaos.stores.stores), url)


def switch_a_link_off(chaos):
    chaos.register(chaos.chance.choice(chaos.stores.stores), None, is_enabled=False)


def repair_a_link(chaos):
    """Switch a link on that is off, and send what was held meanwhile."""
    link = YayoiLink.objects.filter(is_enabled=False).select_related("store").order_by("?").first()
    if link:
        chaos.register(link.store, chaos.fresh_url())
        send_what_is_held(chaos, store=link.store)


def send_what_is_held(chaos, **of_days):
    held = Delivery.objects.current().filter(state=State.HELD, **{f"day__{name}": value for name, value in of_days.items()})
    for delivery in held.select_related("day__store__company", "closing"):
        if not delivery.awaits_decision:
            with contextlib.suppress(StateChanged, StillHeld):
                release(delivery, by=chaos.stores.by)


def resend_what_was_blocked(chaos):
    unsent = Delivery.objects.current().filter(state__in=[State.EXHAUSTED, State.REJECTED], gate_at=None)
    if delivery := unsent.select_related("day__store__company", "closing").first():
        resend(delivery, by=chaos.stores.by)


def kill_a_worker(chaos):
    chaos.workers.kill(chaos.a_worker())


def freeze_a_worker(chaos):
    worker = chaos.a_worker()
    if worker in chaos.workers.frozen:
        return False
    return chaos.workers.freeze(worker, seconds=chaos.chance.uniform(0.1, 2.5))


def step_the_clock(chaos):
    """The database's clock cannot be moved without being root: every lease in flight is moved against it instead, an hour to or fro."""
    step = chaos.chance.choice([HOUR, -HOUR])
    return bool(Delivery.objects.filter(state__in=IN_FLIGHT).update(lease_until=F("lease_until") + step))


def let_time_pass(chaos):
    """What waits for its next try is due now."""
    Delivery.objects.filter(state=State.RETRY_WAIT).update(due_at=Now())
    YayoiLink.objects.update(delayed_until=None)


def crash_the_database(chaos):
    """Kill a process of PostgreSQL's: the server gives up all others and recovers from the disk. Only where it runs on this machine."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    connection.close()
    if not _is_process_of_postgresql(pid):
        return False
    os.kill(pid, signal.SIGKILL)
    return True


def _is_process_of_postgresql(pid):
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


# How often each happens, in relation to the others.
ACTS: dict[Callable[[Chaos], bool | None], float] = {
    close_a_day: 20,
    let_all_stores_close: 10,
    close_a_day_again: 6,
    resend_what_was_blocked: 2,
    repair_a_link: 3,
    change_a_link: 3,
    break_a_link: 2,
    switch_a_link_off: 1,
    kill_a_worker: 3,
    freeze_a_worker: 3,
    step_the_clock: 2,
    let_time_pass: 12,
    crash_the_database: 0.3,
}
FAULTS = {
    change_a_link: "link changed",
    break_a_link: "link broken",
    switch_a_link_off: "link switched off",
    kill_a_worker: "worker killed",
    freeze_a_worker: "worker frozen",
    step_the_clock: "clock stepped",
    crash_the_database: "database crashed",
}
