"""マスタ › CSV: the same pages for every master, `kind` says which."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stores.access import Ability, check_may, requires
from stores.audit import origin_of
from stores.forms.master_files import MasterFileForm, TakeInForm
from stores.master_files.description import MASTER_FILES, cells_of
from stores.master_files.plan import CHANGED, FATES, NEW, REFUSED, plan_of
from stores.master_files.reading import FileRefused
from stores.master_files.taking_in import ChangedSincePreview, take_in
from stores.spreadsheet import csv_lines

PROBLEMS_SHOWN = 20


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Ability.EDIT_MASTERS)
def master_file(request, kind):
    """Where a file is chosen; a chosen one is shown, and nothing is written."""
    file = file_of(request, kind)
    form = MasterFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["file"]
        try:
            return show_preview(request, file, chosen.read(), chosen.name)
        except FileRefused as refused:
            form.add_error("file", refused.args[0][:PROBLEMS_SHOWN])
    return render(request, "stores/master_files/choose.html", {"file": file, "form": form, "columns": file.columns(request.user)})


@require_GET
@requires(Ability.EDIT_MASTERS)
def master_file_download(request, kind):
    file = file_of(request, kind)
    columns = file.columns(request.user)
    rows = (cells_of(row, columns).values() for row in file.rows(request.user))
    response = HttpResponse(csv_lines([column.heading for column in columns], rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}-{timezone.localdate():%Y%m%d}.csv"'
    return response


# Initial passwords are in the answer itself: they are shown once and lie in no session, message or URL.
@never_cache
@require_POST
@requires(Ability.EDIT_MASTERS)
def take_in_master_file(request, kind):
    file, form = file_of(request, kind), TakeInForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("ファイルをもう一度選んでください。"))
        return redirect("stores:master_file", kind)
    content, name = form.cleaned_data["content"], form.cleaned_data["name"]
    try:
        taken = take_in(file, content, name=name, seen=form.cleaned_data["seen"], by=origin_of(request))
    except FileRefused:
        messages.error(request, _("ファイルをもう一度選んでください。"))
        return redirect("stores:master_file", kind)
    except ChangedSincePreview:
        messages.warning(request, _("表示したあとに登録内容が変わったため、取り込んでいません。いまの内容でもう一度ご確認ください。"))
        return show_preview(request, file, content, name)
    messages.success(
        request,
        _("%(title)sを取り込みました（新規%(new)s件、変更%(changed)s件）。マスタ同期を実施してください。")
        % {"title": file.title, "new": taken.counts[NEW], "changed": taken.counts[CHANGED]},
    )
    if taken.passwords:
        return render(request, "stores/sign_in_notices.html", {"passwords": taken.passwords})
    return redirect(file.page)


def show_preview(request, file, content, name):
    plan = plan_of(content, file, request.user)
    shown = {
        "file": file,
        "plan": plan,
        "name": name,
        "counts": [(fate, FATES[fate], plan.counts[fate]) for fate in FATES],
        "refused": plan.of(REFUSED),
        "written": [*plan.of(CHANGED), *plan.of(NEW)],
        "form": TakeInForm.showing(content, name=name, seen=plan.digest),
    }
    return render(request, "stores/master_files/preview.html", shown)


def file_of(request, kind):
    if kind not in MASTER_FILES:
        raise Http404
    check_may(request.user, MASTER_FILES[kind].ability)
    return MASTER_FILES[kind]
