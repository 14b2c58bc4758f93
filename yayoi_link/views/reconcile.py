from datetime import date

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from stores.access import Ability, requires
from stores.audit import origin_of
from stores.jobs import note_seen
from stores.models import JobFile
from yayoi_link.forms.exports import ReconcileForm
from yayoi_link.reconcile_job import LARGEST_AT_ONCE, order_reconciliation, reconciliation_jobs
from yayoi_link.reconciling import reconcile as reconcile_daybook
from yayoi_link.reconciling import record_reconciled

DAYS_SHOWN = 200
ROWS_SHOWN = 50


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Ability.RECONCILE)
def reconcile(request):
    """照合 of a file: at once, or by a worker where it is large."""
    form = ReconcileForm(request.POST or None, request.FILES or None, reader=request.user)
    if request.method == "GET" or not form.is_valid():
        return render(request, "yayoi_link/reconcile.html", {"form": form})
    chosen, by = form.cleaned_data, origin_of(request)
    content, period = chosen["file"].read(), {"first": chosen["first"], "last": chosen["last"]}
    if len(content) > LARGEST_AT_ONCE:
        job = order_reconciliation(content, file_name=chosen["file"].name, stores=form.stores, store=chosen["store"], by=by, **period)
        return redirect("yayoi_link:reconciled", job.pk)
    result = reconcile_daybook(content, stores=form.stores, **period)
    record_reconciled(result, store=chosen["store"], by=by)
    shown = {"days": result.days[:DAYS_SHOWN], "bad_rows": result.bad_rows[:ROWS_SHOWN], "unsent": result.unsent[:ROWS_SHOWN]}
    return render(request, "yayoi_link/reconcile.html", {"form": form, "result": result, **shown})


@never_cache
@require_GET
@requires(Ability.RECONCILE)
def reconciled(request, pk):
    """How far the 照合 of a large file is, and what came of it."""
    job = get_object_or_404(reconciliation_jobs(request.user), pk=pk)
    note_seen(job)
    file = JobFile.objects.of(job).made().kept().defer("content").first()
    period = {name: date.fromisoformat(job.result[name]) for name in ("first", "last") if name in job.result}
    lines = [(date.fromisoformat(day), *rest) for day, *rest in job.result.get("lines", [])]
    return render(request, "yayoi_link/reconciled.html", {"job": job, "file": file, "result": job.result, "lines": lines, **period})
