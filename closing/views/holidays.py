from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from closing.forms.holidays import HolidayForm
from closing.models import Holiday
from closing.store_calendar import add_holidays, remove_holiday
from closing.templatetags.figures import jdate
from stores.access import Ability, may, requires
from stores.audit import origin_of
from stores.models import Store

HOLIDAYS_PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@requires(Ability.EDIT_HOLIDAYS)
def holidays(request, pk):
    store = get_object_or_404(Store.objects.visible_to(request.user).retail(), pk=pk)
    form = HolidayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tell_of_holidays(request, add_holidays(store, form.dates, note=form.cleaned_data["note"], by=origin_of(request)))
        return redirect("closing:holidays", pk)
    coming = Holiday.objects.visible_to(request.user).filter(store=store, date__gte=timezone.localdate().replace(day=1))
    return render(
        request,
        "closing/holidays.html",
        {
            "store": store,
            "form": form,
            "page": Paginator(coming, HOLIDAYS_PER_PAGE).get_page(request.GET.get("page")),
            "may_edit_stores": may(request.user, Ability.EDIT_STORES),
        },
    )


def tell_of_holidays(request, added):
    if added:
        messages.success(request, ngettext("休業日を%(days)s日登録しました。", "休業日を%(days)s日登録しました。", added) % {"days": added})
    else:
        messages.info(request, _("選んだ日は、すべて休業日になっています。"))


@require_POST
@requires(Ability.EDIT_HOLIDAYS)
def remove(request, pk):
    holiday = get_object_or_404(Holiday.objects.visible_to(request.user).select_related("store__company"), pk=pk)
    remove_holiday(holiday, by=origin_of(request))
    messages.success(request, _("%(date)sを営業日に戻しました。") % {"date": jdate(holiday.date)})
    return redirect("closing:holidays", holiday.store_id)
