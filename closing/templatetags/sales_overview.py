from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from closing.analysis_period import Span, Step
from closing.charts import Series, column_chart
from closing.sales_overview import sales_overview_of
from closing.templatetags.charts import slots_of

register = template.Library()

CHART_HEIGHT = 160


@register.inclusion_tag("closing/sales_overview.html")
def sales_overview(user):
    """売上 on TOP: today, the same weekday of last week and of last year, and thirty days."""
    overview = sales_overview_of(user, timezone.localdate())
    return {"overview": overview, "chart": chart_of(overview.days) if overview.has_traded else None}


def chart_of(days):
    slots = slots_of([Span(day.date, day.date) for day in days], Step.DAY)
    closed = Series(_("閉局した店舗"), [day.sales_of_closed for day in days], mark=1)
    so_far = Series(_("営業中の店舗（途中の金額）"), [day.sales_so_far for day in days], mark=2)
    return column_chart(slots, [closed, so_far] if any(so_far.amounts) else [closed], height=CHART_HEIGHT)
