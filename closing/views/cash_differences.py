from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from closing.forms.cash_differences import CashDifferenceForm
from closing.models import ClosingRegister
from closing.needs import differences_unseen
from stores.access import Ability, may, requires

DIFFERENCES_PER_PAGE = 50
LATEST_FIRST = ("-date", "-pk")


@require_GET
@requires(Ability.SEE_PORTAL)
def cash_differences(request):
    """現金差異 of a month, drawer by drawer; or those beyond the tolerance that nobody has looked at."""
    form = CashDifferenceForm(request.GET, reader=request.user, today=timezone.localdate())
    of_month = ClosingRegister.objects.visible_to(request.user).of_last_revisions_between(*form.span).off()
    found = differences_unseen(request.user) if form.shows_unseen else of_month.knowing_what_is_left()
    sums = form.of_store(found).sum_differences()
    pages = Paginator(form.of_store(found).order_by(*LATEST_FIRST).values_list("pk", flat=True), DIFFERENCES_PER_PAGE)
    # Each is over or short: to count them once more would take as long again.
    pages.count = sums["over_count"] + sums["short_count"]
    page = pages.get_page(request.GET.get("page"))
    shown = {"drawers": list(_told(page.object_list)), "may_see_to_it": may(request.user, Ability.RECLOSE_DAY)}
    return render(request, "closing/cash_differences.html", {"form": form, "page": page, "sums": sums, **shown})


def _told(keys):
    """Yield these drawers, each with who has looked: gathered for every one that was off this would keep the page waiting."""
    drawers = ClosingRegister.objects.filter(pk__in=list(keys)).knowing_what_is_left().order_by(*LATEST_FIRST)
    told = drawers.select_related("register", "closing__day__store", "closing__difference_seen__by")
    for drawer in told.defer("counts", "closing__figures_frozen"):
        yield drawer, getattr(drawer.closing, "difference_seen", None)
