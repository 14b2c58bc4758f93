from django import template

from stores.access import may
from stores.models import Store
from yayoi_link.bulk_preview import BulkAct, held_for_links

register = template.Library()


@register.inclusion_tag("yayoi_link/bulk_menu.html")
def bulk_menu(user):
    """What the reader may do with many days at once."""
    return {"acts": [act for act in BulkAct if may(user, act.ability)]}


@register.inclusion_tag("yayoi_link/held_offer.html", takes_context=True)
def held_offer(context):
    """Where links are registered: what was held because of them can go out now."""
    user = context["user"]
    if not may(user, BulkAct.RELEASE.ability):
        return {}
    stores = Store.objects.visible_to(user).retail()
    held = held_for_links(stores)
    return held | {"stores": stores, "csrf_token": context.get("csrf_token")}
