from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stores.access import Ability, requires
from stores.audit import origin_of
from yayoi_link.forms.no_content import NoContentForm
from yayoi_link.models import YayoiLink
from yayoi_link.no_content import LinkChanged, set_no_content


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Ability.EDIT_LINKS)
def no_content(request, store_pk):
    """Whether a 204 over the store's link counts as an acknowledgement."""
    visible = YayoiLink.objects.visible_to(request.user).exclude(ciphertext="").select_related("store__company")
    link = get_object_or_404(visible, store=store_pk)
    form = NoContentForm(request.POST or None, link=link)
    if request.method == "POST" and form.is_valid():
        register_no_content(request, link, form.cleaned_data)
        return redirect("yayoi_link:edit_links")
    return render(request, "yayoi_link/no_content.html", {"form": form, "link": link})


def register_no_content(request, link, answers):
    accepts, seen_version, reason = (answers[name] for name in ("accepts", "version", "reason"))
    try:
        set_no_content(link, seen_version=seen_version, accepts=accepts, reason=reason, by=origin_of(request))
    except LinkChanged:
        messages.warning(request, _("ほかの担当者が、先に接続先リンクか204の扱いを変えていました。何も変更していません。"))
    else:
        messages.success(request, _("204の扱いを変えました。次の送信から使います。"))
