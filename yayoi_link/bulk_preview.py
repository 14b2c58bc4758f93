"""The preview of a bulk operation: each day's delivery as it is now, sorted by what acting on it would mean."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import batched

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from closing.models import BusinessDay
from stores.access import Ability, may
from stores.audit import Origin
from stores.jobs import JobKind, make_job
from stores.models import Job, Store
from yayoi_link.actions import ACTIONS, Action, action_named
from yayoi_link.booking import correct
from yayoi_link.models import BulkItem, Delivery, JournalledDay
from yayoi_link.presence import postings_there
from yayoi_link.rulings import CHECKED_FROM
from yayoi_link.states import IS_THERE, MAY_BE_THERE, NEEDS_A_PERSON, HoldReason, State

LONGEST = timedelta(days=400)
MOST_ITEMS = 50_000
ROWS_AT_ONCE = 500
# Of a delivery, where thousands are looked at: with all its columns each takes three times as long.
ASKED_ABOUT = ("state", "fence", "is_current", "hold_reason", "mode", "due_at", "gate_at", "day__date", "day__store")

Group = BulkItem.Group
DOUBLING = frozenset({Group.MAY_DOUBLE, Group.WILL_DOUBLE})
GROUP_OF_STATE = {
    State.RETRY_WAIT: Group.SAFE,
    State.EXHAUSTED: Group.SAFE,
    State.UNKNOWN: Group.MAY_DOUBLE,
    State.UNVERIFIED: Group.MAY_DOUBLE,
    State.DELIVERED: Group.WILL_DOUBLE,
    State.SETTLED: Group.WILL_DOUBLE,
}


class BulkAct(models.TextChoices):
    """What is done with many days at once; `actions` are the buttons of one delivery that it stands for."""

    RESEND = "resend", _("連携の再実行")
    RELEASE = "release", _("送信保留の解除")
    SETTLE = "settle", _("弥生で確認した")
    WAIVE = "waive", _("送信不要")

    @property
    def actions(self) -> tuple[Action, ...]:
        if self is BulkAct.RESEND:
            return tuple(action for action in ACTIONS if action.name in ("resend", "resend_after_no", "release", "resend_doubled"))
        return (action_named(self.value),)

    @property
    def ability(self) -> Ability:
        """The least that somebody must be able to do to begin; each delivery asks again for what it needs."""
        return Ability.RESEND_SAFELY if self is BulkAct.RESEND else self.actions[0].ability

    @property
    def sources(self) -> frozenset[State]:
        """The states in which a delivery may have one of its buttons."""
        return frozenset(state for action in self.actions for state in action.step.sources)

    @property
    def sends(self) -> bool:
        return self in (BulkAct.RESEND, BulkAct.RELEASE)

    def action_for(self, delivery: Delivery) -> Action | None:
        """Return the button of this delivery that the act presses; None when there is none."""
        return next((action for action in self.actions if action.is_possible(delivery)), None)


class TooManyDays(Exception):
    """More deliveries than one operation takes."""


def preview(kind: JobKind, act: BulkAct, stores: Iterable[Store], *, first: date, last: date, by: Origin) -> Job:
    """Keep what the act would meet from `first` to `last`, as a draft that waits for a yes. Only what is safe is chosen.

    Days on which nothing can be done are kept for 連携の再実行, so that the preview is whole. Written in pieces, so that nobody
    waits long for the database; a draft left half-way is never shown and deleted after a day. Raises TooManyDays.
    """
    subject = f"{_named(stores)} {first:%Y/%m/%d}～{last:%Y/%m/%d}"
    return _keep(kind, act, Delivery.objects.filter(day__store__in=stores, day__date__range=(first, last)), subject=subject, by=by)


def preview_of_days(kind: JobKind, act: BulkAct, days: QuerySet[BusinessDay], *, calendar: str, by: Origin) -> Job:
    """Keep the same of days that somebody chose one by one: what asks for a ruling only, and sends nothing, is chosen as well.

    `calendar` is the query of the page on which others can be chosen. Raises TooManyDays.
    """
    deliveries = Delivery.objects.filter(day__in=days)
    met = _current(act, deliveries).select_related("day__store").defer("body")
    chosen = [delivery.day for delivery in met] or list(days)
    dates = _first_of(f"{date:%Y/%m/%d}" for date in sorted({day.date for day in chosen}))
    subject = f"{_named({day.store for day in chosen})} {dates}"
    return _keep(kind, act, deliveries, subject=subject, by=by, ticked={Group.SAFE, Group.READY}, calendar=calendar)


def preview_of_rest(kind: JobKind, ended: Job, *, by: Origin) -> Job:
    """Keep, as `preview` does, what the act of an operation that ended before its end would meet now on the days it has not come to."""
    days = BulkItem.objects.of(ended).to_do().values("delivery__day")
    left = Delivery.objects.visible_to(by.actor).filter(day__in=days)
    return _keep(kind, BulkAct(ended.wish["act"]), left, subject=ended.subject, by=by)


def _keep(kind, act, deliveries, *, subject, by, ticked=frozenset({Group.SAFE}), **wish):
    found = list(_current(act, deliveries).values_list("pk", flat=True)[: MOST_ITEMS + 1])
    if len(found) > MOST_ITEMS:
        raise TooManyDays
    job = make_job(kind, by=by, total=len(found), subject=subject, wish={"act": act.value} | wish, state=Job.State.DRAFT)
    # Each once, and not again with each of its days.
    stores = Store.objects.filter(company=by.actor.company_id).select_related("company", "yayoi_link").in_bulk()
    for piece in batched(found, ROWS_AT_ONCE):
        BulkItem.objects.bulk_create([_item(job, act, delivery, by, ticked) for delivery in _seen(piece, stores)])
    return job


def _current(act: BulkAct, deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    current = deliveries.current()
    if act is not BulkAct.RESEND:
        current = current.filter(state__in=act.sources)
    return _in_order(current)


def _in_order(deliveries):
    return deliveries.order_by("day__date", "day__store__code", "pk")


def _seen(ids: Iterable[int], stores: Mapping[int, Store]) -> Iterator[Delivery]:
    """What `group_of` asks about, of deliveries that have not been replaced since they were found."""
    others = {"others_are_there": _others(IS_THERE), "others_may_be_there": _others(MAY_BE_THERE)}
    known = {"is_known_to_journal": Exists(JournalledDay.objects.of_deliveries())}
    seen = Delivery.objects.current().filter(pk__in=ids).annotate(**others, **known).select_related("day")
    for delivery in _in_order(seen.only(*ASKED_ABOUT)):
        delivery.day.store = stores[delivery.day.store_id]
        yield delivery


def _others(states):
    return Exists(postings_there(states).filter(day=OuterRef("day")).exclude(pk=OuterRef("pk")))


def _item(job, act, delivery, by, ticked):
    group = _group(act, delivery, by)
    return BulkItem(job=job, delivery=delivery, state=delivery.state, fence=delivery.fence, group=group, is_chosen=group in ticked)


def _group(act, delivery, by):
    action = act.action_for(delivery)
    if action is not None and may(by.actor, action.ability):
        return group_of(act, delivery, by=by)
    # Closed again since it was sent, and found to be the same: not only 対象外, there is nothing left to do.
    is_done = act is BulkAct.RESEND and delivery.state == State.WAIVED and delivery.others_are_there
    return Group.IDENTICAL if is_done and _is_identical(delivery) else Group.NOTHING


def group_of(act: BulkAct, delivery: Delivery, *, by: Origin) -> Group:
    """Say what acting on the delivery means for Yayoi's books. Takes deliveries on which the act is possible, as annotated here."""
    if not act.sends:
        is_too_early = act is BulkAct.SETTLE and delivery.passed_gate and by.at < delivery.gate_at + CHECKED_FROM
        return Group.TOO_EARLY if is_too_early else Group.READY
    if delivery.state == State.HELD:
        return _group_of_held(delivery)
    if delivery.state == State.REJECTED:
        return Group.MAY_DOUBLE if delivery.passed_gate else Group.SAFE
    return GROUP_OF_STATE[State(delivery.state)]


