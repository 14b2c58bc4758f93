"""連携の一括操作: what one button does to one delivery, done to many, as a job of the worker.

Each item is acted on as the preview showed it, by the same rulings and compare-and-sets as a single one. What has changed
since is reported as skipped; a restart goes on with the items that have no outcome yet.
"""

from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from closing.models import BusinessDay
from stores.access import Ability, may
from stores.audit import Origin
from stores.jobs import JobKind, keep_file, named, origin_of_job, register_kind
from stores.models import Job, Store
from stores.spreadsheet import csv_lines
from yayoi_link import rulings
from yayoi_link.bulk_preview import DOUBLING, BulkAct
from yayoi_link.history import LinkAction
from yayoi_link.models import BulkItem, Delivery
from yayoi_link.models.labels import HOLD_REASONS, STATES
from yayoi_link.presence import postings_there
from yayoi_link.rulings import StateChanged, StillHeld, TooEarly
from yayoi_link.states import HoldReason, State

# Few: while a piece is written, nobody else writes to SQLite.
ITEMS_AT_ONCE = 10

Outcome = BulkItem.Outcome


class ChosenMeanwhile(Exception):
    """What is chosen is not what the page showed, or the operation has been started already."""


def counts_of(job: Job) -> dict[str, int]:
    """Return how many items of each group are chosen: what a person says yes to."""
    chosen = BulkItem.objects.of(job).selectable().chosen().order_by()
    return dict(chosen.values_list("group").annotate(items=Count("pk")))


@transaction.atomic
def choose(job: Job, items, *, is_chosen: bool) -> int:
    """Choose the items, or choose them no longer. Raises ChosenMeanwhile once the operation has been started."""
    _keep_draft(job)
    return items.filter(job=job).selectable().update(is_chosen=is_chosen)


@transaction.atomic
def start(job: Job, *, seen: dict[str, int], answers: dict, by: Origin) -> None:
    """Let the worker act on what is chosen. `seen` is what the page showed of `counts_of`, `answers` what the act asks for.

    Raises ChosenMeanwhile; of two clicks one starts it.
    """
    _keep_draft(job)
    counts = counts_of(job)
    if counts != seen or not counts:
        raise ChosenMeanwhile
    total, wish = sum(counts.values()), job.wish | answers
    Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING, total=total, wish=wish, created_at=by.at, address=by.address)
    by.record(LinkAction.BULK_STARTED, subject=named(job), changes={gettext_lazy("件数"): total} | _reason(answers))


def _reason(answers):
    return {gettext_lazy("理由"): answers["reason"]} if answers.get("reason") else {}


def _keep_draft(job):
    if not Job.objects.filter(pk=job.pk, state=Job.State.DRAFT).update(state=Job.State.DRAFT):
        raise ChosenMeanwhile


def advance(job: Job) -> int:
    """Act on the next items. Returns how many; 0 when all have their outcome."""
    by = origin_of_job(job)
    known = ("delivery__day__store__company", "delivery__closing__day__store__company")
    items = BulkItem.objects.of(job).to_do().select_related(*known)[:ITEMS_AT_ONCE]
    stores = set(Store.objects.visible_to(by.actor).values_list("pk", flat=True)) if by.actor.is_active else set()
    for item in items:
        _act(item, job, by, is_visible=item.delivery.day.store_id in stores)
    return len(items)


def _act(item: BulkItem, job: Job, by: Origin, *, is_visible: bool) -> None:
    try:
        item.made = _ruled(item, job, by) if is_visible else None
    except StateChanged:
        item.outcome = Outcome.CHANGED
    except TooEarly:
        item.outcome = Outcome.TOO_EARLY
    except StillHeld as held:
        item.outcome, item.hold_reason = Outcome.HELD, held.reason
    else:
        item.outcome = _outcome(item)
    item.save(update_fields=["outcome", "hold_reason", "made"])


