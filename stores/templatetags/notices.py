from collections import Counter

from django import template
from django.utils import timezone

from stores.access import Ability, may
from stores.models import Store
from stores.notices import causes_at

register = template.Library()


@register.inclusion_tag("stores/notice_banner.html", takes_context=True)
def notice_banner(context):
    """On every page of those responsible but TOP, which says more: what needs them, each kind in a few words, as it is at this moment."""
    request = context.get("request")
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated or not may(person, Ability.BE_TOLD):
        return {}
    at_till = request.till_store is not None
    stores = Store.objects.filter(pk=request.till_store.pk) if at_till else Store.objects.visible_to(person)
    causes = causes_at(stores, at=timezone.now())
    days = Counter()
    for cause in causes:
        days[cause.kind] += cause.days
    return {"kinds": [(kind, count, page_of(kind, causes)) for kind, count in days.items()], "at_till": at_till}


def page_of(kind, causes):
    """Where the kind is put right: of one store its own page, of several the page without a store."""
    stores = {cause.store_id for cause in causes if cause.kind == kind}
    return kind.page(stores.pop() if len(stores) == 1 else None)