def _group_of_held(delivery):
    link = getattr(delivery.day.store, "yayoi_link", None)
    if link is None or not link.is_enabled:
        return Group.STILL_HELD
    # What the journal alone knows of may have said the same, also as 差分, or something else than what is known of.
    if delivery.is_known_to_journal:
        return Group.MAY_DOUBLE
    if delivery.awaits_decision and _is_identical(delivery):
        return Group.IDENTICAL
    if delivery.mode == Delivery.Mode.FULL or delivery.awaits_decision:
        if delivery.others_are_there:
            return Group.WILL_DOUBLE
        if delivery.others_may_be_there:
            return Group.MAY_DOUBLE
    return Group.BEFORE_START if link.starts_on and delivery.day.date < link.starts_on else Group.SAFE


def _is_identical(delivery):
    return correct(delivery.closing.figures, delivery.day, revision=delivery.closing.revision, before=delivery).is_identical


def _named(stores):
    return _first_of(store.name for store in sorted(stores, key=lambda store: store.code))


def _first_of(names):
    names = list(names)
    return "・".join(names[:3]) + ("…" if len(names) > 3 else "")


def held_for_links(stores: Iterable[Store]) -> dict:
    """Return how many deliveries (`days`) of stores whose link is on are still held because of it, from `first` to `last`.

    Of a longer time only what fits into one operation.
    """
    reasons = [HoldReason.LINK_MISSING, HoldReason.LINK_OFF, HoldReason.BEFORE_START, HoldReason.KEY_UNAVAILABLE]
    held = Delivery.objects.current().in_states([State.HELD]).filter(hold_reason__in=reasons)
    held = held.filter(day__store__in=stores, day__store__yayoi_link__is_enabled=True)
    last = held.aggregate(last=models.Max("day__date"))["last"]
    if last is None:
        return {"days": 0}
    held = held.filter(day__date__gt=last - LONGEST)
    return held.aggregate(days=models.Count("pk"), first=models.Min("day__date"), last=models.Max("day__date"))


def period_waiting(act: BulkAct, stores: Iterable[Store]) -> dict:
    """Return from when to when (`first`, `last`) deliveries of the stores wait for the act; empty when none does."""
    waiting = Delivery.objects.current().filter(state__in=act.sources & NEEDS_A_PERSON, day__store__in=stores)
    found = waiting.aggregate(first=models.Min("day__date"), last=models.Max("day__date"))
    if found["last"] is None:
        return {}
    return found | {"first": max(found["first"], found["last"] - LONGEST + timedelta(days=1))}
