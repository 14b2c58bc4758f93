from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from closing.day_changes import compare
from closing.models import Closing
from closing.views.from_afar import visible_day
from stores.access import Ability, requires


@require_GET
@requires(Ability.SEE_PORTAL)
def revisions(request, store_code, date):
    """Two revisions side by side: the last and the one before it, or those asked for."""
    day = visible_day(request, store_code, date)
    closings = list(Closing.objects.filter(day=day).select_related("closed_by"))
    if len(closings) < 2:
        raise Http404
    after = chosen(closings, request.GET.get("after"), closings[0])
    before = chosen(closings, request.GET.get("before"), closings[1])
    figures = compare(before.figures, after.figures)
    return render(
        request,
        "closing/compare.html",
        {"day": day, "closings": closings, "before": before, "after": after, "figures": figures},
    )


def chosen(closings, wanted, otherwise):
    return next((closing for closing in closings if str(closing.revision) == wanted), otherwise)
