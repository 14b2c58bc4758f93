from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from closing.access import may_change_movements
from closing.forms.days import DayFilterForm
from closing.models import BusinessDay, CashMovement, Closing, InterimCount, Slip
from closing.models.totals import day_figures
from stores.access import Ability, may, requires
from stores.latest_first import LatestFirst

DAYS_PER_PAGE = 50
SLIPS_PER_PAGE = 50


@require_GET
@requires(Ability.SEE_PORTAL)
def days(request):
    form = DayFilterForm(request.GET, reader=request.user)
    found = form.chosen(BusinessDay.objects.visible_to(request.user).select_related("store"), timezone.now())
    page = LatestFirst(found, DAYS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "closing/days.html", {"form": form, "page": page, "may_export": may(request.user, Ability.EXPORT)})


@require_GET
@requires(Ability.SEE_PORTAL)
def day(request, store_code, date):
    """日計: of an open day as it stands, of a closed one as it was frozen, in its last revision or the one asked for."""
    visible = BusinessDay.objects.visible_to(request.user).select_related("store__company", "opened_by")
    shown = get_object_or_404(visible, store__code=store_code, date=date)
    closings = list(Closing.objects.filter(day=shown).select_related("closed_by"))
    closing = chosen_revision(request, shown, closings)
    slips = Slip.objects.filter(day=shown).select_related("register").order_by("-entry", "-pk")
    return render(
        request,
        "closing/day.html",
        {
            "day": shown,
            "closing": closing,
            "closings": closings,
            "figures": closing.figures if closing else day_figures(shown),
            "may_change_movements": may_change_movements(request.user, shown),
            "may_move_slips": may(request.user, Ability.MOVE_SLIPS),
            "may_close_provisionally": may(request.user, Ability.CLOSE_PROVISIONALLY),
            "entries_after": shown.entries - shown.closed_entries,
            "interim_counts": InterimCount.objects.filter(day=shown).select_related("register", "counted_by"),
            "movements": CashMovement.objects.filter(day=shown).with_parts(),
            "page": Paginator(slips, SLIPS_PER_PAGE).get_page(request.GET.get("page")),
        },
    )


def chosen_revision(request, day, closings):
    """An unknown revision shows the last one; an open day has none yet."""
    wanted = [closing for closing in closings if str(closing.revision) == request.GET.get("revision")]
    return next(iter([*wanted, *closings]), None)