def _ruled(item, job, by):
    """Press the delivery's button; None when the person may not. Raises StateChanged unless it is as the preview showed it."""
    act, delivery = BulkAct(job.wish["act"]), item.delivery
    action = act.action_for(delivery)
    if action is None or (delivery.state, delivery.fence) != (item.state, item.fence):
        raise StateChanged
    if not may(by.actor, action.ability):
        return None
    made = _ruling(action.name, job.wish, item)(delivery, by=by)
    # In the same transaction, so that no worker takes it for a fresh close.
    Delivery.objects.filter(pk=made.pk, state=State.PENDING).update(priority=Delivery.Priority.BULK)
    return made


def _ruling(name: str, wish: dict, item: BulkItem) -> Callable[..., Delivery]:
    reason = wish.get("reason", "")
    return {
        "resend": rulings.resend,
        "resend_after_no": rulings.resend_after_no,
        "resend_doubled": rulings.resend_doubled,
        # Whoever chose the day in its group has said yes to it.
        "release": partial(rulings.release, day_confirmed=item.group != BulkItem.Group.SAFE),
        "settle": partial(rulings.settle, was_there=wish.get("was_there"), reason=reason),
        "waive": partial(rulings.waive, reason=reason),
    }[name]


def _outcome(item):
    if item.made is None:
        return Outcome.NOT_ALLOWED
    if item.made.state == State.HELD:
        item.hold_reason = item.made.hold_reason
        return Outcome.HELD
    return Outcome.DONE


def finish(job: Job) -> dict[str, int]:
    """Keep the result of each day as a CSV, and return how many days had which outcome."""
    content = "".join(csv_lines(_header(), _rows(job))).encode()
    keep_file(job, name=_("一括操作の結果") + ".csv", content_type="text/csv; charset=utf-8", content=content, at=origin_of_job(job).at)
    counts = BulkItem.objects.of(job).chosen().order_by().values_list("outcome").annotate(items=Count("pk"))
    return dict(counts)


def _header():
    return [_("営業日"), _("店舗コード"), _("店舗"), _("分類"), _("表示したときの状態"), _("結果"), _("理由"), _("終わったときの状態")]


def _rows(job):
    """Of each day only what is said of it: nobody else writes to SQLite while the result is written."""
    day = ("delivery__day__date", "delivery__day__store__code", "delivery__day__store__name")
    items = BulkItem.objects.of(job).chosen().order_by("pk")
    said = items.values_list(*day, "group", "state", "outcome", "hold_reason", "made__state", "delivery__state")
    for date, code, name, group, shown, outcome, reason, made, old in said.iterator(chunk_size=1000):
        yield [
            date.isoformat(),
            code,
            name,
            BulkItem.Group(group).label,
            STATES[State(shown)],
            Outcome(outcome).label if outcome else _("まだです"),
            HOLD_REASONS[HoldReason(reason)] if reason else "",
            STATES[State(made or old)],
        ]


def rows_that_double(job: Job) -> tuple[int, int]:
    """Return how many chosen days double or may double something at Yayoi, and how many rows are or may be there of them."""
    days = doubling_days(job)
    rows = postings_there().filter(day__in=days).aggregate(rows=Sum("row_count", default=0))["rows"]
    return days.count(), rows


def doubling_days(job: Job) -> QuerySet[BusinessDay]:
    """Return the chosen days of which rows are or may be at Yayoi, or hardly are."""
    items = BulkItem.objects.of(job).chosen().filter(group__in=DOUBLING)
    return BusinessDay.objects.filter(pk__in=items.values("delivery__day")).order_by("date", "store__code", "pk")


def title_of(job: Job) -> str:
    """Name the operation by its act."""
    return _("%(act)s（一括）") % {"act": BulkAct(job.wish["act"]).label}


BULK = register_kind(
    JobKind(
        name="bulk_rulings",
        title=title_of,
        ability=Ability.RESEND_SAFELY,
        advance=advance,
        finish=finish,
        page=lambda job: reverse("yayoi_link:bulk", args=[job.pk]),
    )
)
