from calendar import monthrange

from django.db.models import Count
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.views.decorators.http import require_GET

from closing.analysis_period import Span
from closing.forms.days import CalendarForm
from closing.models import BusinessDay, Holiday
from closing.sales_calendar import earlier_sales, sales_calendar
from closing.sales_overview import sales_by_date
from stores.access import Ability, requires
from stores.models import Store


@require_GET
@requires(Ability.SEE_PORTAL)
def calendar(request):
    """売上カレンダー: a month of one store, or of all that the person sees."""
    today = timezone.localdate()
    form = CalendarForm({"month": f"{today:%Y-%m}"} | request.GET.dict(), reader=request.user)
    month, store = form.chosen_month(today), form.chosen_store() or form.only_store()
    last = month.replace(day=monthrange(month.year, month.month)[1])
    stores = Store.objects.visible_to(request.user).retail().in_use()
    stores = stores.filter(pk=store.pk) if store else stores
    visible = BusinessDay.objects.visible_to(request.user)
    visible = visible.filter(store=store) if store else visible
    days = visible.filter(date__range=(month, last))
    holidays = Holiday.objects.visible_to(request.user).filter(date__range=(month, last), store__in=stores)
    resting = dict(holidays.order_by().values_list("date").annotate(stores=Count("pk")))
    only = {day.date: day for day in days.select_related("store")} if store else {}
    shown = sales_calendar(month, sales_by_date(days), resting, only=only)
    # A month that goes on is compared with as many days.
    so_far = Span(month, min(last, today) if month <= today else last)
    return render(
        request,
        "closing/calendar.html",
        {
            "form": form,
            "store": store,
            "store_count": len(stores),
            "today": today,
            "weekdays": [WEEKDAYS_ABBR[number] for number in range(7)],
            "calendar": shown,
            "earlier": earlier_sales(visible, so_far, now=shown.sales),
        },
    )
