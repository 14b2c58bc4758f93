"""Whose deliveries a page may show."""

from yayoi_link.models import Delivery


def visible_deliveries(request):
    """Return the deliveries that exist for the visitor; at レジ業務 those of that store only."""
    visible = Delivery.objects.visible_to(request.user).select_related("day__store__company", "closing__closed_by", "triggered_by")
    return visible.filter(day__store=request.till_store) if request.till_store else visible
