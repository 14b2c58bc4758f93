from dataclasses import astuple
from datetime import date as date_type

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from closing.forms.moving import MoveForm, MoveNowForm
from closing.models import BusinessDay
from closing.month_locks import MonthLocked
from closing.moving_job import MOVE, is_long_work, order_move
from closing.moving_slips import movable, move_slips
from closing.slip_corrections import SlipRefused
from closing.slip_messages import sentence
from closing.templatetags.figures import jdate
from closing.trading_day import ChangedMeanwhile
from closing.views.from_afar import visible_day
from stores.access import Ability, requires
from stores.audit import origin_of
from stores.jobs import note_seen
from stores.models import Job


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Ability.MOVE_SLIPS)
def move(request, store_code, date):
    """営業日の付け替え: first choose and see, then do it."""
    day, today = visible_day(request, store_code, date), timezone.localdate()
    if request.method == "POST":
        form = MoveNowForm(request.POST, day=day, today=today)
        if form.is_valid() and (job := ordered_if_long(request, day, form.cleaned_data)):
            return redirect("closing:moved", job.pk)
        if form.is_valid() and moved_or_told(request, day, form.cleaned_data, today):
            return redirect("closing:day", store_code, form.cleaned_data["to"])
    else:
        form = MoveForm(request.GET or None, day=day, today=today)
    preview = preview_of(day, form)
    shown = {"day": day, "form": form, "preview": preview, "seen": preview and seen_text(preview)}
    shown["is_long"] = preview is not None and is_long_work(day, preview)
    return render(request, "closing/move.html", shown)


@never_cache
@require_GET
@requires(Ability.MOVE_SLIPS)
def moved(request, pk):
    """What has become of a move that a worker does."""
    job = get_object_or_404(Job.objects.visible_to(request.user).filter(kind=MOVE.name), pk=pk)
    days = BusinessDay.objects.visible_to(request.user).select_related("store")
    day = get_object_or_404(days, pk=job.wish["day"])
    note_seen(job)
    return render(request, "closing/moved.html", {"job": job, "day": day, "to": date_type.fromisoformat(job.wish["to"])})


def ordered_if_long(request, day, typed):
    """The job of a move that takes longer than a page may; None where it is short, or no longer what was seen."""
    found = movable(day, since=typed["since"], to=typed["to"])
    if seen_text(found) != typed["seen"] or not is_long_work(day, found):
        return None
    return order_move(day, since=typed["since"], to=typed["to"], seen=found, reason=typed["reason"], by=origin_of(request))


def preview_of(day, form):
    if not form.is_bound or {"since", "to"} & set(form.errors):
        return None
    return movable(day, since=form.cleaned_data.get("since"), to=form.cleaned_data["to"])


def seen_text(found):
    return " ".join(map(str, astuple(found)))


def moved_or_told(request, day, typed, today):
    found = movable(day, since=typed["since"], to=typed["to"])
    try:
        if seen_text(found) != typed["seen"]:
            raise ChangedMeanwhile
        move_slips(day, since=typed["since"], to=typed["to"], seen=found, reason=typed["reason"], by=origin_of(request), today=today)
    except ChangedMeanwhile:
        messages.warning(request, _("表示したあとに、伝票の登録や付け替えがありました。内容をもう一度ご確認ください。何も移していません。"))
    except MonthLocked as refusal:
        messages.warning(
            request, _("%(month)sは月次締め済みのため、移せません。") % {"month": date_format(refusal.day, "YEAR_MONTH_FORMAT")}
        )
    except SlipRefused as refusal:
        messages.warning(request, _("移せない伝票があります。何も移していません。%(problem)s") % {"problem": sentence(refusal.problems[0])})
    else:
        messages.success(request, _("伝票%(slips)s件を%(date)sに移しました。") % {"slips": found.slips, "date": jdate(typed["to"])})
        return True
    return False
