"""税理士向け月次資料 as a job: asked for on the page of a month, made in pieces by a worker, downloaded from the job's page.

Until they are whole, the papers lie in a file of the process that makes them. Whoever takes the job over begins them anew, and
makes the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary, finalize

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from stores.access import Ability
from stores.audit import Origin
from stores.jobs import JobKind, keep_file, make_job, origin_of_job, register_kind, sees_its_stores
from stores.models import Job, Staff, Store
from yayoi_link.export_files import ZIP_TYPE
from yayoi_link.history import LinkAction
from yayoi_link.importfile import Dialect
from yayoi_link.monthly_papers.archive import Archive
from yayoi_link.monthly_papers.making import paper_count, papers_in_pieces
from yayoi_link.monthly_papers.scope import PapersScope, scope_for


@dataclass(frozen=True, slots=True)
class Making:
    """Papers in the making, for as long as the job is in hand under this fence."""

    fence: int
    scope: PapersScope
    archive: Archive
    pieces: Iterator[int]


_in_hand: WeakKeyDictionary[Job, Making] = WeakKeyDictionary()


def order_papers(scope: PapersScope, *, store: Store | None, product: str, by: Origin) -> Job:
    """Have the papers made for whoever asks, and return the job: the one in hand where the same is being made already."""
    wish = {
        "month": scope.month.isoformat(),
        "store": store.pk if store else None,
        "dialect": str(scope.dialect),
        "today": scope.today.isoformat(),
        "stores": [each.pk for each in scope.stores],
    }
    if same := papers_jobs(by.actor, scope.month).unfinished().filter(wish=wish).first():
        return same
    subject = f"{scope.month:%Y/%m} {store.name if store else ''}".strip()
    job = make_job(PAPERS, by=by, total=paper_count(scope), subject=subject, wish=wish)
    changes = {_("ファイル"): f"{scope.name}.zip", _("取り込む製品"): product}
    by.record(LinkAction.PAPERS_TAKEN, store=store, subject=f"{scope.month:%Y-%m}", changes=changes)
    return job


def papers_jobs(person: Staff, month: date) -> QuerySet[Job]:
    """Return the person's jobs that make papers of the month, the newest first."""
    return Job.objects.visible_to(person).filter(kind="monthly_papers", wish__month=month.isoformat()).order_by("-created_at", "-pk")


def advance(job: Job) -> int:
    """Write the next papers. Returns how many; 0 when all are written, or nothing of the month is the person's any more."""
    making = _in_hand.get(job)
    if making is None or making.fence != job.fence:
        making = _begin(job)
    if making is None:
        return 0
    with translation.override("ja"):
        return next(making.pieces, 0)


def _begin(job: Job) -> Making | None:
    scope = _scope_of(job)
    if scope is None:
        return None
    archive = Archive(scope.name)
    finalize(job, archive.close)
    making = _in_hand[job] = Making(job.fence, scope, archive, papers_in_pieces(scope, archive))
    job.own.update(progress=0, total=paper_count(scope))
    job.progress = 0
    return making


def _scope_of(job: Job) -> PapersScope | None:
    wish, person = job.wish, origin_of_job(job).actor
    store = Store.objects.visible_to(person).filter(pk=wish["store"]).first()
    if not person.is_active or (wish["store"] and store is None):
        return None
    day = date.fromisoformat
    return scope_for(person, day(wish["month"]), store=store, dialect=Dialect(wish["dialect"]), today=day(wish["today"]))


def finish(job: Job) -> dict[str, str]:
    """Keep the ZIP for its person, and return its name."""
    making = _in_hand.pop(job, None)
    if making is None:
        return {}
    name = f"{making.scope.name}.zip"
    with making.archive.finish() as file:
        keep_file(job, name=name, content_type=ZIP_TYPE, content=file.read(), at=origin_of_job(job).at)
    return {"file": name}


PAPERS = register_kind(
    JobKind(
        name="monthly_papers",
        title=lambda job: _("税理士向け月次資料"),
        ability=Ability.EXPORT,
        advance=advance,
        finish=finish,
        page=lambda job: "",
        can_be_cancelled=False,
        is_readable=sees_its_stores,
    )
)
