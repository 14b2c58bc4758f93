"""How long check_books takes over many slips, on a database of the same kind made for it and thrown away again."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from closing.models import BusinessDay, Slip
from yayoi_link.benchmark_slips import Chain, gather_statistics
from yayoi_link.scratch_database import scratch_database

HELP = gettext_lazy("帳簿の検証（check_books）")
PER_DAY = 1_000
STORES = 50
DAYS_BETWEEN_REPORTS = 100


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run of check_books in a process of its own: `cpu_seconds` and `peak_mib` are that process's."""

    slips: int
    days: int
    seconds: float
    cpu_seconds: float
    peak_mib: int

    def __str__(self) -> str:
        sentence = _("伝票 %(slips)s件（%(days)s日）: %(seconds).1f 秒（CPU %(cpu).1f 秒）、メモリー %(peak)s MiB")
        return sentence % {
            "slips": f"{self.slips:,}",
            "days": f"{self.days:,}",
            "seconds": self.seconds,
            "cpu": self.cpu_seconds,
            "peak": self.peak_mib,
        }


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--slips", type=int, default=1_000_000, metavar="N", help=_("伝票数"))


def measure(*, slips: int, tell: Callable[[str], None], **_options: object) -> list[Measurement]:
    """Prove closed days of at least so many slips, each with a return. `tell` hears how far the making of them is."""
    with scratch_database() as scratch:
        chain = Chain.found()
        chain.fill(slips, per_day=min(PER_DAY, slips), stores=STORES, tell=tell)
        _close_all(chain, tell)
        gather_statistics()
        started = time.perf_counter()
        command = [sys.executable, "manage.py", "check_books"]
        subprocess.run(command, cwd=settings.BASE_DIR, env=scratch.environment, stdout=sys.stderr, check=True)
        seconds, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu_seconds, peak_mib = used.ru_utime + used.ru_stime, used.ru_maxrss // 1024
        return [Measurement(Slip.objects.count(), BusinessDay.objects.count(), round(seconds, 1), round(cpu_seconds, 1), peak_mib)]


def _close_all(chain: Chain, tell: Callable[[str], None]) -> None:
    # The last first: what is carried over is passed on to the days that are open already.
    days = BusinessDay.objects.select_related("store").order_by("-date", "pk")
    for number, day in enumerate(days, start=1):
        chain.take_back(day)
        chain.close(day)
        if number % DAYS_BETWEEN_REPORTS == 0:
            tell(_("%(days)s日を閉局しました") % {"days": f"{number:,}"})
