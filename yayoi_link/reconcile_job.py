"""照合 of a large 仕訳日記帳 as a job: what takes longer than a page may is read and compared in pieces by a worker.

The file is kept until the job has ended, and no longer. What was read of it lies in the worker's memory: whoever takes the job over
begins anew, and finds the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import batched, islice
from typing import Any
from weakref import WeakKeyDictionary

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from stores.access import Ability
from stores.audit import Origin
from stores.jobs import JobKind, keep_file, make_job, origin_of_job, register_kind, sees_its_stores
from stores.models import Job, JobFile, Staff, Store
from stores.spreadsheet import csv_lines
from yayoi_link.daybook import BadDaybookRow, DaybookRow, read_daybook
from yayoi_link.reconcile_words import header_of_lines, lines_of_day, lines_of_unsent, problem_in_words
from yayoi_link.reconciling import Comparison, ReconciledDay, record_reconciled, sorted_out

# A larger file is no page's work (bytes).
LARGEST_AT_ONCE = 1024 * 1024
ROWS_PER_PIECE = 5_000
STORES_PER_PIECE = 100
LINES_SHOWN = 200
BAD_ROWS_SHOWN = 50
LONGEST_FILE_NAME = 120


@dataclass(slots=True)
class Reconciling:
    """A 照合 in hand under this fence. `lines` are those that somebody has to look at, in words of the `language`."""

    fence: int
    language: str
    stores: QuerySet[Store]
    reading: Iterator[DaybookRow | BadDaybookRow]
    rows: list[DaybookRow] = field(default_factory=list)
    bad_rows: list[BadDaybookRow] = field(default_factory=list)
    comparison: Comparison | None = None
    pieces: Iterator[tuple[date, tuple[Store, ...]]] = iter(())
    counts: Counter[str] = field(default_factory=Counter)
    lines: list[tuple] = field(default_factory=list)


_in_hand: WeakKeyDictionary[Job, Reconciling] = WeakKeyDictionary()


@transaction.atomic
def order_reconciliation(
    content: bytes, *, file_name: str, stores: QuerySet[Store], first: date | None, last: date | None, store: Store | None, by: Origin
) -> Job:
    """Have the file compared for whoever asks, and return the job."""
    name = file_name[:LONGEST_FILE_NAME]
    wish = {
        "first": first.isoformat() if first else None,
        "last": last.isoformat() if last else None,
        "store": store.pk if store else None,
        "stores": list(stores.order_by("pk").values_list("pk", flat=True)),
    }
    job = make_job(RECONCILIATION, by=by, total=content.count(b"\n"), subject=name, wish=wish)
    keep_file(job, name=name, content_type="text/csv", content=content, at=by.at, role=JobFile.Role.UPLOADED)
    return job


def reconciliation_jobs(person: Staff) -> QuerySet[Job]:
    """Return the person's jobs of this kind, the newest first."""
    return Job.objects.visible_to(person).filter(kind="reconciliation").order_by("-created_at", "-pk")


def advance(job: Job) -> int:
    """Read the next rows, then compare the next stores and dates. Returns how many; 0 when all are compared."""
    work = _in_hand.get(job)
    if work is None or work.fence != job.fence:
        work = _begin(job)
    return _read(work) or _compare(job, work)


def _begin(job):
    content = bytes(_uploaded(job).values_list("content", flat=True).get())
    person = origin_of_job(job).actor
    stores = Store.objects.visible_to(person).filter(pk__in=job.wish["stores"])
    job.own.update(progress=0, total=content.count(b"\n"))
    job.progress = 0
    work = _in_hand[job] = Reconciling(job.fence, person.language or "ja", stores, read_daybook(content))
    return work


def _uploaded(job):
    return JobFile.objects.of(job).filter(role=JobFile.Role.UPLOADED)


def _read(work):
    rows, bad_rows = sorted_out(islice(work.reading, ROWS_PER_PIECE))
    work.rows += rows
    work.bad_rows += bad_rows
    return len(rows) + len(bad_rows)


def _compare(job, work):
    if work.comparison is None and work.rows:
        _begin_to_compare(job, work)
    day, stores = next(work.pieces, (None, ()))
    if stores:
        for found in work.comparison.days_of(stores, first=day, last=day):
            _tell(work, found)
    return len(stores)


def _begin_to_compare(job, work):
    given = {name: job.wish[name] and date.fromisoformat(job.wish[name]) for name in ("first", "last")}
    comparison = work.comparison = Comparison(work.rows, **given)
    stores, dates = list(work.stores.order_by("code", "pk")), comparison.dates_to_compare(work.stores)
    work.pieces = ((day, some) for day in dates for some in batched(stores, STORES_PER_PIECE))
    job.own.update(total=job.progress + len(dates) * len(stores))


def _tell(work: Reconciling, found: ReconciledDay) -> None:
    """Keep of a day what is said of it, and not its rows."""
    work.counts.update(finding.match.value for finding in found.findings.findings)
    with translation.override(work.language):
        work.lines += lines_of_day(found)


def finish(job: Job) -> dict[str, Any]:
    """Delete the file, keep what has to be looked at as another one, and return what the page says."""
    _uploaded(job).delete()
    work = _in_hand.pop(job, None)
    if work is None:
        return {}
    with translation.override(work.language):
        said = {"bad_rows": [problem_in_words(bad) for bad in work.bad_rows[:BAD_ROWS_SHOWN]], "bad_row_count": len(work.bad_rows)}
        return said | (_finish_comparison(job, work) if work.comparison else {})


def _finish_comparison(job, work):
    result, by = work.comparison.result, origin_of_job(job)
    work.lines += lines_of_unsent(result.unsent)
    work.lines.sort(key=lambda line: line[:2])
    name = f"{_('照合結果')}_{result.first}_{result.last}.csv"
    content = "".join(csv_lines(header_of_lines(), work.lines)).encode()
    keep_file(job, name=name, content_type="text/csv; charset=utf-8", content=content, at=by.at)
    record_reconciled(result, store=Store.objects.filter(pk=job.wish["store"]).first(), by=by)
    return {
        "first": result.first.isoformat(),
        "last": result.last.isoformat(),
        "rows": result.row_count,
        "foreign": result.foreign,
        "counts": dict(work.counts),
        "lines": work.lines[:LINES_SHOWN],
        "line_count": len(work.lines),
    }


RECONCILIATION = register_kind(
    JobKind(
        name="reconciliation",
        title=lambda job: _("照合"),
        ability=Ability.RECONCILE,
        advance=advance,
        finish=finish,
        page=lambda job: reverse("yayoi_link:reconciled", args=[job.pk]),
        is_readable=sees_its_stores,
    )
)
