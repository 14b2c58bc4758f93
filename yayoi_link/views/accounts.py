from datetime import date

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from closing.models.totals import day_figures
from stores.access import Ability, check_may, may, requires
from stores.audit import origin_of
from stores.models import Store
from yayoi_link.account_choices import categories_without_business_type, sales_line, undecided_reasons
from yayoi_link.booking import book_under
from yayoi_link.company_accounts import (
    AccountSettings,
    VersionApplied,
    company_settings,
    line_labels,
    mapping_with,
    save_settings,
    store_choices,
    withdraw_version,
)
from yayoi_link.forms.accounts import AccountTable, PreviewForm, WhoseAccountsForm
from yayoi_link.models import AccountVersion, Delivery
from yayoi_link.posting_sheet import posting_sheet
from yayoi_link.states import HoldReason, State

HELD_SHOWN = 50


@require_http_methods(["GET", "POST"])
@requires(Ability.SEE_ACCOUNTS)
def accounts(request):
    """仕訳設定 of the company, or with `?store=` what one store has otherwise; `?on=` as it applies to that 営業日."""
    store = store_asked_for(request)
    on = day_asked_for(request)
    settings = settings_of(request.user.company, store, on)
    is_editable = may(request.user, Ability.EDIT_ACCOUNTS)
    table = AccountTable(
        request.POST or None, company=request.user.company, store=store, settings=settings, applies_from=on, is_editable=is_editable
    )
    preview = PreviewForm(request.POST if "preview" in request.POST else None, reader=request.user, store=store)
    if request.method == "POST" and table.is_valid():
        if "preview" not in request.POST:
            return save(request, store, table)
        settings = table.settings
    return render(request, "yayoi_link/accounts.html", shown(request, store, on, table, preview, settings))


def shown(request, store, on, table, preview, settings):
    company = request.user.company
    labels = line_labels(company)
    versions = AccountVersion.objects.visible_to(request.user).filter(store=store)
    is_editable = may(request.user, Ability.EDIT_ACCOUNTS)
    held = Delivery.objects.visible_to(request.user).current().in_states([State.HELD]).filter(hold_reason=HoldReason.MAPPING_MISSING)
    mapping = mapping_in_force(company, store, on, settings)
    table.show_what_is_taken(mapping)
    return {
        "table": table,
        "store": store,
        "on": on,
        "whose": WhoseAccountsForm(reader=request.user, store=store, on=on),
        "versions": versions.select_related("changed_by"),
        "not_applied_yet": set(versions.not_applied_yet().values_list("pk", flat=True)) if is_editable else set(),
        "missing": [labels[f"reason/{code}"] for code in undecided_reasons(mapping)],
        "without_business_type": [labels[sales_line(category)] for category in categories_without_business_type(mapping)],
        "held": held.defer("body").select_related("day__store").order_by("day__date", "pk")[:HELD_SHOWN],
        "preview": preview,
        "previewed": previewed(preview, store, on, settings) if table.version.is_bound else None,
    }


def previewed(form, store, on, settings):
    """The journal of the chosen day under the settings as they are being edited."""
    if not form.is_bound or not form.is_valid():
        return None
    day = form.cleaned_data["business_day"]
    mapping = mapping_in_force(day.store.company, store or day.store, day.date, settings, is_of_store=store is not None)
    figures = day_figures(day)
    booked = book_under(mapping, figures, day, revision=max(day.revision, 1))
    return {"day": day, "sheet": posting_sheet(booked.entries, figures, left_out=booked.left_out), "missing": booked.missing}


def mapping_in_force(company, store, on, settings, *, is_of_store=True):
    if store is None:
        return mapping_with(company, settings, {})
    if is_of_store:
        return mapping_with(company, company_settings(company, on=on), settings.choices)
    return mapping_with(company, settings, store_choices(store, on=on))


def save(request, store, table):
    applies_from = table.version.cleaned_data["applies_from"]
    check_may(request.user, Ability.EDIT_ACCOUNTS)
    save_settings(request.user.company, table.settings, store=store, applies_from=applies_from, by=origin_of(request))
    messages.success(request, _("登録しました。送信保留の連携は、確認してから「送信する」を押してください。"))
    return redirect(address_of(store, applies_from))


@require_POST
@requires(Ability.EDIT_ACCOUNTS)
def reset_accounts(request):
    """Go back to the defaults from a 営業日 on; how the company keeps its books stays as it is."""
    store, on = store_asked_for(request), day_asked_for(request)
    kept = company_settings(request.user.company, on=on)
    settings = AccountSettings({}, kept.tax_accounting, kept.is_simplified)
    save_settings(request.user.company, settings, store=store, applies_from=on, by=origin_of(request))
    messages.success(request, _("企業の設定に戻しました。") if store else _("初期値に戻しました。"))
    return redirect(address_of(store, on))


@require_POST
@requires(Ability.EDIT_ACCOUNTS)
def withdraw_accounts(request, pk):
    """Take back settings that apply to no 営業日 yet."""
    versions = AccountVersion.objects.visible_to(request.user).select_related("company", "store")
    version = get_object_or_404(versions, pk=pk)
    try:
        withdraw_version(version, by=origin_of(request))
    except VersionApplied:
        messages.error(request, _("この設定の営業日がすでに開局されているため、取り消せません。"))
        return redirect(address_of(version.store, version.applies_from))
    messages.success(request, _("まだ使っていない設定を取り消しました。それまでの設定が続きます。"))
    return redirect(address_of(version.store, version.applies_from))


def settings_of(company, store, on):
    settings = company_settings(company, on=on)
    return settings if store is None else AccountSettings(store_choices(store, on=on), settings.tax_accounting, settings.is_simplified)


def store_asked_for(request):
    if not (code := request.GET.get("store")):
        return None
    return get_object_or_404(Store.objects.visible_to(request.user).retail(), code=code)


def day_asked_for(request):
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()


def address_of(store, on):
    return f"{reverse('yayoi_link:accounts')}?on={on.isoformat()}" + (f"&store={store.code}" if store else "")
