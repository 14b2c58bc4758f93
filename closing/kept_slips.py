"""保留: what registers and files brought and could not be booked is kept, and a person decides. Nothing is ever dropped."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import batched
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from closing import slip_json
from closing.history import DayAction
from closing.intake import Booked, Booking, book_slips, judge_slips
from closing.models import KeptDecision, KeptSlip, Slip
from closing.slip_content import Problem, ProblemCode, SlipContent
from closing.slip_corrections import SlipRefused
from stores.audit import Origin
from stores.models import Store

CAUSES = {Booked.INVALID: KeptSlip.Cause.INVALID, Booked.CONFLICT: KeptSlip.Cause.CONFLICT}


DIGESTS_AT_ONCE = 500


class Sent(Protocol):
    """Something that a register sent, as 保留 keeps it."""

    raw: dict[str, Any]


class AlreadyDecided(Exception):
    """Somebody decided about the kept slip first."""


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """Something that a register sent and that is not booked: JSON as it came, and the slip that was understood of it."""

    received: dict[str, Any]
    cause: KeptSlip.Cause
    problems: Sequence[Problem]
    content: SlipContent | None = None
    kind: KeptSlip.Kind = KeptSlip.Kind.SLIP


@transaction.atomic
def keep(
    store: Store,
    received: dict[str, Any],
    *,
    source: KeptSlip.Source,
    cause: KeptSlip.Cause,
    problems: Iterable[Problem],
    by: Origin,
    content: SlipContent | None = None,
) -> KeptSlip:
    """Keep what came in as it came, with the slip that was understood of it; the same thing twice is kept once.

    `received` is JSON: the object that a register sent, or the cells of a line by column.
    """
    kept, _is_new = KeptSlip.objects.get_or_create(
        store=store,
        digest=_digest(received),
        defaults={
            "source": source,
            "cause": cause,
            "received": received,
            "content": content and slip_json.to_json(content),
            "problems": [list(problem) for problem in problems],
            "received_at": by.at,
        },
    )
    return kept


def keep_refused(store: Store, bookings: Sequence[Booking], *, source: KeptSlip.Source, by: Origin) -> list[KeptSlip]:
    """Keep every slip that `book_slips` would not book, and return them in its order."""
    return [
        keep(
            store,
            slip_json.to_json(booking.content),
            content=booking.content,
            source=source,
            cause=cause_of(booking),
            problems=booking.problems,
            by=by,
        )
        for booking in bookings
        if booking.status in CAUSES
    ]


def keep_all(store: Store, items: Iterable[RefusedItem], *, source: KeptSlip.Source, by: Origin) -> None:
    """Keep each item as `keep` does, in one statement for all of them."""
    kept = [
        KeptSlip(
            store=store,
            digest=_digest(item.received),
            source=source,
            kind=item.kind,
            cause=item.cause,
            received=item.received,
            content=item.content and slip_json.to_json(item.content),
            problems=[list(problem) for problem in item.problems],
            received_at=by.at,
        )
        for item in items
    ]
    KeptSlip.objects.bulk_create(kept, ignore_conflicts=True)


def earlier_kept(store: Store, items: Sequence[Sent]) -> list[KeptSlip | None]:
    """Return for each item what was kept of it before; nobody else decides about that until the transaction ends."""
    # Mostly there is nothing, and then nothing to digest either.
    if not KeptSlip.objects.filter(store=store).exists():
        return [None] * len(items)
    digests = [_digest(item.raw) for item in items]
    known = {}
    # One order for everybody who holds several, who books a kept slip included: kept rows first, then the store.
    for some in batched(sorted(set(digests)), DIGESTS_AT_ONCE):
        held = KeptSlip.objects.select_for_update(no_key=True).filter(store=store, digest__in=some).order_by("digest")
        known |= {kept.digest: kept for kept in held}
    return [known.get(digest) for digest in digests]


def mark_sent_again(kept: Iterable[KeptSlip]) -> None:
    """Take out of 保留 what was sent again and booked: nobody has to decide about it any more."""
    ids = [each.pk for each in kept]
    KeptSlip.objects.filter(pk__in=ids).waiting().update(state=KeptSlip.State.SENT_AGAIN)


def cause_of(booking: Booking) -> KeptSlip.Cause:
    """Say why a slip that was not booked is kept: for a locked month even where it has other problems too."""
    if any(problem.code is ProblemCode.MONTH_LOCKED for problem in booking.problems):
        return KeptSlip.Cause.LOCKED
    return CAUSES[booking.status]


def understood(kept: KeptSlip) -> SlipContent | None:
    """Return the slip that was kept, None for what could not be read."""
    return slip_json.from_json(kept.content) if kept.content else None


def problems_now(kept: KeptSlip, *, today: date) -> Sequence[Problem]:
    """Return what stands in the way of booking the kept slip as it is now; nothing when it can be booked."""
    content = understood(kept)
    if content is None:
        return kept.found_problems
    (booking,) = judge_slips(kept.store, [content], today=today)
    return booking.problems


@transaction.atomic
def book_kept(kept: KeptSlip, *, business_date: date, number: str, by: Origin, today: date) -> Slip:
    """Book the kept slip, under another 営業日 or number where it says so, and return the slip.

    Raises SlipRefused when a rule is still broken, and AlreadyDecided.
    """
    content = replace(understood(kept), business_date=business_date, number=number)
    _decide(kept, KeptSlip.State.BOOKED)
    (booking,) = book_slips(kept.store, [content], by=by, today=today)
    if booking.status not in (Booked.CREATED, Booked.UNCHANGED):
        raise SlipRefused(booking.problems)
    slip = Slip.objects.get(
        register__store=kept.store, register__number=content.register_number, business_date=business_date, number=number
    )
    KeptDecision.objects.create(kept=kept, state=KeptSlip.State.BOOKED, slip=slip, by=by.actor, at=by.at)
    by.record(DayAction.KEPT_SLIP_BOOKED, store=kept.store, subject=business_date.isoformat(), changes={_("伝票番号"): number})
    return slip


@transaction.atomic
def discard_kept(kept: KeptSlip, *, reason: str, by: Origin) -> None:
    """Decide that the kept slip is not booked. It stays readable with who said so and why. Raises AlreadyDecided."""
    _decide(kept, KeptSlip.State.DISCARDED)
    KeptDecision.objects.create(kept=kept, state=KeptSlip.State.DISCARDED, reason=reason, by=by.actor, at=by.at)
    subject = (kept.content or {}).get("number", "")
    by.record(DayAction.KEPT_SLIP_DISCARDED, store=kept.store, subject=subject, changes={_("理由"): reason})


def _decide(kept, state):
    if not KeptSlip.objects.filter(pk=kept.pk).waiting().update(state=state):
        raise AlreadyDecided


def _digest(received):
    canonical = json.dumps(received, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
