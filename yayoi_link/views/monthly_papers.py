from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from stores.access import Ability, requires
from stores.audit import origin_of
from yayoi_link.export_files import ZIP_TYPE
from yayoi_link.forms.exports import PRODUCTS
from yayoi_link.forms.monthly_papers import PapersForm
from yayoi_link.history import LinkAction
from yayoi_link.importfile import Dialect
from yayoi_link.monthly_papers.making import make_papers
from yayoi_link.monthly_papers.scope import scope_for
from yayoi_link.monthly_papers.situation import concerns, read_situation


@never_cache
@require_GET
@requires(Ability.EXPORT)
def papers(request, month):
    """税理士向け月次資料: what is unproven about the month, before anybody takes its papers."""
    everything = visible_scope(request, month)
    form = PapersForm({"dialect": Dialect.DESKTOP} | request.GET.dict(), reader=request.user, month=month)
    scope = visible_scope(request, month, **form.chosen) if form.is_valid() else everything
    situation = read_situation(scope)
    shown = {"form": form, "scope": scope, "situation": situation, "concerns": list(concerns(situation))}
    return render(request, "yayoi_link/monthly_papers.html", shown)


@never_cache
@require_GET
@requires(Ability.EXPORT)
def download_papers(request, month):
    form = PapersForm(request.GET, reader=request.user, month=month)
    if not form.is_valid():
        raise Http404
    scope = visible_scope(request, month, **form.chosen)
    file = make_papers(scope)
    changes = {_("ファイル"): f"{scope.name}.zip", _("取り込む製品"): PRODUCTS[scope.dialect]}
    origin_of(request).record(LinkAction.PAPERS_TAKEN, store=form.chosen["store"], subject=f"{month:%Y-%m}", changes=changes)
    return FileResponse(file, as_attachment=True, filename=f"{scope.name}.zip", content_type=ZIP_TYPE)


def visible_scope(request, month, *, store=None, dialect=Dialect.DESKTOP):
    """A month in which no store that the visitor sees has a 営業日 does not exist for him."""
    scope = scope_for(request.user, month, store=store, dialect=dialect)
    if scope is None:
        raise Http404
    return scope
