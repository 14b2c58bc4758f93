from io import BytesIO

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from closing.models import BusinessDay
from stores.access import Ability, requires
from stores.audit import origin_of
from stores.jobs import note_seen
from stores.models import JobFile
from yayoi_link.access import visible_deliveries
from yayoi_link.export_files import download_of
from yayoi_link.export_job import MOST_DAYS_AT_ONCE, days_to_write, export_jobs, order_export
from yayoi_link.export_words import changes_in_words, refusals_in_words
from yayoi_link.exporting import days_left_out, export_days, export_delivery
from yayoi_link.forms.exports import PRODUCTS, ExportForm, last_month
from yayoi_link.history import LinkAction
from yayoi_link.importfile import LIMITS, Dialect

SHOWN = 50


@never_cache
@require_GET
@requires(Ability.EXPORT)
def export(request):
    """Choose a period and see what its files will be, before they are downloaded."""
    form = ExportForm(request.GET or None, reader=request.user, initial=last_month(timezone.localdate()))
    if not form.is_valid():
        return render(request, "yayoi_link/export.html", {"form": form})
    if days := too_many_days(form):
        return render(request, "yayoi_link/export.html", {"form": form, "query": request.GET.urlencode(), "days_for_job": days})
    return render(request, "yayoi_link/export.html", {"form": form, "query": request.GET.urlencode(), **preview(form)})


def too_many_days(form):
    """How many days there are, where they are a worker's work and no page's."""
    days = days_to_write(form.stores, first=form.chosen["first"], last=form.chosen["last"])
    return days if days > MOST_DAYS_AT_ONCE else 0


@require_POST
@requires(Ability.EXPORT)
@transaction.atomic
def make_export(request):
    """Have a worker write the files of a long period."""
    form = ExportForm(request.POST, reader=request.user)
    if not form.is_valid():
        return redirect("yayoi_link:export")
    job = order_export(form.stores, store=form.cleaned_data["store"], by=origin_of(request), **form.chosen)
    return redirect("yayoi_link:export_made", job.pk)


@never_cache
@require_GET
@requires(Ability.EXPORT)
def export_made(request, pk):
    """How far the files are, and what has to be said of them when they are there."""
    job = get_object_or_404(export_jobs(request.user), pk=pk)
    note_seen(job)
    file = JobFile.objects.of(job).made().kept().defer("content").first()
    return render(request, "yayoi_link/export_made.html", {"job": job, "file": file})


def preview(form):
    made = export_days(form.stores, **form.chosen)
    left_out = days_left_out(form.stores, first=form.cleaned_data["first"], last=form.cleaned_data["last"])
    return {
        "export": made,
        "refusals": refusals_in_words(made.refused)[:SHOWN],
        "changes": changes_in_words(made)[:SHOWN],
        "left_out": left_out[:SHOWN],
        "left_out_count": left_out.count(),
        "most_rows_online": LIMITS[Dialect.ONLINE].rows_per_file,
    }


@never_cache
@require_GET
@requires(Ability.EXPORT)
def download_period(request):
    form = ExportForm(request.GET, reader=request.user)
    if not form.is_valid():
        return redirect(f"{reverse('yayoi_link:export')}?{request.GET.urlencode()}")
    made = None if too_many_days(form) else export_days(form.stores, **form.chosen)
    if made is None or not made.parts:
        return redirect(f"{reverse('yayoi_link:export')}?{request.GET.urlencode()}")
    period = f"{form.cleaned_data['first']} – {form.cleaned_data['last']}"
    return attachment(request, made, dialect=form.chosen["dialect"], store=form.cleaned_data["store"], subject=period)


@never_cache
@require_GET
@requires(Ability.EXPORT)
def download_day(request, store_code, date):
    days = BusinessDay.objects.visible_to(request.user).select_related("store")
    day = get_object_or_404(days, store__code=store_code, date=date)
    dialect = dialect_asked_for(request)
    made = export_days([day.store], first=date, last=date, dialect=dialect)
    if made.parts:
        return attachment(request, made, dialect=dialect, store=day.store, subject=date.isoformat())
    # There it says why not.
    query = urlencode({"first": date, "last": date, "store": day.store_id, "dialect": dialect})
    return redirect(f"{reverse('yayoi_link:export')}?{query}")


@never_cache
@require_GET
@requires(Ability.EXPORT)
def download_delivery(request, pk):
    delivery = get_object_or_404(visible_deliveries(request), pk=pk)
    dialect = dialect_asked_for(request)
    made = export_delivery(delivery, dialect)
    if made.parts:
        return attachment(request, made, dialect=dialect, store=delivery.day.store, subject=delivery.day.date.isoformat())
    for refusal in refusals_in_words(made.refused) or [_("書き出す取引がありません。")]:
        messages.error(request, refusal)
    return redirect("yayoi_link:delivery", pk)


def dialect_asked_for(request):
    try:
        return Dialect(request.GET.get("for", Dialect.DESKTOP))
    except ValueError:
        raise Http404 from None


def attachment(request, made, *, dialect, store, subject):
    """Send the file, and note who took it."""
    codes = [request.user.company.code, *([store.code] if store else [])]
    download = download_of(made.parts, codes=codes, dialect=dialect)
    changes = {_("ファイル"): download.name, _("取り込む製品"): PRODUCTS[dialect], _("行数"): made.row_count}
    origin_of(request).record(LinkAction.BOOKS_EXPORTED, store=store, subject=subject, changes=changes)
    for change in changes_in_words(made)[:SHOWN]:
        messages.warning(request, change)
    return FileResponse(BytesIO(download.content), as_attachment=True, filename=download.name, content_type=download.content_type)
