"""Where the days of the stores stand: the chip of one day, and today's stores for TOP."""

from django import template
from django.core.paginator import Paginator
from django.utils import timezone

from closing.stores_now import read_rows, stores_now
from stores.access import Ability, may

register = template.Library()

STORES_PER_PAGE = 50
# With more of them the panels that add up come on their own, so that what needs somebody is there at once.
MANY_STORES = 100


@register.inclusion_tag("closing/day_state.html")
def day_state(day):
    return {"day": day, "is_overdue": day.is_overdue(timezone.now())}


@register.simple_tag(takes_context=True)
def todays_stores(context):
    """Return what TOP shows of the person's stores: all of them, the page and the state that were asked for."""
    request = context["request"]
    now = stores_now(request.user, at=timezone.now())
    chosen = request.GET.get("state", "")
    page = Paginator(now.in_state(chosen), STORES_PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = read_rows(page.object_list)
    return {
        "of_only_store": now.of_only_store,
        "counts": now.counts,
        "row_count": len(now.places),
        "store_count": now.store_count,
        "is_of_many": now.store_count > MANY_STORES,
        "chosen": chosen,
        "page": page,
        "today": timezone.localdate(),
        "may_open": may(request.user, Ability.OPEN_DAY),
    }
