"""営業日の付け替え of a large closed day as a job: hundreds of slips are taken back and booked anew, longer than a page may take.

It stays one transaction, all or nothing: half a move would leave the cash of one drawer on two days. So it has no pieces, and cannot
be stopped once it runs. It moves exactly what its person saw, or nothing.
"""

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from closing.models import BusinessDay
from closing.month_locks import MonthLocked
from closing.moving_slips import Movable, move_slips
from closing.slip_corrections import SlipRefused
from closing.slip_messages import sentence
from closing.trading_day import ChangedMeanwhile, FutureDate
from stores.access import Ability
from stores.audit import Origin
from stores.jobs import JobKind, make_job, origin_of_job, register_kind
from stores.models import Job

# Of a closed day; slips of one that was never closed are carried over by a few statements.
MOST_SLIPS_AT_ONCE = 100
CHANGED = _("依頼したあとに、伝票の登録や付け替えがありました。内容を確かめて、もう一度行ってください。")


def is_long_work(day: BusinessDay, seen: Movable) -> bool:
    """Tell whether the move is a worker's work and no page's."""
    return day.revision > 0 and seen.slips > MOST_SLIPS_AT_ONCE


def order_move(day: BusinessDay, *, since: datetime | None, to: date, seen: Movable, reason: str, by: Origin) -> Job:
    """Have a worker move what was `seen`; a move of the day that is in hand already is returned instead."""
    if same := Job.objects.visible_to(by.actor).unfinished().filter(kind="move_slips", wish__day=day.pk).first():
        return same
    wish = {"day": day.pk, "since": since and since.isoformat(), "to": to.isoformat(), "seen": asdict(seen), "reason": reason}
    return make_job(
        MOVE, by=by, total=seen.slips + seen.movements, subject=f"{day.store.name} {day.date:%Y/%m/%d} → {to:%Y/%m/%d}", wish=wish
    )


def _advance(job: Job) -> int:
    """Move it all, once."""
    if job.progress or "problem" in job.wish:
        return 0
    problem = _moved_or_problem(job)
    if problem:
        job.wish["problem"] = str(problem)
        return 0
    return job.total


def _moved_or_problem(job):
    """Undone whole where it is refused: the job's own row is written in the transaction around."""
    wish, by = job.wish, origin_of_job(job)
    day = BusinessDay.objects.visible_to(by.actor).select_related("store__company").filter(pk=wish["day"]).first()
    if day is None or not by.actor.is_active:
        return CHANGED
    since, seen = wish["since"] and datetime.fromisoformat(wish["since"]), Movable(**wish["seen"])
    asked = {"since": since, "to": date.fromisoformat(wish["to"]), "seen": seen, "reason": wish["reason"]}
    with translation.override(by.actor.language or "ja"):
        try:
            with transaction.atomic():
                move_slips(day, **asked, by=by, today=timezone.localdate())
        except (ChangedMeanwhile, FutureDate):
            return CHANGED
        except MonthLocked as refusal:
            return _("%(month)sは月次締め済みのため、移せません。") % {"month": f"{refusal.day:%Y/%m}"}
        except SlipRefused as refusal:
            return _("移せない伝票があります。%(problem)s") % {"problem": sentence(refusal.problems[0])}
    return ""


def _finish(job: Job) -> dict:
    if problem := job.wish.get("problem"):
        return {"problem": problem}
    return {"slips": job.wish["seen"]["slips"], "movements": job.wish["seen"]["movements"]}


def page_of(job: Job) -> str:
    return reverse("closing:moved", args=[job.pk])


MOVE = register_kind(
    JobKind(
        name="move_slips",
        title=lambda job: _("営業日の付け替え"),
        ability=Ability.MOVE_SLIPS,
        advance=_advance,
        finish=_finish,
        page=page_of,
        can_be_cancelled=False,
    )
)
