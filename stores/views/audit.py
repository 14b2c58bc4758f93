from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_GET

from stores.access import Ability, requires
from stores.forms.audit import AuditFilterForm
from stores.models import AuditEntry

ENTRIES_PER_PAGE = 50


@require_GET
@requires(Ability.SEE_AUDIT)
def audit(request):
    form = AuditFilterForm(request.GET, reader=request.user)
    entries = form.chosen(AuditEntry.objects.visible_to(request.user).select_related("actor", "store"))
    return render(
        request, "stores/audit.html", {"form": form, "page": Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))}
    )
