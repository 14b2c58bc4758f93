"""How fast one worker delivers: how many a second, how soon after a close, and what it takes of processor and memory.

The worker is the real one, with TLS, gate and journal; it posts to a receiver in a process of its own.
"""

import statistics
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from closing.models import BusinessDay
from yayoi_link.benchmark_processes import BenchmarkReceiver, Watched, running_receiver, running_worker
from yayoi_link.benchmark_stores import Stores, open_stores
from yayoi_link.models import Delivery, WorkerSighting
from yayoi_link.scratch_database import Scratch, scratch_database
from yayoi_link.states import State
from yayoi_link.worker import THREADS

HELP = gettext_lazy("送信")
DELAYS = (0, 200)  # milliseconds
LOOKS_EVERY = 0.2  # seconds
GIVES_UP_AFTER = 600.0  # seconds; only a worker that does not work takes that long


@dataclass(frozen=True, slots=True)
class Throughput:
    """Deliveries that were all due at once. CPU in milliseconds per delivery; the worker's memory after each tenth of them."""

    receiver_milliseconds: int
    deliveries: int
    seconds: float
    per_second: float
    worker_cpu_ms: float
    receiver_cpu_ms: float
    resident_mib: list[float]

    def __str__(self) -> str:
        sentence = _(
            "応答 %(delay)s ミリ秒: %(count)s件を %(seconds).1f 秒、毎秒 %(rate).1f 件。1件あたりCPU %(cpu).1f ミリ秒（受信側 %(receiver).1f）、メモリー %(first).0f → %(last).0f MiB"
        )
        return sentence % {
            "delay": self.receiver_milliseconds,
            "count": self.deliveries,
            "seconds": self.seconds,
            "rate": self.per_second,
            "cpu": self.worker_cpu_ms,
            "receiver": self.receiver_cpu_ms,
            "first": self.resident_mib[0],
            "last": self.resident_mib[-1],
        }


@dataclass(frozen=True, slots=True)
class FirstByte:
    """How long after a close its first byte came (seconds): one close after the other, or many stores in the same minute."""

    closes: int
    within_seconds: float
    median: float
    percentile_99: float
    last_delivered: float

    def __str__(self) -> str:
        sentence = _(
            "%(count)s件の閉局を %(within).0f 秒間に: 最初の1バイトまで p50 %(median).3f 秒、p99 %(high).3f 秒、すべて連携済まで %(last).1f 秒"
        )
        return sentence % {
            "count": self.closes,
            "within": self.within_seconds,
            "median": self.median,
            "high": self.percentile_99,
            "last": self.last_delivered,
        }


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--deliveries", type=int, default=2_000, metavar="N", help=_("一度に送る件数"))
    parser.add_argument("--delays", nargs="*", type=int, default=DELAYS, metavar="MS", help=_("受信側が応答するまでのミリ秒"))
    parser.add_argument("--idle", type=int, default=60, metavar="N", help=_("1件ずつの閉局の数"))
    parser.add_argument("--stores", type=int, default=1_000, metavar="N", help=_("同じ時間に閉局する店舗の数"))
    parser.add_argument("--within", type=float, default=60, metavar="SECONDS", help=_("その時間（秒）"))
    parser.add_argument("--threads", type=int, default=THREADS, metavar="N", help=_("同時に送信する数"))


def measure(
    *,
    deliveries: int = 2_000,
    delays: Sequence[int] = DELAYS,
    idle: int = 60,
    stores: int = 1_000,
    within: float = 60,
    threads: int = THREADS,
    tell: Callable[[str], None],
    **_options: object,
) -> Iterator[Throughput | FirstByte]:
    """Deliver so many at once for each delay of the receiver, then close so many days while idle, then many within a while.

    What is 0 is left out. `tell` hears how far it is.
    """
    with scratch_database() as scratch:
        for delay in delays if deliveries else ():
            yield _measure_throughput(scratch, deliveries, delay, stores, threads, tell=tell)
        if idle:
            yield _measure_closes(scratch, 1, count=idle, within=idle * 0.7, threads=threads, tell=tell)
        if stores:
            yield _measure_closes(scratch, stores, count=stores, within=within, threads=threads, tell=tell)


