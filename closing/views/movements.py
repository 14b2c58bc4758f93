from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from closing.access import at_till
from closing.categories import MovementDirection
from closing.forms.cash import MovementForm
from closing.models.labels import DIRECTIONS
from closing.templatetags.figures import yen
from closing.trading_day import AlreadyRecorded, record_movement
from closing.views.till_day import day_at_till
from stores.access import Ability
from stores.audit import origin_of


@never_cache
@require_http_methods(["GET", "POST"])
@at_till(Ability.RECORD_CASH)
def new_movement(request, date):
    day, direction = day_at_till(request, date), direction_in(request)
    form = MovementForm(request.POST or None, day=day, direction=direction)
    if request.method == "POST" and form.is_valid():
        record_once(request, day, form.movement)
        return redirect("closing:till_day", date)
    return render(request, "closing/movement.html", {"form": form, "day": day, "direction": DIRECTIONS[direction]})


def direction_in(request):
    try:
        return MovementDirection(request.GET.get("direction"))
    except ValueError:
        raise Http404 from None


def record_once(request, day, movement):
    named = {"direction": movement.get_direction_display(), "reason": movement.reason.name, "amount": yen(movement.amount)}
    try:
        record_movement(day, movement, by=origin_of(request))
    except AlreadyRecorded:
        messages.info(request, _("%(direction)s「%(reason)s」%(amount)sは登録済みです。二重には登録していません。") % named)
    else:
        messages.success(request, _("%(direction)s「%(reason)s」%(amount)sを登録しました。") % named)
