"""Work in pieces: every app registers the kinds of job that it has, and a worker runs them.

The rows are the truth. Each piece commits together with the job's progress, so a worker that dies at any instruction
loses at most the piece in hand, and its successor does nothing twice.
"""

import contextlib
import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import Error, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.functional import Promise

from stores.access import Ability
from stores.audit import AuditAction, Origin
from stores.models import Job, JobFile, Staff, Store
from stores.models.jobs import LEASE, MOST_VAIN_RUNS, RESTS_AFTER_ERROR

# Without it SQLite starves everyone else who wants to write.
PAUSE_SECONDS = 0.02

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of job.

    `advance` does the next piece and returns how many of the job's `total` that was, 0 when nothing is left; it runs inside the
    transaction that saves the progress, so it must not talk to the network and should take well under a second. `finish` returns
    the job's result and may `keep_file`. `title` names the work, `page` gives the address where its result is explained
    (empty: the job's own page says it all). `is_readable` is asked at each download: may its person still see what is in the file?
    """

    name: str
    title: Callable[[Job], str | Promise]
    ability: Ability
    advance: Callable[[Job], int]
    finish: Callable[[Job], dict]
    page: Callable[[Job], str]
    can_be_cancelled: bool = True
    is_readable: Callable[[Job, Staff], bool] = lambda job, reader: True


KINDS: dict[str, JobKind] = {}


def register_kind(kind: JobKind) -> JobKind:
    """Let the worker run jobs of this kind. Its app calls this when it loads."""
    KINDS[kind.name] = kind
    return kind


def kind_of(job: Job) -> JobKind | None:
    """Return the job's kind; None for one that an older version of the portal knew."""
    return KINDS.get(job.kind)


def title_of(job: Job) -> str | Promise:
    kind = kind_of(job)
    return kind.title(job) if kind else job.kind


def named(job: Job) -> str:
    """Return what the job does to what, in Japanese, as 操作履歴 reads for everybody."""
    with translation.override("ja"):
        return f"{title_of(job)} {job.subject}".strip()


def make_job(kind: JobKind, *, by: Origin, total: int, subject: str = "", wish: dict | None = None, state: str = Job.State.WAITING) -> Job:
    """Make a job of `total` rows for whoever asks; `wish` (JSON) is what the kind needs to know. A draft waits for a yes."""
    return Job.objects.create(
        kind=kind.name,
        company=by.actor.company,
        actor=by.actor,
        address=by.address,
        subject=subject[:200],
        wish=wish or {},
        state=state,
        total=total,
        created_at=by.at,
    )


def keep_file(job: Job, *, name: str, content_type: str, content: bytes, at: datetime, role: str = JobFile.Role.MADE) -> JobFile:
    """Keep a file for a week: what the job reads, or what its person downloads."""
    return JobFile.objects.create(job=job, role=role, name=name, content_type=content_type, content=content, created_at=at)


def sees_its_stores(job: Job, reader: Staff) -> bool:
    """Tell whether the reader still sees every store that the job's `wish` names: for kinds whose file is about these."""
    stores = job.wish["stores"]
    return Store.objects.visible_to(reader).filter(pk__in=stores).count() == len(stores)


def note_seen(*jobs: Job) -> None:
    """Their person is shown these jobs: of those that have ended no page tells any more."""
    if unseen := [job.pk for job in jobs if job.finished_at and not job.seen_at]:
        Job.objects.filter(pk__in=unseen, seen_at=None).update(seen_at=Now())


def cancel_job(job: Job, *, by: Origin) -> bool:
    """Let the job end where it is: what it has done stays done. Returns whether it was still to be stopped."""
    kind = kind_of(job)
    if kind is None or not kind.can_be_cancelled:
        return False
    with transaction.atomic():
        if not _end(job, Job.State.CANCELLED):
            return False
        by.record(AuditAction.JOB_CANCELLED, subject=named(job))
    return True


def _end(job, state):
    """Let the job end where it is, and keep what came of it so far; False where it had ended already."""
    if not Job.objects.filter(pk=job.pk).unfinished().update(state=state, finished_at=timezone.now(), fence=F("fence") + 1):
        return False
    job.refresh_from_db()
    if (kind := kind_of(job)) and kind.can_be_cancelled:
        Job.objects.filter(pk=job.pk).update(result=kind.finish(job))
    return True


def run_job(job_id: int, *, turn: Callable = transaction.atomic, is_stopping: Callable[[], bool] = lambda: False) -> str | None:
    """Run the job to its end, piece by piece. Returns the state it then has, None when it was not to be had.

    May be called twice or not at all by whatever calls it. `turn` begins the transaction of a piece; `is_stopping` is asked
    between two pieces: a job that is stopped so is taken up again where it was.
    """
    job = take_up(job_id, turn)
    if job is None:
        return None
    state = Job.State.RUNNING
    while state == Job.State.RUNNING and not is_stopping():
        state = next_piece(job, turn)
        time.sleep(PAUSE_SECONDS)
    if state == Job.State.RUNNING:
        job.own.update(lease_until=Now())
    return state


def take_up(job_id: int, turn: Callable) -> Job | None:
    """Claim a due job by compare-and-set, with a lease and the next fence. None: not due, or given up here."""
    taken_up = {"state": Job.State.RUNNING, "fence": F("fence") + 1, "lease_until": Now() + LEASE, "vain_runs": F("vain_runs") + 1}
    with turn():
        if not Job.objects.filter(pk=job_id).due().update(**taken_up):
            return None
        job = Job.objects.select_related("company", "actor").get(pk=job_id)
        if kind_of(job) is None or job.vain_runs > MOST_VAIN_RUNS:
            job.own.update(state=Job.State.FAILED, finished_at=timezone.now())
            return None
        job.started_at = job.started_at or timezone.now()
        job.own.update(started_at=job.started_at)
    return job


def next_piece(job: Job, turn: Callable) -> str | None:
    """Do the next piece of a job in hand. Returns the state it then has, None when it is no longer in hand."""
    try:
        with turn():
            return _advance(job, kind_of(job))
    except Exception as failure:  # of whatever kind of job: it is tried again later, and given up when it never gets on
        place = traceback.extract_tb(failure.__traceback__)[-1]
        logger.error("Job %s (%s): unexpected %s at %s:%s", job.pk, job.kind, type(failure).__name__, place.name, place.lineno)
        with contextlib.suppress(Error):
            job.own.update(lease_until=Now() + RESTS_AFTER_ERROR)
        return None


def _advance(job, kind):
    """One piece and its progress. Writing to the job's row first keeps a cancelled job, or one taken over, from going on."""
    if not job.own.update(lease_until=Now() + LEASE, vain_runs=0):
        return None
    if done := kind.advance(job):
        job.own.update(progress=F("progress") + done)
        job.progress += done
        return Job.State.RUNNING
    job.own.update(state=Job.State.DONE, finished_at=timezone.now(), result=kind.finish(job))
    return Job.State.DONE


def end_unfinished() -> int:
    """End every job that has not ended, in a database that comes from a backup: how far it has really come, nobody knows.

    Returns how many. The person begins anew with the rest, from a preview of what is so now; one that nobody had said yes to
    is forgotten, because what it shows is no longer so.
    """
    Job.objects.filter(state=Job.State.DRAFT).delete()
    return sum(_end(job, Job.State.RESTORED) for job in Job.objects.unfinished().order_by("pk"))


def clear_away() -> None:
    """Delete files that are too old, and drafts to which nobody has said yes."""
    JobFile.objects.too_old().delete()
    Job.objects.drafts_nobody_wants().delete()


def origin_of_job(job: Job) -> Origin:
    """Whose doing the job's work is: the person who asked for it, now, from where it was asked for."""
    return Origin(Staff.objects.select_related("company").get(pk=job.actor_id), timezone.now(), job.address)
