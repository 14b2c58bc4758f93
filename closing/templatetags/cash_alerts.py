"""Drawers that were off by more than the tolerance, for who is responsible, until one has looked at them or the cause is found."""

from datetime import timedelta

from django import template
from django.utils import timezone

from closing.models import ClosingRegister
from stores.access import Ability, may

register = template.Library()

LOOKS_BACK = timedelta(days=31)
ALERTS_SHOWN = 20


@register.inclusion_tag("closing/cash_alerts.html", takes_context=True)
def cash_alerts(context, user):
    return {"alerts": alerts_for(user), "csrf_token": context.get("csrf_token")}


def alerts_for(user):
    """What a manager is told of on TOP, the latest first; nobody else is."""
    if not may(user, Ability.RECLOSE_DAY):
        return []
    off = ClosingRegister.objects.visible_to(user).of_last_revisions().beyond_tolerance().unseen()
    recent = off.filter(closing__closed_at__gte=timezone.now() - LOOKS_BACK)
    recent = recent.knowing_what_is_left().exclude(left=0)
    return list(recent.select_related("register", "closing__day__store").order_by("-closing__day__date", "-pk")[:ALERTS_SHOWN])
