"""取り込む: what the preview has shown is written, all of it or nothing."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from stores.audit import AuditAction, Origin
from stores.master_files.description import MasterFile, TakenMeanwhile
from stores.master_files.plan import CHANGED, FATES, NEW, UNCHANGED, Plan, plan_of
from stores.models import Staff


class ChangedSincePreview(Exception):
    """What the person has seen is no longer what would happen; nothing was written."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was written, and the initial passwords of new people, which are shown once and kept nowhere."""

    counts: dict[str, int]
    passwords: list[tuple[Staff, str]]


def take_in(file: MasterFile, content: bytes, *, name: str, seen: str, by: Origin) -> TakenIn:
    """Write what the file says of a master, if it is still what the preview with the digest `seen` has shown.

    Raises ChangedSincePreview, also where somebody else takes a code at this moment.
    """
    plan = plan_of(content, file, by.actor)
    if plan.digest != seen or not plan.may_be_taken_in:
        raise ChangedSincePreview
    # Before the transaction, in which the tills would wait for the hashing.
    ready = file.initial_password
    passwords = [(line.form.instance, ready(line.form.instance)) for line in plan.of(NEW)] if ready else []
    try:
        with transaction.atomic():
            if plan_of(content, file, by.actor, lock=True).digest != seen:
                raise ChangedSincePreview
            _write(plan, name=name, by=by)
    except (IntegrityError, TakenMeanwhile) as taken:
        raise ChangedSincePreview from taken
    return TakenIn(plan.counts, passwords)


def _write(plan: Plan, *, name: str, by: Origin) -> None:
    by.record(
        AuditAction.MASTER_FILE_TAKEN_IN,
        subject=str(plan.file.title),
        changes={_("ファイル"): name} | {FATES[fate]: plan.counts[fate] for fate in (NEW, CHANGED, UNCHANGED)},
    )
    for line in plan.of(NEW):
        plan.file.add(line.form, by)
    for line in plan.of(CHANGED):
        plan.file.change(line.form, by)
