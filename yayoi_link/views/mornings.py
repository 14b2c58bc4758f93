from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from stores.access import Ability, may, requires
from stores.audit import origin_of
from yayoi_link.mornings import morning_rows, tick_off

MORNINGS_PER_PAGE = 50


@never_cache
@require_GET
@requires(Ability.SEE_DELIVERIES)
def mornings(request):
    """朝の確認: the days before today that are not right; or those that somebody has seen and nobody has put right."""
    rows = morning_rows(request.user, at=timezone.now())
    shows_ticked = request.GET.get("show") == "ticked"
    waiting = [row for row in rows if not row.is_ticked]
    ticked = [row for row in rows if row.is_ticked]
    return render(
        request,
        "yayoi_link/mornings.html",
        {
            "page": Paginator(ticked if shows_ticked else waiting, MORNINGS_PER_PAGE).get_page(request.GET.get("page")),
            "shows_ticked": shows_ticked,
            "waiting_count": len(waiting),
            "ticked_count": len(ticked),
            "may_tick": may(request.user, Ability.BE_TOLD) and not shows_ticked,
        },
    )


@require_POST
@requires(Ability.BE_TOLD)
def tick(request):
    """Tick off one day, or all that the page showed."""
    one = request.POST.get("one")
    done = tick_off([one] if one else request.POST.getlist("shown"), by=origin_of(request))
    if done.ticked:
        messages.success(request, sentence_of(done.ticked))
    if done.changed:
        messages.warning(request, _("表示したあとに状況が変わった営業日は、確認済みにしていません。もう一度ご確認ください。"))
    return redirect("yayoi_link:mornings")


def sentence_of(days):
    sentence = ngettext(
        "%(days)s日分を確認済みにしました。原因がなくなるまで、TOPの「いま対応が必要なこと」には残ります。",
        "%(days)s日分を確認済みにしました。原因がなくなるまで、TOPの「いま対応が必要なこと」には残ります。",
        days,
    )
    return sentence % {"days": days}
