from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from closing.access import at_till
from closing.categories import ReasonPurpose
from closing.models import BusinessDay, CashMovement, Closing
from closing.pickup_sheet import pieces_together, register_pickups
from closing.views.till_day import day_at_till
from stores.access import Ability, requires


@require_GET
@requires(Ability.SEE_PORTAL)
def pickup_sheet(request, store_code, date):
    visible = BusinessDay.objects.visible_to(request.user).select_related("store__company")
    return render_sheet(request, get_object_or_404(visible, store__code=store_code, date=date))


@never_cache
@require_GET
@at_till(Ability.OPEN_DAY)
def pickup_sheet_at_till(request, date):
    return render_sheet(request, day_at_till(request, date))


def render_sheet(request, day):
    """売上金回収票: of an open day what was picked up so far, of a closed one what its last close leaves to pick up as well."""
    closing = Closing.objects.filter(day=day, revision=day.revision).select_related("closed_by").first()
    pickups = register_pickups(closing.figures) if closing else ()
    picked_up = list(CashMovement.objects.filter(day=day, reason__purpose=ReasonPurpose.PICKUP).standing().with_parts())
    after_close = sum(pickup.cash.pickup for pickup in pickups)
    during_day = sum(movement.amount for movement in picked_up)
    shown = {
        "day": day,
        "closing": closing,
        "pickups": pickups,
        "pieces_together": pieces_together(pickups),
        "picked_up": picked_up,
        "after_close": after_close,
        "during_day": during_day,
        "altogether": after_close + during_day,
    }
    return render(request, "closing/pickup_sheet.html", shown)
