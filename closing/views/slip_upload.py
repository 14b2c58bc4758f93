"""CSV取込: choose a file, look at what it would do, say yes; then a job does it and its page tells the result."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from closing import slip_upload as uploads
from closing.forms.slip_upload import SlipUploadForm
from closing.models import PaymentMethod, SlipFileRemark
from closing.slip_column_words import WORDS
from closing.slip_columns import REQUIRED, payment_column
from closing.slip_messages import sentence
from closing.slip_template import template_columns, template_rows
from closing.views.slip_upload_figures import days_of_check, days_of_loading, methods_of_check
from stores.access import Ability, requires
from stores.audit import origin_of
from stores.jobs import note_seen, run_job
from stores.models import Job, Register
from stores.spreadsheet import csv_lines

LINES_PER_PAGE = DAYS_PER_PAGE = 50
REMARKS_SHOWN = 20
# So few are done at once, without waiting for the worker.
FEW_LINES = 500


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Ability.LOAD_SLIPS)
def new_upload(request):
    form = SlipUploadForm(request.POST or None, request.FILES or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        job = uploads.upload(form.cleaned_data["store"], form.content, file_name=form.cleaned_data["file"].name, by=origin_of(request))
        done_at_once(job)
        return redirect("closing:slip_upload", job.pk)
    payments = [(payment_column(method.code), method.name) for method in PaymentMethod.objects.visible_to(request.user).in_use()]
    return render(request, "closing/upload/new.html", {"form": form, "words": WORDS.items(), "required": REQUIRED, "payments": payments})


@never_cache
@require_GET
@requires(Ability.LOAD_SLIPS)
def upload(request, pk):
    """The check while it runs, then what it found; or what came of the loading."""
    job = own_job(request, pk)
    note_seen(job)
    if job.kind == uploads.LOADING.name:
        return show_result(request, job)
    if loading := job.result.get("loading"):
        return redirect("closing:slip_upload", loading)
    if job.is_unfinished:
        return render(request, "closing/upload/checking.html", {"job": job})
    if job.state != Job.State.DONE or not uploads.uploaded_file(job).exists():
        messages.info(request, _("この確認は終わっているため、ファイルは残っていません。もう一度ファイルを選んでください。"))
        return redirect("closing:new_slip_upload")
    return show_preview(request, job)


def show_preview(request, job):
    remarks = SlipFileRemark.objects.of(job)
    days = Paginator(job.result["days"], DAYS_PER_PAGE).get_page(request.GET.get("page"))
    shown = {
        "job": job,
        "counts": job.result["counts"],
        "page": days,
        "days": days_of_check(days, store=job.wish["store"], reader=request.user),
        "methods": methods_of_check(job.result["days"], reader=request.user),
        "remarks": remarks[:REMARKS_SHOWN],
        "remark_count": remarks.count(),
        "may_load": uploads.may_be_loaded(job, keeps_bad_lines=False),
        "may_load_rest": uploads.may_be_loaded(job, keeps_bad_lines=True),
    }
    return render(request, "closing/upload/preview.html", shown)


def show_result(request, job):
    found = sorted(job.result.get("days", {}).items())
    days = Paginator(found, DAYS_PER_PAGE).get_page(request.GET.get("page"))
    shown = {
        "job": job,
        "page": days,
        "days": days_of_loading(days, store=job.wish["store"], reader=request.user),
        "created": sum(counts["created"] for _day, counts in found),
        "unchanged": sum(counts["unchanged"] for _day, counts in found),
    }
    return render(request, "closing/upload/result.html", shown)


@never_cache
@require_GET
@requires(Ability.LOAD_SLIPS)
def upload_lines(request, pk):
    """Every line of which something has to be said."""
    job = own_check(request, pk)
    page = Paginator(SlipFileRemark.objects.of(job), LINES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "closing/upload/lines.html", {"job": job, "page": page})


@never_cache
@require_GET
@requires(Ability.LOAD_SLIPS)
def upload_lines_csv(request, pk):
    header = [_("行"), _("扱い"), _("列"), _("理由")]
    return csv_answer(header, rows_of_remarks(SlipFileRemark.objects.of(own_check(request, pk))), name=f"lines-{pk}.csv")


def rows_of_remarks(remarks):
    for remark in remarks.iterator(chunk_size=1000):
        for problem in remark.found_problems:
            yield [remark.line, remark.get_fate_display(), problem.column, sentence(problem)]


@never_cache
@require_POST
@requires(Ability.LOAD_SLIPS)
def load_upload(request, pk):
    check = own_check(request, pk)
    try:
        job = uploads.start_loading(check, keeps_bad_lines="keep" in request.POST, by=origin_of(request))
    except uploads.NoLongerThere:
        messages.warning(request, _("このファイルは、すでに取り込まれたか、取り込めない状態です。いまの状態を表示しています。"))
        return redirect("closing:slip_upload", pk)
    done_at_once(job)
    job.refresh_from_db()
    return redirect("stores:job", job.pk) if job.is_unfinished else redirect("closing:slip_upload", job.pk)


@never_cache
@require_POST
@requires(Ability.LOAD_SLIPS)
def discard_upload(request, pk):
    check = own_check(request, pk)
    if check.is_unfinished:
        return redirect("closing:slip_upload", pk)
    uploads.discard(check)
    messages.success(request, _("取り込みをやめました。ファイルは削除しました。"))
    return redirect("closing:new_slip_upload")


@require_GET
@requires(Ability.LOAD_SLIPS)
def slip_template(request):
    """The file to fill in, with the codes of the reader's own company."""
    methods = list(PaymentMethod.objects.visible_to(request.user).in_use().values_list("code", flat=True)) or ["CASH"]
    register = Register.objects.visible_to(request.user).in_use().select_related("store").first()
    place = {"store_code": register.store.code if register else "0001", "register": register.number if register else 1}
    rows = template_rows(methods, **place, staff_code=request.user.code, day=timezone.localdate())
    return csv_answer(template_columns(methods), rows, name="slips.csv")


def csv_answer(header, rows, *, name):
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def own_job(request, pk):
    kinds = [uploads.CHECK.name, uploads.LOADING.name]
    return get_object_or_404(Job.objects.visible_to(request.user), pk=pk, kind__in=kinds)


def own_check(request, pk):
    job = own_job(request, pk)
    if job.kind != uploads.CHECK.name:
        raise Http404
    return job


def done_at_once(job):
    if job.total <= FEW_LINES:
        run_job(job.pk)
