from django.contrib import messages
from django.db import OperationalError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from closing.access import at_till
from closing.forms.day_counts import begun_forms, sent_forms
from closing.models import Closing, CountDraft
from closing.models.totals import day_figures
from closing.register_settlement import figures_as_counted
from closing.trading_day import AlreadyClosed, ChangedMeanwhile, close_day
from closing.unsent_count import keeps_unsent_count
from closing.views.count_drafts import COUNT, keep_what_was_typed, restores_unsent_count
from closing.views.database_busy import safe_to_repeat, tell_busy
from closing.views.meanwhile import tell_what_came_in
from closing.views.till_day import day_at_till
from closing.views.who_closed import tell_who_closed
from stores.access import Ability
from stores.audit import origin_of

PREVIEW = "#preview"


@never_cache
@require_http_methods(["GET", "POST"])
@at_till(Ability.CLOSE_DAY)
@safe_to_repeat
@keeps_unsent_count
def close(request, date):
    """閉局 in three steps of one page. What was counted stays until it counts: after a mistake, and after a slip that came in meanwhile."""
    day = day_at_till(request, date)
    if request.method == "GET":
        return begin_or_go_on(request, day) if day.is_open else redirect("closing:result", date)
    try:
        return review(request, day) if "review" in request.POST and day.is_open else close_as_counted(request, day)
    except AlreadyClosed as refusal:
        tell_who_closed(request, refusal.closing)
        return redirect("closing:result", date)
    except ChangedMeanwhile:
        day = day_at_till(request, date)
        tell_what_came_in(request, day, seen=request.POST.get("entries"))
        return render_sent(request, day)
    except OperationalError as failure:
        return render_after_failure(request, date, failure)


def begin_or_go_on(request, day):
    if restores_unsent_count(request, day, CountDraft.Kind.SETTLEMENT):
        return redirect(request.path + COUNT)
    figures = day_figures(day)
    return render_steps(request, day, figures, begun_forms(day, figures.registers, request.user))


def review(request, day):
    """弥生に送る内容 of what was counted, or the mistakes in it. It is a page of its own address: loading it again sends nothing."""
    keep_what_was_typed(request, day, CountDraft.Kind.SETTLEMENT, request.POST)
    if any(form.errors for form in sent_forms(day, day_figures(day).registers, request.POST)):
        return render_sent(request, day)
    return redirect(request.path + PREVIEW)


def close_as_counted(request, day):
    """Close with the counts of the form, unless they cannot be taken as they are, or are others than those that were shown."""
    if not day.is_open:
        raise AlreadyClosed(day)
    if request.POST.get("entries") != str(day.entries):
        raise ChangedMeanwhile
    forms = sent_forms(day, day_figures(day).registers, request.POST)
    if any(form.errors for form in forms):
        return render_sent(request, day)
    if request.POST.get("reviewed", "") not in ("", key_of(forms)):
        messages.warning(request, _("確かめたあとに金額が変わりました。内容を確かめて、もう一度「確定」を押してください。"))
        return render_sent(request, day)
    close_day(day, counts=[form.count for form in forms], seen_entries=day.entries, by=origin_of(request))
    return redirect("closing:result", day.date)


def render_after_failure(request, date, failure):
    """The commit itself may have failed: whether the day is closed is in the day only."""
    day = day_at_till(request, date)
    if not day.is_open:
        return redirect("closing:result", date)
    tell_busy(request, failure)
    return render_sent(request, day, status=503)


def render_sent(request, day, *, status=200):
    figures = day_figures(day)
    return render_steps(request, day, figures, sent_forms(day, figures.registers, request.POST), status=status)


def render_steps(request, day, figures, forms, *, status=200):
    """Show the step that is next: after a mistake the count, after anything else that was sent the preview."""
    is_counted = all(form.is_bound and not form.errors for form in forms)
    counted = figures_as_counted(figures, [form.count for form in forms]) if is_counted else None
    has_mistakes = any(form.errors for form in forms)
    start = "figures" if request.method == "GET" else "count" if has_mistakes else "preview"
    steps = {"start": start, "has_mistakes": has_mistakes, "reviewed": key_of(forms) if is_counted else ""}
    shown = {"day": day, "figures": figures, "counted": counted, "forms": forms, **steps}
    return render(request, "closing/close.html", shown, status=status)


def key_of(forms):
    """What was counted and what stays, so that nobody confirms another amount than the one on the screen."""
    return " ".join(f"{count.register}:{count.actual_cash}:{count.carry_over}" for count in (form.count for form in forms))


@never_cache
@require_GET
@at_till(Ability.OPEN_DAY)
def result(request, date):
    day = day_at_till(request, date)
    closing = get_object_or_404(Closing.objects.filter(day=day).select_related("closed_by"), revision=day.revision)
    return render(request, "closing/result.html", {"day": day, "closing": closing, "figures": closing.figures})
