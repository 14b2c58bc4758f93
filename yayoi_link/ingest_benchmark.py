"""How fast slips come in over the register API, on a database of the same kind made for it and thrown away again."""

from __future__ import annotations

import json
import resource
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from closing.slip_json import to_json
from stores.register_tokens import issue_token
from yayoi_link.benchmark_slips import FIRST_DAY, Chain, slip_of_day
from yayoi_link.scratch_database import scratch_database

HELP = gettext_lazy("レジAPIでの伝票の受け取り")
BATCHES = 20
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Measurement:
    """So many slips in batches of 1,000, each call its own transaction. `grown_kib` is what the process holds more at the end."""

    slips: int
    seconds: float
    cpu_seconds: float
    queries: int
    grown_kib: int

    def __str__(self) -> str:
        sentence = _(
            "伝票 %(slips)s件: 毎秒 %(rate)s件（%(seconds).1f 秒、CPU %(cpu).1f 秒）、1回のクエリー %(queries)s回、メモリーの増加 %(grown)s KiB"
        )
        return sentence % {
            "slips": f"{self.slips:,}",
            "rate": f"{self.slips / self.seconds:,.0f}",
            "seconds": self.seconds,
            "cpu": self.cpu_seconds,
            "queries": self.queries,
            "grown": f"{self.grown_kib:,}",
        }


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--batches", type=int, default=BATCHES, metavar="N", help=_("1,000件ずつ送る回数"))


def measure(*, batches: int = BATCHES, tell: Callable[[str], None], **_options: object) -> list[Measurement]:
    """Send batches of one day over one register's token, through everything but the socket. `tell` hears how far it is."""
    # The portal's own name and its redirect to TLS have nothing to do with what is measured.
    with scratch_database(), override_settings(ALLOWED_HOSTS=["localhost"], SECURE_SSL_REDIRECT=False):
        chain = Chain.found()
        register = chain.store(0).registers.get(number=1)
        client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {issue_token(register, by=chain.by)}"})
        # The first calls of a process fill Django's and the database's own caches.
        _send(client, 0)
        with CaptureQueriesContext(connection) as queries:
            _send(client, 1)
        asked = len(queries)
        tell(f"{batches} × {BATCH:,}")
        bodies = (_body(number) for number in range(2, 2 + batches))
        held, taken, used = _peak_kib(), 0.0, 0.0
        for body in bodies:
            started, cpu_before = time.perf_counter(), time.process_time()
            _post(client, body)
            taken, used = taken + time.perf_counter() - started, used + time.process_time() - cpu_before
        return [Measurement(batches * BATCH, round(taken, 3), round(used, 3), asked, _peak_kib() - held)]


def _send(client: Client, number: int) -> None:
    _post(client, _body(number))


def _body(number: int) -> str:
    contents = [to_json(slip_of_day(FIRST_DAY, each)) for each in range(number * BATCH, (number + 1) * BATCH)]
    for content in contents:
        del content["register"]
    return json.dumps({"slips": contents})


def _post(client: Client, body: str) -> None:
    answer = client.post("/api/v1/slips", body, content_type="application/json")
    if {result["status"] for result in answer.json()["results"]} != {"created"}:
        raise RuntimeError("a slip of the benchmark was not booked")


def _peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
