from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from closing.forms.cash_differences import CashDifferenceForm
from closing.models import ClosingRegister
from closing.needs import differences_unseen
from stores.access import Ability, may, requires

DIFFERENCES_PER_PAGE = 50


@require_GET
@requires(Ability.SEE_PORTAL)
def cash_differences(request):
    """現金差異 of a month, drawer by drawer; or those beyond the tolerance that nobody has looked at."""
    form = CashDifferenceForm(request.GET, reader=request.user, today=timezone.localdate())
    of_month = ClosingRegister.objects.visible_to(request.user).of_last_revisions().off().between(*form.span)
    found = differences_unseen(request.user) if form.shows_unseen else of_month.knowing_what_is_left()
    listed = form.of_store(found).select_related("register", "closing__day__store", "closing__difference_seen__by")
    sums = form.of_store(found).sum_differences()
    pages = Paginator(listed.order_by("-closing__day__date", "-pk"), DIFFERENCES_PER_PAGE)
    # Each is over or short: to count them once more would take as long again.
    pages.count = sums["over_count"] + sums["short_count"]
    page = pages.get_page(request.GET.get("page"))
    may_see_to_it = may(request.user, Ability.RECLOSE_DAY)
    return render(request, "closing/cash_differences.html", {"form": form, "page": page, "sums": sums, "may_see_to_it": may_see_to_it})
