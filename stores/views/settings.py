from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from stores.access import Ability, check_may, requires
from stores.audit import origin_of
from stores.forms.search import SearchForm
from stores.master_sync import sync_master
from stores.models import Register, Store

STORES_PER_PAGE = 50


@require_GET
@requires(Ability.SEE_PORTAL)
def settings(request):
    return render(request, "stores/settings.html")


@require_http_methods(["GET", "POST"])
@requires(Ability.SEE_PORTAL)
def master_sync(request):
    stores = Store.objects.visible_to(request.user).retail().in_use()
    if request.method == "POST":
        check_may(request.user, Ability.SYNC_MASTER)
        sync_master(stores, by=origin_of(request))
        messages.success(request, _("マスタ同期を実施しました。"))
        return redirect("stores:master_sync")
    search = SearchForm(request.GET)
    page = Paginator(with_registers(search.chosen(stores.by_due_sync())), STORES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "stores/master_sync.html", {"search": search, "page": page})


def with_registers(stores):
    registers = Register.objects.in_use().knowing_tokens().select_related("store")
    return stores.prefetch_related(Prefetch("registers", registers, to_attr="registers_in_use"))
