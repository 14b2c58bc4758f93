"""What happened to a delivery, in the order in which it happened."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from stores.models import Staff
from yayoi_link.cause_words import cause_words, verdict_words
from yayoi_link.models import Attempt, Decision, Delivery, Outcome
from yayoi_link.state_words import Words
from yayoi_link.states import State

MADE_BY_CLOSING = frozenset({Decision.Kind.CLOSE_EVERYTHING, Decision.Kind.CLOSE_NOTHING, Decision.Kind.CLOSE_DIFFERENCE})


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    title: Words
    who: Staff | None = None
    details: tuple[Words, ...] = ()


def timeline(delivery: Delivery, *, shows_link: bool) -> list[Event]:
    """Return the delivery's events, the earliest first: how it was made, its tries, what came of them, what people ruled.

    `shows_link`: to a reader who may know host and last four characters of the link.
    """
    events = [_made(delivery), *_replaced(delivery)]
    for attempt in delivery.attempts.all():
        events.append(_tried(attempt, shows_link))
        events += [_ended(outcome) for outcome in attempt.outcomes.all()]
    events += [_ruled(decision) for decision in delivery.decisions.all()]
    return sorted(events, key=lambda event: event.at)


def _made(delivery):
    """By a close, or by a ruling on the delivery that it follows: neither generation nor trigger tells which."""
    ruling = Decision.objects.filter(successor=delivery).select_related("actor").first()
    chosen = (ruling.get_kind_display(),) if ruling else ()
    if ruling and ruling.kind not in MADE_BY_CLOSING:
        return Event(delivery.created_at, _("再連携のために作成"), ruling.actor, chosen)
    title = _("閉局（%(revision)s回目）で作成") % {"revision": delivery.closing.revision}
    return Event(delivery.created_at, title, delivery.closing.closed_by, chosen)


def _replaced(delivery):
    """A close that took it back has its place and time in the delivery that it made."""
    if delivery.state != State.SUPERSEDED:
        return []
    later = Delivery.objects.of_day(delivery.day).filter(closing__revision__gt=delivery.closing.revision)
    newer = later.select_related("closing__closed_by").order_by("pk").first()
    title = _("閉局（%(revision)s回目）で差し替え") % {"revision": newer.closing.revision}
    return [Event(newer.created_at, title, newer.closing.closed_by)]


def _tried(attempt: Attempt, shows_link):
    title = _("%(number)s回目の送信を開始（%(trigger)s）") % {"number": attempt.number, "trigger": attempt.get_trigger_display()}
    link = _("接続先 %(link)s（%(version)s版）") % {"link": attempt.link_shown, "version": attempt.link_version}
    return Event(attempt.started_at, title, attempt.actor, (link,) if shows_link else ())


def _ended(outcome: Outcome):
    title = verdict_words(outcome)
    if outcome.source == Outcome.Source.LATE:
        title = _("後から届いた応答: %(words)s") % {"words": title}
    seconds = "" if outcome.duration_ms is None else _("所要時間 %(seconds).1f秒") % {"seconds": outcome.duration_ms / 1000}
    return Event(outcome.at, title, details=tuple(filter(None, (cause_words(outcome), seconds))))


def _ruled(decision: Decision):
    details = [decision.reason]
    if decision.rows_doubled:
        details.append(_("重複すると知らせた行数: %(rows)s行") % {"rows": decision.rows_doubled})
    if decision.found_keys:
        details.append(_("弥生にあった行: %(rows)s行") % {"rows": len(decision.found_keys)})
    return Event(decision.at, decision.get_kind_display(), decision.actor, tuple(filter(None, details)))
