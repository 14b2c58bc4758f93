"""弥生インポート形式 of many days as a job: what takes longer than a page may is written in pieces by a worker, and downloaded later.

Until they are whole, the files lie in the worker's memory. Whoever takes the job over begins anew, and makes the same of the same days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import batched
from weakref import WeakKeyDictionary

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from stores.access import Ability
from stores.audit import Origin
from stores.jobs import JobKind, keep_file, make_job, origin_of_job, register_kind, sees_its_stores
from stores.models import Job, Staff, Store
from yayoi_link.day_contents import closings_numbered, closings_of_days, contents_of
from yayoi_link.export_files import zip_of
from yayoi_link.export_words import changes_in_words, refusals_in_words
from yayoi_link.exporting import Gathering
from yayoi_link.history import LinkAction
from yayoi_link.importfile import Dialect
from yayoi_link.mappings_of_period import MappingsOfPeriod

# More closed days than a page writes within a second or two.
MOST_DAYS_AT_ONCE = 1000
DAYS_PER_PIECE = 50
SAID_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Writing:
    """Files in the making, for as long as the job is in hand under this fence."""

    fence: int
    gathering: Gathering
    pieces: Iterator[tuple[int, ...]]
    mappings: MappingsOfPeriod


_in_hand: WeakKeyDictionary[Job, Writing] = WeakKeyDictionary()


def days_to_write(stores: QuerySet[Store], *, first: date, last: date) -> int:
    """Return how many closed days the period has: more than MOST_DAYS_AT_ONCE are no page's work."""
    return closings_of_days(stores, first=first, last=last).count()


def order_export(stores: QuerySet[Store], *, first: date, last: date, dialect: Dialect, store: Store | None, by: Origin) -> Job:
    """Have the files of the period written for whoever asks, and return the job: the one in hand where the same is written already."""
    wish = {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "dialect": str(dialect),
        "store": store.pk if store else None,
        "stores": list(stores.order_by("pk").values_list("pk", flat=True)),
    }
    if same := export_jobs(by.actor).unfinished().filter(wish=wish).first():
        return same
    total = days_to_write(stores, first=first, last=last)
    return make_job(
        EXPORT, by=by, total=total, subject=f"{first:%Y/%m/%d}～{last:%Y/%m/%d} {store.name if store else ''}".strip(), wish=wish
    )


def export_jobs(person: Staff) -> QuerySet[Job]:
    """Return the person's jobs of this kind, the newest first."""
    return Job.objects.visible_to(person).filter(kind="export_period").order_by("-created_at", "-pk")


def advance(job: Job) -> int:
    """Write the next days. Returns how many; 0 when all are written."""
    writing = _in_hand.get(job)
    if writing is None or writing.fence != job.fence:
        writing = _begin(job)
    some = next(writing.pieces, ())
    for content in contents_of(list(closings_numbered(some)), writing.mappings):
        writing.gathering.add(content)
    return len(some)


def _begin(job):
    days = list(closings_of_days(_stores(job), **_period(job)).values_list("pk", flat=True))
    mappings = MappingsOfPeriod(_stores(job), last=_period(job)["last"])
    job.own.update(progress=0, total=len(days))
    job.progress = 0
    writing = Writing(job.fence, Gathering(Dialect(job.wish["dialect"])), batched(days, DAYS_PER_PIECE), mappings)
    _in_hand[job] = writing
    return writing


def _stores(job):
    """What its person sees now, of what was asked for."""
    return Store.objects.visible_to(origin_of_job(job).actor).filter(pk__in=job.wish["stores"])


def _period(job):
    return {"first": date.fromisoformat(job.wish["first"]), "last": date.fromisoformat(job.wish["last"])}


def finish(job: Job) -> dict:
    """Keep the ZIP for its person, and return what has to be said of it; without a file where a day cannot be written."""
    writing = _in_hand.pop(job, None)
    if writing is None:
        return {}
    made, by = writing.gathering.export(), origin_of_job(job)
    with translation.override(by.actor.language or "ja"):
        said = {"refusals": refusals_in_words(made.refused)[:SAID_AT_MOST], "changes": changes_in_words(made)[:SAID_AT_MOST]}
    result = {"days": made.days, "rows": made.row_count, "files": len(made.parts), **said}
    if made.parts:
        _keep(job, made, by)
    return result


def _keep(job, made, by):
    store = Store.objects.filter(pk=job.wish["store"]).first()
    codes = [by.actor.company.code, *([store.code] if store else [])]
    download = zip_of(made.parts, codes=codes, dialect=Dialect(job.wish["dialect"]))
    keep_file(job, name=download.name, content_type=download.content_type, content=download.content, at=by.at)
    with translation.override("ja"):
        changes = {_("ファイル"): download.name, _("行数"): made.row_count}
        by.record(LinkAction.BOOKS_EXPORTED, store=store, subject=job.subject, changes=changes)


EXPORT = register_kind(
    JobKind(
        name="export_period",
        title=lambda job: _("弥生インポート形式"),
        ability=Ability.EXPORT,
        advance=advance,
        finish=finish,
        page=lambda job: reverse("yayoi_link:export_made", args=[job.pk]),
        is_readable=sees_its_stores,
    )
)
