"""What people do with a delivery: send it again, look in Yayoi, decide, let it be. Each ruling is a Decision, written once.

Every function is a compare-and-set: of two clicks one acts, the other gets StateChanged.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from closing.models import BusinessDay
from stores.audit import Origin
from yayoi_link import history
from yayoi_link.history import LinkAction
from yayoi_link.models import Decision, Delivery
from yayoi_link.outbox import change_mode, freeze, make_next_generation, prepare
from yayoi_link.presence import past_postings, rows_doubled, rows_there
from yayoi_link.states import (
    NOTHING_SENT,
    RELEASE,
    RESEND,
    RESEND_AFTER_NO,
    RESEND_DOUBLED,
    RESEND_HELD,
    SEND_NOW,
    SETTLE,
    WAIVE,
    HoldReason,
    State,
    Step,
)

CHECKED_FROM = timedelta(minutes=10)
ABOUT_CONTENT = frozenset({HoldReason.MAPPING_MISSING, HoldReason.UNWRITABLE_TEXT})
# "72 hours from the first try since release" begins again.
ANEW = {"tries": 0, "first_tried_at": None}


class StateChanged(Exception):
    """Somebody or something was faster: the delivery is no longer where it was when the page was shown."""


class StillHeld(Exception):
    """What held the delivery is still there. `reason` says what."""

    def __init__(self, reason: HoldReason | str):
        super().__init__(str(reason))
        self.reason = reason


class TooEarly(Exception):
    """The bytes may still be on their way: whoever looks in Yayoi now may look too early."""


def is_surely_unsent(delivery: Delivery) -> bool:
    """Tell whether nothing of this delivery can be at Yayoi, so that sending it again is safe."""
    return delivery.state in NOTHING_SENT or (delivery.state == State.REJECTED and not delivery.passed_gate)


@transaction.atomic
def resend(delivery: Delivery, *, by: Origin) -> Delivery:
    """再連携 of what surely never arrived: same generation, same bytes, same key. Raises StateChanged."""
    # A refusal by the receiver itself leaves a gate behind; a definite no does too, and is not for this step.
    unsent = Delivery.objects.filter(pk=delivery.pk, is_current=True).exclude(state=State.REJECTED, gate_at__isnull=False)
    if reason := _closed_link(delivery.day.store):
        _take(unsent, delivery, RESEND_HELD, hold_reason=reason, **ANEW)
    else:
        now_and_first = {"due_at": None, "priority": Delivery.Priority.FRESH}
        _take(unsent, delivery, RESEND, trigger=Delivery.Trigger.RESEND, triggered_by=by.actor, **now_and_first, **ANEW)
    decide(delivery, Decision.Kind.RESEND, LinkAction.DELIVERY_RESENT, by=by)
    return _reread(delivery)


@transaction.atomic
def send_now(delivery: Delivery, *, by: Origin) -> Delivery:
    """今すぐ送信: do not wait for the end of 送信猶予. Raises StateChanged."""
    waiting = Delivery.objects.filter(pk=delivery.pk, is_current=True, due_at__isnull=False)
    _take(waiting, delivery, SEND_NOW, due_at=None)
    decide(delivery, Decision.Kind.SEND_NOW, LinkAction.DELIVERY_SENT_NOW, by=by)
    return _reread(delivery)


def _closed_link(store):
    link = getattr(store, "yayoi_link", None)
    if link is None or not link.has_link:
        return HoldReason.LINK_MISSING
    return "" if link.is_enabled else HoldReason.LINK_OFF


@transaction.atomic
def resend_after_no(delivery: Delivery, *, by: Origin) -> Delivery:
    """再連携 after the receiver answered no: usually, not surely, nothing is there. A new generation. Raises StateChanged."""
    _go_before_or_after_a_close(delivery)
    _retire(delivery, RESEND_AFTER_NO.sources)
    successor = make_next_generation(delivery, by=by.actor, at=by.at)
    decide(delivery, Decision.Kind.RESEND_AFTER_NO, LinkAction.DELIVERY_RESENT, by=by, successor=successor)
    return successor


@transaction.atomic
def resend_doubled(delivery: Delivery, *, by: Origin) -> Delivery:
    """重複を承知で再連携: everything once more, although it is or may be at Yayoi; 全件 after 差分 too. Raises StateChanged.

    The decision keeps how many rows the person was told would be double.
    """
    _go_before_or_after_a_close(delivery)
    _retire(delivery, RESEND_DOUBLED.sources)
    successor = make_next_generation(delivery, by=by.actor, at=by.at, mode=Delivery.Mode.FULL)
    decide(
        delivery,
        Decision.Kind.RESEND_DOUBLED,
        LinkAction.DELIVERY_RESENT_DOUBLED,
        by=by,
        successor=successor,
        rows_doubled=rows_doubled(past_postings(delivery.day, besides=successor)),
    )
    return successor


@transaction.atomic
def settle(delivery: Delivery, *, was_there: bool, reason: str, by: Origin) -> Delivery:
    """弥生で確認した: the rows are there (nothing more to do), or are not (a new generation is sent).

    Of an earlier posting, whose place another delivery has taken, only what is known changes. Returns the successor, else the
    delivery. Raises TooEarly within 10 minutes of the gate, and StateChanged.
    """
    is_to_be_sent = delivery.is_current and not was_there
    _settle(delivery, by=by, is_current=delivery.is_current and was_there)
    successor = make_next_generation(delivery, by=by.actor, at=by.at) if is_to_be_sent else None
    kind = Decision.Kind.FOUND if was_there else Decision.Kind.NOT_FOUND
    decide(delivery, kind, LinkAction.DELIVERY_SETTLED, by=by, reason=reason, successor=successor)
    return successor or _reread(delivery)


@transaction.atomic
def settle_in_part(delivery: Delivery, *, found_keys: Collection[str], reason: str, by: Origin) -> Delivery:
    """弥生で確認した, 一部だけあった: the rows with these keys are there and count; the rest is sent as a difference.

    Returns as `settle` does, and raises the same; ValueError unless the keys are some of the posting's rows but not all.
    """
    sent = {entry.key for entry in rows_there(delivery)}
    if not set(found_keys) < sent or not found_keys:
        raise ValueError("some rows, and not all of them")
    found = sorted(found_keys)
    _settle(delivery, by=by, is_current=False, found_keys=found)
    rest = _send_the_rest(delivery, by=by) if delivery.is_current else None
    decide(delivery, Decision.Kind.FOUND_IN_PART, LinkAction.DELIVERY_SETTLED, by=by, reason=reason, successor=rest, found_keys=found)
    return rest or _reread(delivery)


def _send_the_rest(delivery, *, by):
    return make_next_generation(delivery, by=by.actor, at=by.at, mode=Delivery.Mode.DIFFERENCE, counts_as_sent=True)


def _settle(delivery, *, by, **changes):
    if delivery.gate_at and by.at < delivery.gate_at + CHECKED_FROM:
        raise TooEarly
    _go_before_or_after_a_close(delivery)
    as_shown = Delivery.objects.filter(pk=delivery.pk, is_current=delivery.is_current)
    _take(as_shown, delivery, SETTLE, ended_at=by.at, **changes)


@transaction.atomic
def waive(delivery: Delivery, *, reason: str, by: Origin) -> Delivery:
    """送信不要: the day is not to be sent. Raises StateChanged, also when the day's next delivery has taken the place of this one."""
    _take(Delivery.objects.filter(pk=delivery.pk, is_current=True), delivery, WAIVE, hold_reason="", hold_details=[], ended_at=by.at)
    decide(delivery, Decision.Kind.WAIVE, LinkAction.DELIVERY_WAIVED, by=by, reason=reason)
    return _reread(delivery)


