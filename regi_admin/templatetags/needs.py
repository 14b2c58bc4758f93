"""What needs the reader, for TOP."""

from django import template
from django.utils import timezone

from stores.needs import needs_of

register = template.Library()

SHOWN = 6


@register.inclusion_tag("top/needs.html", takes_context=True)
def needs(context, *, besides=""):
    """`besides`: the name of a need that the page shows elsewhere, with a large button of its own."""
    found = [need for need in needs_of(context["request"].user, at=timezone.now()) if need.name != besides]
    return {"needs": found[:SHOWN], "further": found[SHOWN:], "has_large_button": bool(besides)}
