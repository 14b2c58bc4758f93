"""How long the server takes for each page of a large chain, on a database of the same kind made for it and thrown away again."""

from __future__ import annotations

import re
import statistics
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.db import connection
from django.db.models import F
from django.db.models.functions import Mod
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from closing.models import BusinessDay
from yayoi_link.benchmark_copies import copy_date
from yayoi_link.benchmark_slips import Chain, gather_statistics
from yayoi_link.models import Delivery
from yayoi_link.scratch_database import scratch_database
from yayoi_link.states import State

HELP = gettext_lazy("画面ごとのサーバーの時間")
STORES = 1_000
SLIPS = 1_000_000
SLIPS_PER_DAY = 20
TRIES = 5
LIMIT = 100  # milliseconds
LINK = re.compile(r'(?:href|hx-get)="([^"#]+)')
NOT_LOOKED_AT = {"stores:sign_out", "set_language"}
# One store in so many has a delivery of yesterday that needs a person.
TROUBLED = 50
# Of one in so many a drawer is off, by more than the tolerance (yen).
OFF_ONE, OFF_BY = 40, 1_000
TROUBLES = {0: State.UNKNOWN, 1: State.REJECTED, 2: State.EXHAUSTED}
PLAIN_FILES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@dataclass(frozen=True, slots=True)
class Measurement:
    """One page, or file, for one reader: its first call, the medians of later ones, all but the socket, and the queries of one."""

    page: str
    is_file: bool
    reader: str
    first_milliseconds: float
    milliseconds: float
    cpu_milliseconds: float
    queries: int
    kib: int

    @property
    def is_late(self) -> bool:
        """A page that keeps its reader waiting; a file comes as it is written."""
        return not self.is_file and self.milliseconds > LIMIT

    @property
    def verdict(self) -> str:
        return "－" if self.is_file else "×" if self.is_late else "○"

    def __str__(self) -> str:
        sentence = _(
            "%(verdict)s %(time)8.1f ミリ秒（CPU %(cpu)7.1f、初回%(first)8.1f）%(queries)4s クエリー %(kib)6s KiB  %(reader)s %(page)s"
        )
        return sentence % {
            "verdict": self.verdict,
            "time": self.milliseconds,
            "cpu": self.cpu_milliseconds,
            "first": self.first_milliseconds,
            "queries": self.queries,
            "kib": f"{self.kib:,}",
            "reader": self.reader,
            "page": self.page,
        }


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--stores", type=int, default=STORES, metavar="N", help=_("店舗数"))
    parser.add_argument("--slips", type=int, default=SLIPS, metavar="N", help=_("伝票数"))
    parser.add_argument("--only", nargs="+", default=(), metavar="PAGE", help=_("測る画面（例: top closing:days）"))