def _measure_throughput(scratch: Scratch, count: int, delay: int, stores: int, threads: int, *, tell: Callable[[str], None]) -> Throughput:
    with running_receiver(scratch.folder, seconds=delay / 1000) as receiver:
        open_stores(max(stores, threads), receiver).fill_outbox(count)
        before = _delivered()
        with _worker(scratch, receiver, threads) as worker:
            _wait_until(lambda: receiver.first_bytes())
            cpu, receiver_cpu, memory = worker.cpu_seconds, receiver.watched.cpu_seconds, []
            started = min(receiver.first_bytes().values())
            for tenth in range(1, 11):
                _wait_until(lambda goal=before + count * tenth // 10: _delivered() >= goal)
                memory.append(round(worker.resident_mib, 1))
                tell(f"{delay} ms: {tenth * 10} %")
            seconds = time.monotonic() - started
            worker_cpu, receiver_cpu = worker.cpu_seconds - cpu, receiver.watched.cpu_seconds - receiver_cpu
        receiver.first_bytes()
    return Throughput(
        receiver_milliseconds=delay,
        deliveries=count,
        seconds=round(seconds, 2),
        per_second=round(count / seconds, 1),
        worker_cpu_ms=round(worker_cpu / count * 1000, 2),
        receiver_cpu_ms=round(receiver_cpu / count * 1000, 2),
        resident_mib=memory,
    )


def _measure_closes(scratch: Scratch, stores: int, count: int, within: float, threads: int, *, tell: Callable[[str], None]) -> FirstByte:
    with running_receiver(scratch.folder, seconds=0.2) as receiver:
        place = open_stores(stores, receiver)
        days = [day for _turn in range(count // stores) for day in place.open_days()]
        before = _delivered()
        with _worker(scratch, receiver, threads):
            closed_at = _close_in_time(place, days, within / len(days), tell=tell)
            _wait_until(lambda: _delivered() >= before + len(days))
            last = max(closed_at.values())
            until_delivered = time.monotonic() - last
        first_bytes = receiver.first_bytes()
    waited = [first_bytes[key] - moment for key, moment in closed_at.items()]
    return FirstByte(
        closes=len(days),
        within_seconds=round(last - min(closed_at.values()), 1),
        median=round(statistics.median(waited), 3),
        percentile_99=round(statistics.quantiles(waited, n=100, method="inclusive")[98], 3),
        last_delivered=round(until_delivered, 2),
    )


def _close_in_time(place: Stores, days: Sequence[BusinessDay], pause: float, *, tell: Callable[[str], None]) -> dict[str, float]:
    """Close one day after the other, one each `pause`; return by key when each close was over."""
    closed_at: dict[str, float] = {}
    started = time.monotonic()
    for number, day in enumerate(days):
        time.sleep(max(0.0, started + number * pause - time.monotonic()))
        delivery = place.close(day)
        closed_at[str(delivery.key)] = time.monotonic()
        if number % 100 == 0:
            tell(f"{number:,} / {len(days):,}")
    return closed_at


@contextmanager
def _worker(scratch: Scratch, receiver: BenchmarkReceiver, threads: int) -> Iterator[Watched]:
    WorkerSighting.objects.all().delete()
    log = scratch.folder / "worker.log"
    with running_worker(scratch.environment, receiver, log=log, options=["--threads", str(threads)]) as worker:
        _wait_until(WorkerSighting.any_alive)
        yield worker


def _delivered() -> int:
    return Delivery.objects.filter(state=State.DELIVERED).count()


def _wait_until(is_so: Callable[[], object]) -> None:
    """Look again and again. Raises TimeoutError when it takes so long that it never will."""
    until = time.monotonic() + GIVES_UP_AFTER
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(LOOKS_EVERY)