def release(delivery: Delivery, *, by: Origin, day_confirmed: bool = False) -> Delivery:
    """送信する: the cause of holding is gone, or the person has decided to send everything. Raises StillHeld and StateChanged.

    `day_confirmed`: sent although the day lies before 連携開始日, or the gate journal knows it. Bytes that were frozen before it
    was held stay as they are. The decision keeps how many rows will or may be double.
    """
    mode = Delivery.Mode.FULL if delivery.awaits_decision else delivery.mode
    return _release(delivery, Decision.Kind.RELEASE, mode, by=by, day_confirmed=day_confirmed)


def send_difference(delivery: Delivery, *, by: Origin, day_confirmed: bool = False) -> Delivery:
    """差分を送る, decided where it was asked what to send. Raises StillHeld when nobody knows to what, and StateChanged."""
    return _release(delivery, Decision.Kind.SEND_DIFFERENCE, Delivery.Mode.DIFFERENCE, by=by, day_confirmed=day_confirmed)


@transaction.atomic
def _release(delivery, kind, mode, *, by, day_confirmed):
    # The day's month may be locked in this moment, and a difference is dated by that.
    _go_before_or_after_a_close(delivery)
    if not delivery.is_frozen:
        change_mode(delivery, mode)
    ready = prepare(delivery, day_confirmed=day_confirmed)
    if ready.hold_reason and not (delivery.is_frozen and ready.hold_reason in ABOUT_CONTENT):
        raise StillHeld(ready.hold_reason)
    if ready.is_empty:
        return waive(delivery, reason=_("送る取引がありません"), by=by)
    if not delivery.is_frozen:
        freeze(delivery, ready)
    frozen = {name: getattr(delivery, name) for name in ("mode", "generation", "body", "body_sha256", "row_count", "posted_on", "left_out")}
    decided = {"hold_reason": "", "hold_details": [], "trigger": Delivery.Trigger.RELEASE, "triggered_by": by.actor}
    held = Delivery.objects.filter(pk=delivery.pk, is_current=True)
    _take(held, delivery, RELEASE, due_at=None, priority=Delivery.Priority.FRESH, **frozen, **decided, **ANEW)
    is_full = delivery.mode == Delivery.Mode.FULL
    doubled = rows_doubled(past_postings(delivery.day, besides=delivery)) if is_full else 0
    decide(delivery, kind, LinkAction.DELIVERY_RELEASED, by=by, rows_doubled=doubled)
    return _reread(delivery)


