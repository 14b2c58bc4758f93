"""現金差異 of the month, for TOP."""

from django import template
from django.utils import timezone

from closing.models import ClosingRegister

register = template.Library()


@register.inclusion_tag("closing/month_differences.html", takes_context=True)
def month_differences(context):
    today = timezone.localdate()
    drawers = ClosingRegister.objects.visible_to(context["request"].user).of_last_revisions_between(today.replace(day=1), today).off()
    return {"sums": drawers.sum_differences(), "month": today.replace(day=1)}
