from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.views.decorators.http import require_GET

from closing.models import BusinessDay
from stores.access import Ability, may, requires
from stores.models import Store
from yayoi_link import delivery_calendar as months
from yayoi_link.bulk_preview import BulkAct
from yayoi_link.calendar_words import LEGEND
from yayoi_link.forms.deliveries import DeliveryCalendarForm
from yayoi_link.models import Delivery

STORES_PER_PAGE = 50
WEEKDAYS = [WEEKDAYS_ABBR[number] for number in range(7)]


@require_GET
@requires(Ability.SEE_DELIVERIES)
def delivery_calendar(request):
    """連携状況 of a month: one square for each store and day."""
    now = timezone.now()
    today = timezone.localdate(now)
    form = DeliveryCalendarForm(request.GET, reader=request.user, today=today)
    dates = months.dates_of(form.chosen_month)
    page = Paginator(stores_shown(request, form, dates, now), STORES_PER_PAGE).get_page(request.GET.get("page"))
    calendar = months.delivery_calendar(dates, page, now=now, sought=sought_on(page, form, dates, now))
    acts = [act for act in BulkAct if may(request.user, act.ability)]
    shown = {"form": form, "page": page, "today": today, "calendar": calendar, "acts": acts, "waiting": waiting(request, dates)}
    return render(request, "yayoi_link/delivery_calendar.html", shown | {"legend": LEGEND, "weekdays": WEEKDAYS})


def stores_shown(request, form, dates, now):
    stores = form.chosen_stores(Store.objects.visible_to(request.user).retail())
    if form.narrows_days:
        days = BusinessDay.objects.visible_to(request.user).filter(date__range=(dates[0], dates[-1]))
        stores = stores.filter(pk__in=form.sought(days, now).values("store"))
    return months.exceptions_first(months.in_use_in(stores, dates), dates, now=now)


def sought_on(page, form, dates, now):
    """The keys of the days on this page that were asked for; None for all."""
    if not form.narrows_days:
        return None
    days = BusinessDay.objects.filter(store__in=list(page), date__range=(dates[0], dates[-1]))
    return set(form.sought(days, now).values_list("pk", flat=True))


def waiting(request, dates):
    """How many deliveries need somebody: in this month, and besides."""
    is_here = Q(day__date__range=(dates[0], dates[-1]))
    here = Count("pk", filter=is_here)
    return Delivery.objects.visible_to(request.user).needing_a_person().order_by().aggregate(here=here, elsewhere=Count("pk") - here)