def _go_before_or_after_a_close(delivery):
    """Wait for the lock that a close takes first: both make the day's current delivery, and there is one."""
    BusinessDay.objects.select_for_update().get(pk=delivery.day_id)


def _take(rows, delivery, step: Step, **changes):
    if delivery.state not in step.sources or not rows.filter(state=delivery.state, fence=delivery.fence).take(step, **changes):
        raise StateChanged


def _retire(delivery, states):
    """Make room for the next generation. The state stays as it is: what is known of the rows does not change."""
    current = Delivery.objects.filter(pk=delivery.pk, is_current=True, state__in=states)
    if not current.filter(state=delivery.state, fence=delivery.fence).update(is_current=False):
        raise StateChanged


def decide(delivery, kind, action, *, by, reason="", successor=None, rows_doubled=0, found_keys=()):
    """Write down what a person has ruled, for the delivery's own history and for 操作履歴."""
    Decision.objects.create(
        delivery=delivery,
        kind=kind,
        actor=by.actor,
        state_before=delivery.state,
        reason=reason,
        rows_doubled=rows_doubled,
        found_keys=list(found_keys),
        successor=successor,
        at=by.at,
    )
    history.record(action, delivery, by=by, changes={gettext_lazy("理由"): reason} if reason else None)


def _reread(delivery):
    delivery.refresh_from_db()
    return delivery
