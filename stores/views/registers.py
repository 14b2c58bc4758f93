from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stores.access import Ability, requires
from stores.audit import origin_of
from stores.forms.changes import changes_in
from stores.forms.places import RegisterForm
from stores.models import Register, Store
from stores.store_master import add_register, change_register, retire_register


@require_http_methods(["GET", "POST"])
@requires(Ability.EDIT_STORES)
def create_register(request, store_pk):
    store = get_object_or_404(Store.objects.visible_to(request.user).retail().in_use(), pk=store_pk)
    form = RegisterForm(request.POST or None, instance=Register(store=store))
    if request.method == "POST" and form.is_valid():
        add_register(form.instance, by=origin_of(request))
        messages.success(request, _("レジを登録しました。マスタ同期を実施してください。"))
        return redirect("stores:store", store_pk)
    return render(request, "stores/register_form.html", {"form": form, "store": store})


@require_http_methods(["GET", "POST"])
@requires(Ability.EDIT_STORES)
def edit_register(request, pk):
    register = get_object_or_404(Register.objects.visible_to(request.user).select_related("store"), pk=pk)
    form = RegisterForm(request.POST or None, instance=register)
    if request.method == "POST" and form.is_valid():
        change_register(form.instance, changes=changes_in(form), by=origin_of(request))
        messages.success(request, _("変更しました。マスタ同期を実施してください。"))
        return redirect("stores:store", register.store_id)
    return render(request, "stores/register_form.html", {"form": form, "store": register.store, "register": register})


@require_POST
@requires(Ability.EDIT_STORES)
def end_register(request, pk):
    register = get_object_or_404(Register.objects.visible_to(request.user).in_use().select_related("store"), pk=pk)
    retire_register(register, on=localdate(), by=origin_of(request))
    messages.success(
        request, _("%(register)sの利用を終了しました。これまでの記録は残ります。マスタ同期を実施してください。") % {"register": register}
    )
    return redirect("stores:store", register.store_id)


@require_POST
@requires(Ability.EDIT_STORES)
def restore_register(request, pk):
    register = get_object_or_404(Register.objects.visible_to(request.user).exclude(retired_on=None).select_related("store"), pk=pk)
    retire_register(register, on=None, by=origin_of(request))
    messages.success(request, _("%(register)sの利用を再開しました。マスタ同期を実施してください。") % {"register": register})
    return redirect("stores:store", register.store_id)
