"""How long the close of a large day takes, on a database of the same kind made for it and thrown away again."""

from __future__ import annotations

import statistics
import time
import tracemalloc
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from closing.models import BusinessDay
from yayoi_link.benchmark_slips import BATCH, Chain, gather_statistics
from yayoi_link.scratch_database import scratch_database

HELP = gettext_lazy("閉局")
SIZES = (100, 1_000, 10_000, 100_000)
STORES = 100
# Of sizes up to 1,000; one of larger days, which take long to make.
CLOSES = 5


@dataclass(frozen=True, slots=True)
class Measurement:
    """One size of day, the median of its closes, each committed. `cpu_seconds` are this process's, `peak_kib` what Python held at once."""

    slips: int
    other_slips: int
    seconds: float
    cpu_seconds: float
    peak_kib: int
    queries: int

    def __str__(self) -> str:
        sentence = _("伝票 %(slips)s件: %(milliseconds).1f ミリ秒（CPU %(cpu).1f ミリ秒）、メモリー %(peak)s KiB、クエリー %(queries)s回")
        return sentence % {
            "slips": self.slips,
            "milliseconds": self.seconds * 1000,
            "cpu": self.cpu_seconds * 1000,
            "peak": self.peak_kib,
            "queries": self.queries,
        }


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, metavar="N", help=_("その営業日の伝票数"))
    parser.add_argument("--other-slips", type=int, default=0, metavar="N", help=_("ほかの営業日の伝票数"))


def measure(*, sizes: Sequence[int] = SIZES, other_slips: int = 0, tell: Callable[[str], None], **_options: object) -> list[Measurement]:
    """Close days of these sizes, over two registers, beside `other_slips` slips of other days. `tell` hears how far it is."""
    with scratch_database():
        chain = Chain.found()
        present = chain.fill(other_slips, per_day=min(BATCH, other_slips), stores=STORES, tell=tell)
        gather_statistics()
        return [_measure(chain, size, other_slips=present, tell=tell) for size in sizes]


def _measure(chain: Chain, size: int, *, other_slips: int, tell: Callable[[str], None]) -> Measurement:
    tell(f"{size:,}")
    # The first close of a process also fills Django's and the database's own caches.
    chain.close(chain.sell(1))
    day = chain.sell(size)
    peak_kib, queries = _watch(chain, day)
    runs = [_time(chain, day)]
    # One after the other: a close also looks after the days that are open already.
    runs += [_time(chain, chain.sell(size)) for _ in range(CLOSES - 1 if size <= 1_000 else 0)]
    seconds, cpu_seconds = map(statistics.median, zip(*runs, strict=True))
    return Measurement(size, other_slips, round(seconds, 4), round(cpu_seconds, 4), peak_kib, queries)


def _watch(chain: Chain, day: BusinessDay) -> tuple[int, int]:
    """Close a day for memory and queries, which slows it down, and take the close back."""
    with transaction.atomic():
        tracemalloc.start()
        with CaptureQueriesContext(connection) as queries:
            chain.close(BusinessDay.objects.get(pk=day.pk))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        transaction.set_rollback(True)
    return peak // 1024, len(queries)


def _time(chain: Chain, day: BusinessDay) -> tuple[float, float]:
    started, cpu_before = time.perf_counter(), time.process_time()
    chain.close(day)
    return time.perf_counter() - started, time.process_time() - cpu_before
