from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from stores.access import Ability, check_may, requires
from stores.audit import origin_of
from stores.models import Store
from yayoi_link import link_checks
from yayoi_link.forms.links import LinkTable
from yayoi_link.link_checks import TooManyChecks
from yayoi_link.link_notes import days_needing_a_person, notes_on
from yayoi_link.links import NoLink, register_links
from yayoi_link.models import LinkCheck, YayoiLink

STORES_PER_PAGE = 50
# Links that were registered just now: the page has them checked when it opens.
CHECKED_BY_THEMSELVES = 5


# What follows holds the pasted links: an error report shows the variables of none of its frames.
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "POST"])
@requires(Ability.SEE_LINKS)
def edit_links(request):
    stores = Store.objects.visible_to(request.user).retail().in_use().select_related("company", "yayoi_link")
    page = Paginator(stores, STORES_PER_PAGE).get_page(request.GET.get("page"))
    table = LinkTable(page.object_list)
    if request.method == "POST":
        check_may(request.user, Ability.EDIT_LINKS)
        table = LinkTable(stores, request.POST)
        if table.is_valid():
            register(request, table.entries)
            return redirect(request.get_full_path())
    return render(request, "yayoi_link/edit_links.html", {"table": table, "rows": rows_of(table, request.user), "page": page})


def register(request, entries):
    try:
        changed = register_links(entries, by=origin_of(request))
    except NoLink as missing:
        messages.error(request, _("%(store)sの接続先リンクは、ほかの担当者が削除しました。") % {"store": missing.store.name})
    else:
        tell_registered(request, changed)


def tell_registered(request, changed):
    if not changed:
        messages.info(request, _("変更はありませんでした。"))
        return
    sync, text = reverse("stores:master_sync"), _("登録しました。マスタ同期を実施してください。")
    messages.success(request, format_html('{} <a href="{}">{}</a>', text, sync, _("マスタ同期へ")))


def rows_of(table, reader):
    links = [form.link for form in table if form.link.has_link]
    notes = notes_on(links, company=reader.company, reader=reader)
    waiting = days_needing_a_person([form.store for form in table])
    checks = LinkCheck.objects.latest_of(links)
    never_checked = [link.pk for link in links if link.pk not in checks][:CHECKED_BY_THEMSELVES]
    return [
        {
            "form": form,
            "notes": notes[form.store.pk],
            "waiting": waiting.get(form.store.pk, 0),
            "check": checks.get(form.link.pk),
            "checks_itself": form.link.pk in never_checked,
        }
        for form in table
    ]


@never_cache
@require_POST
@requires(Ability.EDIT_LINKS)
def check_link(request, store_pk):
    visible = YayoiLink.objects.visible_to(request.user).exclude(ciphertext="").select_related("store")
    link = get_object_or_404(visible, store=store_pk)
    try:
        found = {"check": link_checks.check_link(link, by=origin_of(request))}
    except TooManyChecks:
        found = {"is_too_often": True, "check": LinkCheck.objects.latest_of([link]).get(link.pk)}
    return render(request, "yayoi_link/link_check.html", found | {"link": link})
