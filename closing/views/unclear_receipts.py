from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_GET

from closing.needs import undecided_receipts
from stores.access import Ability, may, requires

RECEIPTS_PER_PAGE = 50


@require_GET
@requires(Ability.RECONCILE)
def unclear_receipts(request):
    """登録番号 要確認: the expenses whose receipt somebody has to look at, the oldest first."""
    undecided = undecided_receipts(request.user).select_related("reason", "day__store").order_by("day__date", "pk")
    page = Paginator(undecided, RECEIPTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "closing/unclear_receipts.html", {"page": page, "may_decide": may(request.user, Ability.CORRECT_SLIPS)})
