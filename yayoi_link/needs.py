"""What of the deliveries needs a person: everybody who sees them is told, with the button that is theirs."""

from collections.abc import Sequence

from django.db.models import Count, F, Max, Min
from django.urls import reverse
from django.utils.translation import gettext as _

from stores.access import Ability, may
from stores.needs import Finding, Gravity, Need, only_store, step_for, tells_needs
from yayoi_link.cause_words import cause_words
from yayoi_link.models import Delivery
from yayoi_link.models.labels import HOLD_REASONS
from yayoi_link.notices import REJECTED_OR_BLOCKED
from yayoi_link.state_words import CHIPS, MEANINGS, MENDED_IN_LINKS, meaning_of, short_step
from yayoi_link.states import HoldReason, State

# Held because somebody wanted it so.
WANTED = frozenset({HoldReason.LINK_MISSING, HoldReason.LINK_OFF, HoldReason.BEFORE_START})
# Of several days some may have been answered, and others never left.
MEANINGS_OF_MANY = {State.REJECTED: REJECTED_OR_BLOCKED}
# Of the rest it is a manager who decides.
CLERKS_MEND = {State.EXHAUSTED: Ability.RESEND_SAFELY, State.REJECTED: Ability.RESEND_SAFELY}
GRAVITIES = {
    State.UNKNOWN: Gravity.BOOKS_UNCERTAIN,
    State.UNVERIFIED: Gravity.BOOKS_UNCERTAIN,
    State.REJECTED: Gravity.BOOKS_INCOMPLETE,
    State.EXHAUSTED: Gravity.BOOKS_INCOMPLETE,
    State.HELD: Gravity.DECISION_WANTED,
}


@tells_needs
def deliveries(person, at):
    """Yield what does not get on without somebody, one need per state and reason."""
    groups = _groups(Delivery.objects.visible_to(person).needing_a_person().order_by())
    examples = Delivery.objects.filter(pk__in=[rows[0]["delivery"] for rows in groups.values()]).with_history().defer("body").in_bulk()
    for (state, reason), rows in groups.items():
        yield _need(person, state, reason, rows, examples[rows[0]["delivery"]])


def _groups(waiting):
    """What waits, store by store, under its state and the reason of its hold."""
    named = {"store_pk": F("day__store"), "store_code": F("day__store__code"), "store_name": F("day__store__name")}
    spans = {"count": Count("pk"), "oldest": Min("day__date"), "latest": Max("day__date"), "delivery": Min("pk")}
    groups = {}
    for row in waiting.values("state", "hold_reason", **named).annotate(**spans).order_by("state", "hold_reason", "store_code", "store_pk"):
        groups.setdefault((State(row.pop("state")), row.pop("hold_reason")), []).append(row)
    return groups


def _need(person, state, reason, rows, example):
    chip = CHIPS[state]
    findings = [Finding(**{name: value for name, value in row.items() if name != "delivery"}) for row in rows]
    page = _page(person, state, reason, findings, example.pk)
    gravity = Gravity.ON_HOLD if reason in WANTED else GRAVITIES[state]
    cause = _said(example, is_alone=is_one_day(findings))
    button = {"page": page} | step_for(person, CLERKS_MEND.get(state, Ability.RESEND_DOUBLED), short_step(state, reason))
    name = f"{state} {reason}".strip()
    return Need(name, gravity, chip.word, chip.icon, chip.look, cause, findings=tuple(findings), **button)


def _said(delivery, *, is_alone):
    """Why it does not get on, and what that means for the books; of many days what is true of them all."""
    meaning = meaning_of(delivery) if is_alone else MEANINGS_OF_MANY.get(delivery.state, MEANINGS[delivery.state])
    why = HOLD_REASONS.get(delivery.hold_reason) or (cause_words(delivery.last_outcome) if is_alone else "")
    return _("%(why)s。%(meaning)s") % {"why": why, "meaning": meaning} if why else meaning


def _page(person, state, reason, findings, delivery):
    if reason in MENDED_IN_LINKS and may(person, Ability.EDIT_LINKS):
        return reverse("yayoi_link:edit_links")
    if is_one_day(findings):
        return reverse("yayoi_link:delivery", args=[delivery])
    return f"{reverse('yayoi_link:deliveries')}?period=all&store={only_store(findings)}&state={state}"


def is_one_day(findings: Sequence[Finding]) -> bool:
    """Whether it is about a single business day, of which more can be said than of many."""
    return sum(finding.count for finding in findings) == 1
