from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stores.access import Ability, requires
from stores.audit import origin_of
from stores.forms.changes import changes_in
from stores.forms.places import StoreForm
from stores.forms.search import SearchForm
from stores.models import Store
from stores.store_master import add_store, change_store, retire_store

STORES_PER_PAGE = 50


@require_GET
@requires(Ability.EDIT_STORES)
def stores(request):
    search = SearchForm(request.GET)
    in_use = Count("registers", filter=Q(registers__retired_on=None))
    # Counting drops the model's own order.
    rows = Store.objects.visible_to(request.user).annotate(registers_in_use=in_use).order_by("code", "pk")
    page = Paginator(search.chosen(rows), STORES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "stores/stores.html", {"search": search, "page": page})


@require_http_methods(["GET", "POST"])
@requires(Ability.EDIT_STORES)
def create_store(request):
    form = StoreForm(request.POST or None, instance=Store(company=request.user.company))
    if request.method == "POST" and form.is_valid():
        store = add_store(form.instance, by=origin_of(request))
        messages.success(request, _("%(store)sを登録しました。続けてレジを登録してください。") % {"store": store.name})
        return redirect("stores:store", store.pk)
    return render(request, "stores/store_form.html", {"form": form})


@require_GET
@requires(Ability.EDIT_STORES)
def store(request, pk):
    shown = get_object_or_404(Store.objects.visible_to(request.user), pk=pk)
    return render(request, "stores/store.html", {"store": shown, "registers": shown.registers.select_related("store")})


@require_http_methods(["GET", "POST"])
@requires(Ability.EDIT_STORES)
def edit_store(request, pk):
    edited = get_object_or_404(Store.objects.visible_to(request.user), pk=pk)
    form = StoreForm(request.POST or None, instance=edited)
    if request.method == "POST" and form.is_valid():
        change_store(form.instance, changes=changes_in(form), by=origin_of(request))
        messages.success(request, _("変更しました。マスタ同期を実施してください。"))
        return redirect("stores:store", pk)
    return render(request, "stores/store_form.html", {"form": form, "store": edited})


@require_POST
@requires(Ability.EDIT_STORES)
def end_store(request, pk):
    ended = get_object_or_404(Store.objects.visible_to(request.user).retail().in_use(), pk=pk)
    retire_store(ended, on=localdate(), by=origin_of(request))
    messages.success(request, _("%(store)sの利用を終了しました。これまでの記録は残ります。") % {"store": ended.name})
    return redirect("stores:store", pk)


@require_POST
@requires(Ability.EDIT_STORES)
def restore_store(request, pk):
    restored = get_object_or_404(Store.objects.visible_to(request.user).exclude(retired_on=None), pk=pk)
    retire_store(restored, on=None, by=origin_of(request))
    messages.success(request, _("%(store)sの利用を再開しました。") % {"store": restored.name})
    return redirect("stores:store", pk)
