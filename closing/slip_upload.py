"""CSV取込: an uploaded slip file is checked whole, shown to its person, and written only after a yes.

Both are jobs of the worker. The file is a row that belongs to the check and goes over to the loading, once; it is deleted
when it has been taken in, or when its person does not want that.
"""

from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from closing import history
from closing.history import DayAction
from closing.intake import Booked, book_slips
from closing.kept_slips import keep, keep_refused
from closing.models import BusinessDay, KeptSlip, SlipFileRemark
from closing.slip_content import SlipRow, assign_tender
from closing.slip_file import BadRow, count_lines, read_slips
from closing.slip_file_check import FileCheck
from closing.slip_loading import kinds_of
from stores.access import Ability, may
from stores.audit import Origin
from stores.jobs import JobKind, keep_file, make_job, origin_of_job, register_kind
from stores.models import Job, JobFile, Store

LINES_CHECKED_AT_ONCE = 500
# While a piece is written nobody else writes to SQLite, and nobody closes a day of the store on PostgreSQL.
SLIPS_WRITTEN_AT_ONCE = 250
LONGEST_FILE_NAME = 120
# A person decides about each of them: a file with more is corrected.
MOST_BAD_LINES_KEPT = 100

Fate = SlipFileRemark.Fate


class NoLongerThere(Exception):
    """The file is being taken in already, or it has been deleted."""


@transaction.atomic
def upload(store: Store, content: bytes, *, file_name: str, by: Origin) -> Job:
    """Keep a file whose header is right, and return the job that checks it. The books stay as they are."""
    SlipFileRemark.objects.without_file().delete()
    name = file_name[:LONGEST_FILE_NAME]
    wish = {"store": store.pk, "file": name}
    job = make_job(CHECK, by=by, total=count_lines(content), subject=f"{store.name} {name}", wish=wish)
    keep_file(job, name=name, content_type="text/csv", content=content, at=by.at, role=JobFile.Role.UPLOADED)
    return job


@transaction.atomic
def start_loading(check: Job, *, keeps_bad_lines: bool, by: Origin) -> Job:
    """Take in what the check has shown, and return the job that does it; `keeps_bad_lines` puts what is wrong into 保留.

    Raises NoLongerThere, also for a file that the check does not let in: of two clicks one starts it.
    """
    check.refresh_from_db()
    if not may_be_loaded(check, keeps_bad_lines=keeps_bad_lines):
        raise NoLongerThere
    loading = make_job(LOADING, by=by, total=check.total, subject=check.subject, wish=check.wish)
    if not uploaded_file(check).update(job=loading):
        raise NoLongerThere
    Job.objects.filter(pk=check.pk).update(result=check.result | {"loading": loading.pk})
    SlipFileRemark.objects.of(check).delete()
    changes = {_("ファイル"): check.wish["file"], _("行数"): check.total}
    by.record(DayAction.SLIP_UPLOAD_STARTED, store=_store_of(check), subject=check.wish["file"], changes=changes)
    return loading


def may_be_loaded(check: Job, *, keeps_bad_lines: bool) -> bool:
    """Tell whether the file may be taken in: it was read to its end, it has something new, and nothing in it is wrong or that is kept."""
    if check.state != Job.State.DONE or check.result["is_cut"]:
        return False
    counts = check.result["counts"]
    new = counts[Fate.NEW] + counts[Fate.KEPT]
    return bool(new) and counts[Fate.REFUSED] <= (MOST_BAD_LINES_KEPT if keeps_bad_lines else 0)


@transaction.atomic
def discard(check: Job) -> None:
    """Delete the file that was only looked at, with what was said about it."""
    uploaded_file(check).delete()
    SlipFileRemark.objects.of(check).delete()


def uploaded_file(job: Job):
    """Return the rows, one or none, that hold the job's uploaded file."""
    return JobFile.objects.of(job).filter(role=JobFile.Role.UPLOADED)


def _content(job):
    return bytes(uploaded_file(job).values_list("content", flat=True).get())


def _store_of(job):
    return Store.objects.select_related("company").get(pk=job.wish["store"])


def _in_hand(job: Job, begin):
    """What the job has read of the file stays with the worker that has it in hand; a successor begins for itself."""
    if not hasattr(job, "in_hand"):
        job.in_hand = begin(job)
    return job.in_hand