def measure(
    *, stores: int = STORES, slips: int = SLIPS, only: Sequence[str] = (), tell: Callable[[str], None], **_options: object
) -> list[Measurement]:
    """Call one page of each kind that links lead to, or `only` of these, at the portal and at レジ業務; the slowest first."""
    settings = {"ALLOWED_HOSTS": ["localhost"], "SECURE_SSL_REDIRECT": False, "STORAGES": PLAIN_FILES}
    with scratch_database(), override_settings(**settings):
        chain = _trade(stores, days=max(2, slips // (stores * SLIPS_PER_DAY)), tell=tell)
        found = [each for reader in _readers(chain) for each in _measure_pages(reader, set(only))]
        files = sum(each.is_file for each in found)
        counts = {"pages": len(found) - files, "late": sum(each.is_late for each in found), "limit": LIMIT, "files": files}
        tell(_("%(pages)s画面のうち%(late)s画面が%(limit)sミリ秒を超えました（×）。ほかに%(files)sファイルがあります（－）") % counts)
        return sorted(found, key=lambda each: -each.milliseconds)


def _trade(stores: int, *, days: int, tell: Callable[[str], None]) -> Chain:
    """Let all stores trade on as many dates: today they are open, before that closed, and yesterday's deliveries not all well."""
    today = timezone.localdate()
    chain = Chain.found()
    chain.dates = iter([today])
    chain.fill(stores * SLIPS_PER_DAY, per_day=SLIPS_PER_DAY, stores=stores, tell=tell)
    yesterday = today - timedelta(days=1)
    copy_date(today, yesterday)
    for number, day in enumerate(BusinessDay.objects.filter(date=yesterday).select_related("store__company").order_by("pk")):
        chain.close_counted(day, off=OFF_BY if number % OFF_ONE == 0 else 0)
    tell(_("%(days)s日を閉局しました") % {"days": f"{stores:,}"})
    for back in range(2, days):
        copy_date(yesterday, today - timedelta(days=back))
        tell(f"{back:,} / {days:,}")
    _deliver(yesterday)
    gather_statistics()
    return chain


def _deliver(yesterday: date) -> None:
    arrived = {"gate_at": F("created_at"), "ended_at": F("created_at"), "due_at": None}
    Delivery.objects.update(state=State.DELIVERED, **arrived)
    of_yesterday = Delivery.objects.filter(day__date=yesterday).annotate(turn=Mod("day__store", TROUBLED))
    for turn, state in TROUBLES.items():
        Delivery.objects.filter(pk__in=of_yesterday.filter(turn=turn).values("pk")).update(state=state)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: `home` is where the walk begins."""

    name: str
    client: Client
    home: str


def _readers(chain: Chain) -> Iterator[Reader]:
    """企業管理者, who sees all stores, and the same person at the till of one of them."""
    portal, till = (Client(SERVER_NAME="localhost") for _place in range(2))
    portal.force_login(chain.by.actor)
    yield Reader(_("管理画面"), portal, "/")
    till.force_login(chain.by.actor)
    session = till.session
    session["till_store"] = chain.store(0).pk
    session.save()
    yield Reader(_("レジ業務"), till, "/register/")


def _measure_pages(reader: Reader, only: set[str]) -> Iterator[Measurement]:
    """Walk over everything that a link leads to; one page of each kind."""
    ahead, seen = [reader.home], set()
    while ahead and not (only and only <= seen):
        address = ahead.pop(0)
        kind = _kind(address)
        if kind is None or kind in seen:
            continue
        started = time.perf_counter()
        answer = reader.client.get(address)
        _size_of(answer)
        took = time.perf_counter() - started
        if answer.status_code == 302:
            ahead.insert(0, urljoin(address, answer.url))
        if answer.status_code != 200:
            continue
        seen.add(kind)
        ahead += [urljoin(address, unescape(link)) for link in LINK.findall(_text(answer))]
        if not only or kind in only:
            yield _measure_page(kind, reader, address, first=took)


def _kind(address: str) -> str | None:
    place = urlsplit(address)
    try:
        kind = resolve(place.path).view_name
    except Resolver404:
        return None
    return None if place.netloc or kind in NOT_LOOKED_AT or kind.startswith("admin:") else kind


def _text(answer) -> str:
    is_page = answer.headers["Content-Type"].startswith("text/html") and not answer.streaming
    return answer.content.decode() if is_page else ""


def _measure_page(kind: str, reader: Reader, address: str, *, first: float) -> Measurement:
    with CaptureQueriesContext(connection) as queries:
        answer = reader.client.get(address)
        size, is_file = _size_of(answer), answer.has_header("Content-Disposition")
    # The next request empties the list.
    asked = len(queries)
    times = [_time(reader.client, address) for _try in range(TRIES)]
    seconds, cpu_seconds = map(statistics.median, zip(*times, strict=True))
    page = f"{kind} {address}"
    return Measurement(page, is_file, reader.name, *(round(each * 1000, 1) for each in (first, seconds, cpu_seconds)), asked, size // 1024)


def _time(client: Client, address: str) -> tuple[float, float]:
    started, cpu_before = time.perf_counter(), time.process_time()
    _size_of(client.get(address))
    return time.perf_counter() - started, time.process_time() - cpu_before


def _size_of(answer) -> int:
    """Read what was answered to its end, and return its size in bytes."""
    return sum(map(len, answer.streaming_content)) if answer.streaming else len(answer.content)
