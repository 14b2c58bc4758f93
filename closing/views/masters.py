"""マスタ › 支払方法 and 入出金理由: the same pages for both, `kind` says which."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import ModelForm
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from closing.forms.masters import CODE_IS_TAKEN, CashReasonForm, MasterSearchForm, PaymentMethodForm
from closing.masters import CodeTaken, LastCashMethod, add_master, change_master, move_master, restore_master, retire_master, sortable
from closing.models import CashReason, PaymentMethod
from stores.access import Ability, requires
from stores.audit import origin_of
from stores.forms.changes import changes_in

MASTERS_PER_PAGE = 50
PLACES = {"up": -1, "down": 1}


@dataclass(frozen=True, slots=True)
class Masters:
    model: type[PaymentMethod] | type[CashReason]
    form: type[ModelForm]
    heading: Promise
    add: Promise
    table: str


MASTERS = {
    "methods": Masters(
        PaymentMethod,
        PaymentMethodForm,
        pgettext_lazy("plural", "支払方法"),
        gettext_lazy("支払方法を登録"),
        "closing/masters/methods.html",
    ),
    "reasons": Masters(
        CashReason,
        CashReasonForm,
        gettext_lazy("入出金理由"),
        gettext_lazy("入出金理由を登録"),
        "closing/masters/reasons.html",
    ),
}


@require_GET
@requires(Ability.SEE_MASTERS)
def masters(request, kind):
    of, search = masters_of(kind), MasterSearchForm(request.GET)
    wishes = search.cleaned_data if search.is_valid() else {"words": "", "retired": False}
    visible = of.model.objects.visible_to(request.user)
    rows = visible.retired() if wishes["retired"] else visible.in_use()
    order = list(sortable(of.model(company=request.user.company)).values_list("pk", flat=True))
    return render(
        request,
        "closing/masters/list.html",
        {
            "kind": kind,
            "masters": of,
            "search": search,
            "wishes": wishes,
            "retired": visible.retired().count(),
            "page": Paginator(rows.found(wishes["words"]), MASTERS_PER_PAGE).get_page(request.GET.get("page")),
            # Beside a search one would move a row past others that are not seen.
            "order": [] if wishes["words"] else order,
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Ability.EDIT_MASTERS)
def create_master(request, kind):
    of = masters_of(kind)
    form = of.form(request.POST or None, instance=of.model(company=request.user.company))
    if request.method == "POST" and form.is_valid():
        try:
            add_master(form.instance, changes=changes_in(form), by=origin_of(request))
        except CodeTaken:
            form.add_error("code", CODE_IS_TAKEN)
        else:
            messages.success(request, _("%(name)sを登録しました。マスタ同期を実施してください。") % {"name": form.instance.name})
            return redirect(f"closing:{kind}")
    return render(request, "closing/masters/form.html", {"kind": kind, "masters": of, "form": form})


@require_http_methods(["GET", "POST"])
@requires(Ability.EDIT_MASTERS)
def edit_master(request, kind, pk):
    of = masters_of(kind)
    edited = get_object_or_404(of.model.objects.visible_to(request.user), pk=pk)
    form = of.form(request.POST or None, instance=edited)
    if request.method == "POST" and form.is_valid():
        change_master(form.instance, fields=form.changed_data, changes=changes_in(form), by=origin_of(request))
        messages.success(request, _("変更しました。マスタ同期を実施してください。") if form.changed_data else _("変更はありませんでした。"))
        return redirect(f"closing:{kind}")
    return render(request, "closing/masters/form.html", {"kind": kind, "masters": of, "form": form, "edited": edited})


@require_POST
@requires(Ability.EDIT_MASTERS)
def end_master(request, kind, pk):
    ended = get_object_or_404(own_masters(request, kind).in_use(), pk=pk)
    try:
        retire_master(ended, on=localdate(), by=origin_of(request))
    except LastCashMethod:
        messages.error(
            request, _("現金の支払方法は、お釣りを渡すために1つは必要です。ほかの現金の支払方法を登録してから終了してください。")
        )
    else:
        messages.success(
            request, _("%(name)sの利用を終了しました。これまでの記録は残ります。マスタ同期を実施してください。") % {"name": ended.name}
        )
    return redirect(f"closing:{kind}")


@require_POST
@requires(Ability.EDIT_MASTERS)
def restore(request, kind, pk):
    restored = get_object_or_404(own_masters(request, kind).retired(), pk=pk)
    restore_master(restored, by=origin_of(request))
    messages.success(request, _("%(name)sの利用を再開しました。マスタ同期を実施してください。") % {"name": restored.name})
    return redirect(f"closing:{kind}")


@require_POST
@requires(Ability.EDIT_MASTERS)
def move(request, kind, pk, direction):
    if direction not in PLACES:
        raise Http404
    move_master(get_object_or_404(own_masters(request, kind).in_use(), pk=pk), places=PLACES[direction], by=origin_of(request))
    return redirect(reverse(f"closing:{kind}", query={"page": request.POST.get("page", 1)}))


def masters_of(kind):
    if kind not in MASTERS:
        raise Http404
    return MASTERS[kind]


def own_masters(request, kind):
    """What people retire and put in order; the reasons that the portal chooses by itself are always in use."""
    rows = masters_of(kind).model.objects.visible_to(request.user)
    return rows.chosen() if kind == "reasons" else rows
