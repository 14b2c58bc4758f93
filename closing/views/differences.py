from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from closing.access import at_till
from closing.cash_movements import MoreThanDifference, explain_difference, open_difference, open_differences, reason_for
from closing.categories import ReasonPurpose
from closing.forms.cash import ExplainForm
from closing.models import RegisterDay
from closing.templatetags.figures import yen
from closing.trading_day import AlreadyRecorded
from closing.views.till_day import day_at_till
from stores.access import Ability
from stores.audit import origin_of

LOOKS_BACK = timedelta(days=120)


@never_cache
@require_GET
@at_till(Ability.RECLOSE_DAY)
def differences(request, date):
    """過不足 of earlier days that nobody has explained yet."""
    day = day_at_till(request, date)
    found = open_differences(day.store, since=day.date - LOOKS_BACK)
    return render(request, "closing/differences.html", {"day": day, "differences": found})


@never_cache
@require_http_methods(["GET", "POST"])
@at_till(Ability.RECLOSE_DAY)
def explain(request, date, pk):
    day = day_at_till(request, date)
    settled = get_object_or_404(
        RegisterDay.objects.filter(day__store=request.till_store).select_related("day__store__company", "register"), pk=pk
    )
    difference = open_difference(settled)
    if not difference.difference:
        raise Http404
    if not day.is_open:
        messages.info(request, _("閉局済みの営業日には登録できません。"))
        return redirect("closing:till_day", date)
    returned = reason_for(day.store.company, ReasonPurpose.DIFFERENCE)
    form = ExplainForm(request.POST or None, day=day, difference=difference, returned=returned)
    if request.method == "POST" and form.is_valid():
        explain_once(request, day, form.movement)
        return redirect("closing:till_day", date)
    return render(request, "closing/explain_difference.html", {"day": day, "form": form, "difference": difference, "settled": settled})


def explain_once(request, day, movement):
    try:
        explain_difference(day, movement, by=origin_of(request))
    except AlreadyRecorded:
        messages.info(request, _("この原因判明は登録済みです。二重には登録していません。"))
    except MoreThanDifference:
        messages.warning(request, _("ほかの人が先に登録しました。残りの金額をご確認ください。何も登録していません。"))
    else:
        messages.success(request, _("過不足の原因判明 %(amount)sを登録しました。") % {"amount": yen(movement.amount)})
