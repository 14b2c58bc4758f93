from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from closing.access import stores_of_visitor, visible_notes
from closing.forms.handover import HandoverForm
from closing.handover import NoteSettled, confirm_note, day_of_writing, take_back_note, write_note
from closing.trading_day import AlreadyRecorded
from stores.access import Ability, allowed_at_till, may, requires
from stores.audit import origin_of

NOTES_PER_PAGE = 50


@never_cache
@require_GET
@allowed_at_till
@requires(Ability.SEE_PORTAL)
def handover(request):
    """引継メモ: all that were left at the visitor's stores, the newest first."""
    return render_notes(request, HandoverForm(stores=stores_of_visitor(request)))


@require_POST
@allowed_at_till
@requires(Ability.WRITE_NOTES)
def write(request):
    form = HandoverForm(request.POST, stores=stores_of_visitor(request))
    if not form.is_valid():
        return render_notes(request, form)
    store = form.cleaned_data["store"]
    written_on = day_of_writing(store, today=timezone.localdate())
    try:
        write_note(store, date=written_on, text=form.cleaned_data["text"], key=form.cleaned_data["uuid"], by=origin_of(request))
    except AlreadyRecorded:
        messages.info(request, _("この引継メモは登録済みです。二重には登録していません。"))
    else:
        messages.success(request, _("引継メモを残しました。"))
    return back(request)


@require_POST
@allowed_at_till
@requires(Ability.WRITE_NOTES)
def confirm(request, pk):
    note = get_object_or_404(visible_notes(request), pk=pk)
    try:
        confirm_note(note, by=origin_of(request))
    except NoteSettled:
        messages.info(request, _("この引継メモは、ほかの人が先に確認したか、取り消されています。"))
    else:
        messages.success(request, _("引継メモを確認済みにしました。"))
    return back(request)


@require_POST
@allowed_at_till
@requires(Ability.WRITE_NOTES)
def take_back(request, pk):
    note = get_object_or_404(visible_notes(request), pk=pk)
    if note.written_by_id != request.user.pk:
        raise PermissionDenied(_("引継メモを取り消せるのは、書いた本人だけです。"))
    try:
        take_back_note(note, by=origin_of(request))
    except NoteSettled:
        messages.info(request, _("この引継メモは確認済みか取消済みのため、取り消せません。"))
    else:
        messages.success(request, _("引継メモを取り消しました。"))
    return back(request)


def back(request):
    """To the screen on which the note was seen: the till's day, or TOP."""
    if request.till_store is None:
        return redirect("top")
    try:
        return redirect("closing:till_day", date.fromisoformat(request.POST.get("till_day", "")))
    except ValueError:
        return redirect("closing:till")


def render_notes(request, form):
    notes = visible_notes(request).standing().with_people()
    page = Paginator(notes, NOTES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "closing/handover.html", {"page": page, "form": form, "may_write": may(request.user, Ability.WRITE_NOTES)})
