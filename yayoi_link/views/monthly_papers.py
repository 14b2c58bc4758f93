from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from stores.access import Ability, requires
from stores.audit import origin_of
from stores.jobs import note_seen
from yayoi_link.forms.exports import PRODUCTS
from yayoi_link.forms.monthly_papers import PapersForm
from yayoi_link.importfile import Dialect
from yayoi_link.monthly_papers.scope import scope_for
from yayoi_link.monthly_papers.situation import concerns, read_situation
from yayoi_link.papers_job import order_papers, papers_jobs

JOBS_SHOWN = 5


@never_cache
@require_GET
@requires(Ability.EXPORT)
def papers(request, month):
    """税理士向け月次資料: what is unproven about the month, before anybody takes its papers."""
    form = PapersForm({"dialect": Dialect.DESKTOP} | request.GET.dict(), reader=request.user, month=month)
    scope = visible_scope(request, month, **form.chosen if form.is_valid() else {})
    situation = read_situation(scope)
    shown = {"form": form, "scope": scope, "situation": situation, "concerns": list(concerns(situation))}
    shown["jobs"] = papers_jobs(request.user, month).started()[:JOBS_SHOWN]
    note_seen(*shown["jobs"])
    return render(request, "yayoi_link/monthly_papers.html", shown)


@require_POST
@requires(Ability.EXPORT)
@transaction.atomic
def make_papers(request, month):
    """Have a worker make them, or look at the chosen stores first."""
    visible_scope(request, month)
    form = PapersForm(request.POST, reader=request.user, month=month)
    page = f"{reverse('yayoi_link:papers', args=[month])}?{urlencode({name: request.POST.get(name, '') for name in form.fields})}"
    if "look" in request.POST or not form.is_valid():
        return redirect(page)
    scope = visible_scope(request, month, **form.chosen)
    product = PRODUCTS[scope.dialect]
    job = order_papers(scope, store=form.cleaned_data["store"], product=product, by=origin_of(request))
    return redirect("stores:job", job.pk)


def visible_scope(request, month, *, store=None, dialect=Dialect.DESKTOP):
    """A month in which no store that the visitor sees has a 営業日 does not exist for him."""
    scope = scope_for(request.user, month, store=store, dialect=dialect, today=timezone.localdate())
    if scope is None:
        raise Http404
    return scope
