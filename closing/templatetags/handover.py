"""引継メモ on TOP and at レジ業務."""

from datetime import timedelta

from django import template
from django.db.models import Q
from django.utils import timezone

from closing.access import stores_of_visitor, visible_notes
from closing.forms.handover import HandoverForm
from stores.access import Ability, may

register = template.Library()

KEPT_IN_SIGHT = timedelta(days=3)
SHOWN = 10


@register.inclusion_tag("closing/handover_notes.html", takes_context=True)
def handover_notes(context, *, till_day=None, is_written_elsewhere=False):
    """What the shifts before have left: what nobody has confirmed, and folded away what was confirmed lately.

    `till_day`: the 営業日 that the till shows, to which the buttons lead back. `is_written_elsewhere`: new ones on their own page.
    """
    request = context["request"]
    stores = stores_of_visitor(request)
    lately = Q(confirmed_at=None) | Q(confirmed_at__gte=timezone.now() - KEPT_IN_SIGHT)
    notes = list(visible_notes(request).standing().filter(lately).with_people().order_by("confirmed_at", "-written_at", "-pk"))
    waiting = [note for note in notes if not note.is_confirmed]
    may_write = may(request.user, Ability.WRITE_NOTES)
    return {
        "waiting": waiting[:SHOWN],
        "confirmed": [note for note in notes if note.is_confirmed][:SHOWN],
        "left_out": max(0, len(waiting) - SHOWN),
        "may_write": may_write,
        "form": HandoverForm(stores=stores) if may_write and not is_written_elsewhere else None,
        "till_day": till_day,
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("closing/notes_waiting.html", takes_context=True)
def notes_waiting(context):
    """At the head of the till: that there are notes below which nobody has confirmed."""
    return {"waiting": visible_notes(context["request"]).unconfirmed().count()}
