"""What a manager does to a day without standing at its till."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from closing import history
from closing.access import at_till
from closing.history import DayAction
from closing.models import BusinessDay, Closing, DifferenceSeen
from closing.trading_day import AlreadyClosed, NotEmpty, cancel_opening, close_day
from closing.views.till_day import day_at_till
from closing.views.who_closed import tell_who_closed
from stores.access import Ability, requires
from stores.audit import origin_of


def visible_day(request, store_code, date):
    days = BusinessDay.objects.visible_to(request.user).select_related("store__company", "opened_by")
    return get_object_or_404(days, store__code=store_code, date=date)


@require_POST
@requires(Ability.CLOSE_PROVISIONALLY)
def close_provisionally(request, store_code, date):
    """仮閉局: for a forgotten close, without a count."""
    day = visible_day(request, store_code, date)
    try:
        close_day(day, counts=None, by=origin_of(request))
    except AlreadyClosed as refusal:
        tell_who_closed(request, refusal.closing)
    else:
        messages.success(request, _("仮閉局しました。レジ業務でこの営業日の現金を数え直すと、現金差異まで入った日計になります。"))
    return redirect("closing:day", store_code, date)


@require_POST
@requires(Ability.RECLOSE_DAY)
def see_difference(request, store_code, date):
    """Note that somebody responsible has looked at a difference beyond the tolerance: TOP need not show it any more."""
    day, by = visible_day(request, store_code, date), origin_of(request)
    closing = get_object_or_404(Closing.objects.visible_to(request.user).filter(day=day), revision=day.revision)
    _seen, is_new = DifferenceSeen.objects.get_or_create(closing=closing, defaults={"by": by.actor, "at": by.at})
    if is_new:
        history.record(DayAction.DIFFERENCE_SEEN, day, by=by, changes={_("回数"): closing.revision})
    return redirect(f"{reverse('closing:cash_differences')}?unseen=on")


@require_POST
@at_till(Ability.OPEN_DAY)
def cancel(request, date):
    """開局取消, of a day on which nothing has happened yet."""
    day = day_at_till(request, date)
    try:
        cancel_opening(day, by=origin_of(request))
    except NotEmpty:
        messages.warning(request, _("伝票・入出金・精算がある営業日の開局は取り消せません。"))
        return redirect("closing:till_day", date)
    messages.success(request, _("開局を取り消しました。"))
    return redirect("closing:till")
