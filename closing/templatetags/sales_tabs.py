from django import template
from django.utils import timezone

from closing.analysis_period import ONE_DAY, Span
from closing.models import KeptSlip

register = template.Library()


@register.inclusion_tag("closing/sales_tabs.html")
def sales_tabs(user, current):
    """The views of 売上管理, the one that is shown marked."""
    return {"current": current, "waiting": KeptSlip.objects.visible_to(user).waiting().count()}


@register.inclusion_tag("closing/analysis/periods.html", takes_context=True)
def usual_periods(context):
    """The periods that are mostly asked for, one tap away; what else was chosen stays."""
    today = timezone.localdate()
    this_month = Span(today.replace(day=1), today)
    last_month = this_month.first - ONE_DAY
    return {
        "request": context["request"],
        "this_month": this_month,
        "last_month": Span(last_month.replace(day=1), last_month),
        "days": [Span(today - (number - 1) * ONE_DAY, today) for number in (30, 90, 365)],
    }
