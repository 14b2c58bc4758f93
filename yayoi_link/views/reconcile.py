from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stores.access import Ability, requires
from stores.audit import origin_of
from yayoi_link.forms.exports import ReconcileForm
from yayoi_link.history import LinkAction
from yayoi_link.reconciling import reconcile as reconcile_daybook

DAYS_SHOWN = 200
ROWS_SHOWN = 50


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Ability.RECONCILE)
def reconcile(request):
    form = ReconcileForm(request.POST or None, request.FILES or None, reader=request.user)
    if request.method == "GET" or not form.is_valid():
        return render(request, "yayoi_link/reconcile.html", {"form": form})
    chosen = form.cleaned_data
    result = reconcile_daybook(chosen["file"].read(), stores=form.stores, first=chosen["first"], last=chosen["last"])
    note_reconciled(request, chosen["store"], result)
    shown = {"days": result.days[:DAYS_SHOWN], "bad_rows": result.bad_rows[:ROWS_SHOWN], "unsent": result.unsent[:ROWS_SHOWN]}
    return render(request, "yayoi_link/reconcile.html", {"form": form, "result": result, **shown})


def note_reconciled(request, store, result):
    if result.first:
        subject = f"{result.first} – {result.last}"
        origin_of(request).record(LinkAction.BOOKS_RECONCILED, store=store, subject=subject, changes={_("行数"): result.row_count})
