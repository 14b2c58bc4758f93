"""Makes the delivery of a closing, in the closing's own transaction; no network here.

What is foreseeable (a mapping missing, a character that Yayoi cannot hold, the link off) makes a held delivery.
"""

import hashlib
import uuid
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import F, Max
from django.db.models.functions import Now
from django.utils import timezone

from closing.models import BusinessDay, Closing
from closing.signals import Wish
from stores.models import Staff
from yayoi_link.booking import book, correct
from yayoi_link.journal import Journal, LeftOut
from yayoi_link.models import Delivery, JournalledDay, YayoiLink
from yayoi_link.payload import Batch, Mode, build_posting
from yayoi_link.presence import past_postings
from yayoi_link.states import SUPERSEDE, SUPERSEDE_BLOCKED, HoldReason, State

MODES = {Wish.DIFFERENCE: Delivery.Mode.DIFFERENCE}


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a closing can be posted now: the frozen bytes, or why not."""

    body: bytes | None = None
    row_count: int = 0
    # The date of the rows, where it is not the 営業日.
    posted_on: date | None = None
    left_out: tuple[LeftOut, ...] = ()
    hold_reason: HoldReason | str = ""
    hold_details: list[str] = field(default_factory=list)
    is_empty: bool = False
    # How long the store lets a fresh close wait.
    grace: timedelta = timedelta()


def make_delivery(closing: Closing, *, wish: Wish) -> Delivery:
    """Make the closing's delivery as wished. Older rows of the day of which nothing can be at Yayoi are superseded.

    Where something may be there, and nobody has said what to do, the new one is held for a decision. A close waits for the
    store's 送信猶予; one by which somebody sends a past day again does not, unless it replaces one that still waited.
    """
    waits = wish is Wish.SEND or Delivery.objects.of_day(closing.day).in_grace().exists()
    # Before the first close of a day there was nothing to send.
    something_is_there = closing.revision > 1 and _overtake(closing.day)
    return _create(
        closing,
        mode=MODES.get(wish, Delivery.Mode.FULL),
        waived=wish is Wish.NOTHING,
        waits=waits,
        hold_reason=HoldReason.AWAITING_DECISION if something_is_there and wish is Wish.SEND else "",
        trigger=Delivery.Trigger.CLOSE,
        by=closing.closed_by,
        at=closing.closed_at,
    )


def _overtake(day):
    # First of all: what comes back unsent in this moment then finds that it is overtaken, or is found unsent below.
    day.deliveries.update(is_current=False)
    supersede_unsent(day)
    return something_may_be_there(day)


def supersede_unsent(day: BusinessDay) -> int:
    """Take back what certainly is not at Yayoi. A worker on its way to the gate then finds its fence gone."""
    unsent = Delivery.objects.of_day(day)
    changes = {"fence": F("fence") + 1, "lease_until": None, "hold_reason": "", "hold_details": [], "is_current": False}
    return unsent.take(SUPERSEDE, **changes) + unsent.filter(gate_at=None).take(SUPERSEDE_BLOCKED, **changes)


def something_may_be_there(day: BusinessDay) -> bool:
    """Tell whether rows of the day are or may be at Yayoi, or a person once ruled on them: what no close takes back."""
    taken_back = SUPERSEDE.sources | {State.SUPERSEDED}
    left = Delivery.objects.of_day(day).exclude(state__in=taken_back).exclude(is_empty=True)
    return left.exclude(state__in=SUPERSEDE_BLOCKED.sources, gate_at=None).exists()


def is_alone_of_its_day(delivery: Delivery) -> bool:
    """Tell whether nothing else of the day is at Yayoi, nor waived by a person, who may have typed it in there.

    What was in flight when the day was closed again may have come back unsent since, or somebody has not found it at Yayoi.
    """
    others = Delivery.objects.of_day(delivery.day).exclude(pk=delivery.pk)
    is_settled_by_hand = others.filter(state=State.WAIVED, is_empty=False).exists() or _known_to_journal_only(delivery.day)
    return not is_settled_by_hand and not past_postings(delivery.day, besides=delivery)


def make_next_generation(delivery: Delivery, *, by: Staff, at: datetime, mode: str = "", counts_as_sent: bool = False) -> Delivery:
    """Make the next delivery of the same closing, with a key of its own. The caller has retired the old one.

    `counts_as_sent`: rows of the old one are at Yayoi, and 差分 is what is missing besides them.
    """
    return _create(
        delivery.closing,
        mode=mode or delivery.mode,
        generation=_next_generation(delivery.closing, mode or delivery.mode),
        replaced=None if counts_as_sent else delivery,
        trigger=Delivery.Trigger.RESEND,
        by=by,
        at=at,
    )


def change_mode(delivery: Delivery, mode: str) -> None:
    """Let a delivery that is not frozen send 全件 instead of 差分, or the other way round. The caller saves."""
    if delivery.mode != mode:
        delivery.mode, delivery.generation = mode, _next_generation(delivery.closing, mode)


def content_of(delivery: Delivery, *, replaced: Delivery | None = None) -> Journal | None:
    """Return what the delivery would post if it were frozen now; None when it is 差分 and nobody can say to what.

    `replaced` is the delivery in whose place it is being made: 差分 does not count it as sent.
    """
    closing = delivery.closing
    if delivery.mode == Delivery.Mode.FULL:
        return book(closing.figures, delivery.day, revision=closing.revision)
    correction = correct(closing.figures, delivery.day, revision=closing.revision, before=delivery, besides=replaced)
    return None if correction.obstacle else correction.journal


def prepare(delivery: Delivery, *, day_confirmed: bool = False, replaced: Delivery | None = None) -> Readiness:
    """Build the bytes of a delivery, or say what holds it.

    `day_confirmed`: somebody wants the day sent although it lies before 連携開始日, or the gate journal knows it. `replaced`: as
    in `content_of`.
    """
    day = delivery.day
    booked = content_of(delivery, replaced=replaced)
    if booked is None:
        return Readiness(hold_reason=HoldReason.AWAITING_DECISION)
    if booked.is_empty:
        return Readiness(is_empty=True, left_out=booked.left_out)
    link = _link_of(day)
    if reason := _link_reason(link, day, day_confirmed=day_confirmed):
        return Readiness(hold_reason=reason)
    if booked.missing:
        reason = HoldReason.UNWRITABLE_TEXT if any(item.character for item in booked.missing) else HoldReason.MAPPING_MISSING
        return Readiness(hold_reason=reason, hold_details=[f"{item.phrase} {item.character}".strip() for item in booked.missing])
    body = build_posting(booked, _batch(delivery))
    dated = next((entry.date for entry in booked.entries if entry.date != day.date), None)
    return Readiness(body, len(booked.entries), posted_on=dated, left_out=booked.left_out, grace=link.grace)


def what_holds(day: BusinessDay) -> HoldReason | str:
    """Return why a posting of the day would be held, apart from its content; empty when it would leave at once."""
    return _link_reason(_link_of(day), day, day_confirmed=False)


def _create(closing, *, mode, trigger, by, at, generation=1, hold_reason="", waived=False, waits=False, replaced=None):
    delivery = Delivery(day=closing.day, closing=closing, mode=mode, key=uuid.uuid4(), trigger=trigger, triggered_by=by, created_at=at)
    delivery.generation = generation
    ready = prepare(delivery, replaced=replaced)
    # A day that came to nothing while rows of it are at Yayoi is not done: somebody has to take them back.
    comes_to_nothing = ready.is_empty and not hold_reason
    if waived or comes_to_nothing:
        delivery.state, delivery.ended_at = State.WAIVED, at
    elif hold_reason or ready.hold_reason:
        delivery.state, delivery.hold_reason = State.HELD, hold_reason or ready.hold_reason
        delivery.hold_details = ready.hold_details
    else:
        # By the database's clock, as the worker looks: this machine's may be wrong.
        delivery.state, delivery.due_at = State.PENDING, Now() + ready.grace if waits and ready.grace else None
    if delivery.state == State.PENDING:
        freeze(delivery, ready)
    delivery.is_empty = ready.is_empty and delivery.state == State.WAIVED
    if delivery.is_empty:
        delivery.left_out = [asdict(line) for line in ready.left_out]
    delivery.save(force_insert=True)
    return delivery


def _next_generation(closing, mode):
    return (closing.deliveries.filter(mode=mode).aggregate(latest=Max("generation"))["latest"] or 0) + 1


def freeze(delivery: Delivery, ready: Readiness) -> None:
    """Put the bytes on the row; they never change afterwards. The caller saves."""
    delivery.body, delivery.row_count, delivery.posted_on = ready.body, ready.row_count, ready.posted_on
    delivery.body_sha256 = hashlib.sha256(ready.body).hexdigest()
    delivery.left_out = [asdict(line) for line in ready.left_out]


def _link_of(day):
    return YayoiLink.objects.select_related("store").filter(store=day.store_id).first()


def _link_reason(link, day, *, day_confirmed):
    if link is None or not link.has_link:
        return HoldReason.LINK_MISSING
    if not link.is_enabled:
        return HoldReason.LINK_OFF
    if not link.opens:
        return HoldReason.KEY_UNAVAILABLE
    return "" if day_confirmed else _day_reason(day, link)


def _day_reason(day, link):
    # First what may double: an OK to 連携開始日 must not let that pass too.
    if _known_to_journal_only(day):
        return HoldReason.KNOWN_TO_JOURNAL
    return HoldReason.BEFORE_START if link.starts_on and day.date < link.starts_on else ""


def _known_to_journal_only(day):
    return JournalledDay.objects.filter(company_code=day.store.company.code, store_code=day.store.code, date=day.date).exists()


def _batch(delivery):
    closing, day = delivery.closing, delivery.day
    return Batch(
        id=delivery.key,
        company_code=day.store.company.code,
        store_code=day.store.code,
        store_name=day.store.name,
        business_date=day.date,
        revision=closing.revision,
        generation=delivery.generation,
        mode=Mode(delivery.mode),
        closed_at=timezone.localtime(closing.closed_at),
    )
