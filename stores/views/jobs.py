from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from stores.access import Ability, check_may, requires
from stores.audit import origin_of
from stores.jobs import cancel_job, kind_of, note_seen, title_of
from stores.models import Job, JobFile

JOBS_PER_PAGE = 50


@require_GET
@requires(Ability.SEE_PORTAL)
def jobs(request):
    page = Paginator(Job.objects.visible_to(request.user).started(), JOBS_PER_PAGE).get_page(request.GET.get("page"))
    note_seen(*page)
    return render(request, "stores/jobs.html", {"page": page, "rows": [{"job": job, "title": title_of(job)} for job in page]})


@never_cache
@require_GET
@requires(Ability.SEE_PORTAL)
def job(request, pk):
    shown = get_object_or_404(Job.objects.visible_to(request.user).started(), pk=pk)
    note_seen(shown)
    return render(request, "stores/job.html", shown_of(shown))


@never_cache
@require_GET
@requires(Ability.SEE_PORTAL)
def progress(request, pk):
    """The live part of the page; once the job has ended the whole page has more to say."""
    shown = get_object_or_404(Job.objects.visible_to(request.user).started(), pk=pk)
    if not shown.is_unfinished:
        return HttpResponseClientRefresh()
    return render(request, "stores/job_progress.html", shown_of(shown))


@require_POST
@requires(Ability.SEE_PORTAL)
def cancel(request, pk):
    shown = get_object_or_404(Job.objects.visible_to(request.user).started(), pk=pk)
    if cancel_job(shown, by=origin_of(request)):
        messages.success(request, _("中止しました。すでに済んだ分は、そのまま残ります。"))
    else:
        messages.warning(request, _("すでに終わっているため、中止できませんでした。"))
    return redirect("stores:job", pk)


@never_cache
@require_GET
@requires(Ability.SEE_PORTAL)
def download(request, pk):
    shown = get_object_or_404(Job.objects.visible_to(request.user).started(), pk=pk)
    file = get_object_or_404(JobFile.objects.of(shown).made().kept())
    kind = kind_of(shown)
    check_may(request.user, kind.ability if kind else Ability.SEE_PORTAL)
    if kind and not kind.is_readable(shown, request.user):
        raise Http404
    note_seen(shown)
    response = HttpResponse(bytes(file.content), content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name)
    return response


def shown_of(job):
    kind = kind_of(job)
    file = JobFile.objects.of(job).made().kept().defer("content").first()
    return {"job": job, "kind": kind, "title": title_of(job), "file": file, "page_of_kind": kind and kind.page(job)}
