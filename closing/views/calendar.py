from calendar import monthrange

from django.db.models import Count
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.views.decorators.http import require_GET

from closing.forms.days import CalendarForm
from closing.models import BusinessDay, Holiday
from closing.sales_calendar import sales_calendar
from stores.access import Ability, requires
from stores.models import Store


@require_GET
@requires(Ability.SEE_PORTAL)
def calendar(request):
    """売上カレンダー: a month of one store, or of all that the person sees."""
    today = timezone.localdate()
    form = CalendarForm({"month": f"{today:%Y-%m}"} | request.GET.dict(), reader=request.user)
    month, store = form.chosen_month(today), form.chosen_store()
    span = (month, month.replace(day=monthrange(month.year, month.month)[1]))
    stores = Store.objects.visible_to(request.user).retail().in_use()
    stores = stores.filter(pk=store.pk) if store else stores
    days = (
        BusinessDay.objects.visible_to(request.user).filter(date__range=span).select_related("store").order_by("date", "store__code", "pk")
    )
    holidays = Holiday.objects.visible_to(request.user).filter(date__range=span, store__in=stores)
    resting = dict(holidays.order_by().values_list("date").annotate(stores=Count("pk")))
    return render(
        request,
        "closing/calendar.html",
        {
            "form": form,
            "store": store,
            "store_count": len(stores),
            "today": today,
            "weekdays": [WEEKDAYS_ABBR[number] for number in range(7)],
            "calendar": sales_calendar(month, days.filter(store=store) if store else days, resting),
        },
    )