def _check_from_the_start(job):
    """Judging a line needs all lines before it, so a check that was broken off begins anew."""
    SlipFileRemark.objects.of(job).delete()
    job.own.update(progress=0)
    job.progress = 0
    return FileCheck(_store_of(job), _content(job), today=timezone.localdate(job.created_at))


def _advance_check(job: Job) -> int:
    lines, remarks = _in_hand(job, _check_from_the_start).look_at(LINES_CHECKED_AT_ONCE)
    for remark in remarks:
        remark.job = job
    SlipFileRemark.objects.bulk_create(remarks)
    return lines


def _finish_check(job: Job) -> dict[str, Any]:
    if hasattr(job, "in_hand"):
        return job.in_hand.found
    # Cancelled: what was half looked at is worth nothing.
    discard(job)
    return {}


def _rest_of_file(job):
    return read_slips(_content(job), skip=job.progress), kinds_of(_store_of(job))


def _advance_loading(job: Job) -> int:
    by, store = origin_of_job(job), _store_of(job)
    if not _may_load(by.actor, store):
        job.own.update(result=job.result | {"is_forbidden": True})
        return 0
    rows, kinds = _in_hand(job, _rest_of_file)
    piece = list(islice(rows, SLIPS_WRITTEN_AT_ONCE))
    slips = [assign_tender(row, kinds) for row in piece if isinstance(row, SlipRow)]
    bookings = book_slips(store, slips, by=by, today=timezone.localdate(by.at))
    kept = keep_refused(store, bookings, source=KeptSlip.Source.FILE, by=by)
    kept += [_keep_unreadable(store, row, by) for row in piece if isinstance(row, BadRow)]
    job.result = _with(job.result, bookings, kept=len(kept))
    job.own.update(result=job.result)
    return len(piece)


def _may_load(person, store):
    visible = Store.objects.visible_to(person).retail().in_use().filter(pk=store.pk)
    return person.is_active and may(person, Ability.LOAD_SLIPS) and visible.exists()


def _keep_unreadable(store, row, by):
    return keep(
        store, dict(row.cells), source=KeptSlip.Source.FILE, cause=KeptSlip.Cause.INVALID, problems=row.problems, by=by
    )  # fmt: skip


def _with(result, bookings, *, kept):
    """The job's result so far with one more piece: per 営業日 how many slips were created and how many were there already."""
    days = {day: dict(counts) for day, counts in result.get("days", {}).items()}
    for booking in bookings:
        if booking.status in (Booked.CREATED, Booked.UNCHANGED):
            counts = days.setdefault(booking.content.business_date.isoformat(), {"created": 0, "unchanged": 0})
            counts[booking.status.value] += 1
    return {"days": days, "kept": result.get("kept", 0) + kept}


def _finish_loading(job: Job) -> dict[str, Any]:
    """Delete the file, and write into 操作履歴 which days got how many slips."""
    uploaded_file(job).delete()
    job.refresh_from_db(fields=["result"])
    created = {date.fromisoformat(day): counts["created"] for day, counts in job.result.get("days", {}).items() if counts["created"]}
    by = origin_of_job(job)
    for day in BusinessDay.objects.filter(store=job.wish["store"], date__in=created).select_related("store__company").order_by("date"):
        changes = {_("ファイル"): job.wish["file"], _("件数"): created[day.date]}
        history.record(DayAction.SLIPS_LOADED, day, by=by, changes=changes)
    return job.result


def page_of(job: Job) -> str:
    """Return the address where the check, or what came of the loading, is shown."""
    return reverse("closing:slip_upload", args=[job.pk])


CHECK = register_kind(
    JobKind(
        name="slip_file_check",
        title=lambda job: _("伝票CSVの確認"),
        ability=Ability.LOAD_SLIPS,
        advance=_advance_check,
        finish=_finish_check,
        page=page_of,
    )
)
LOADING = register_kind(
    JobKind(
        name="slip_file_loading",
        title=lambda job: _("伝票CSVの取込"),
        ability=Ability.LOAD_SLIPS,
        advance=_advance_loading,
        finish=_finish_loading,
        page=page_of,
    )
)
