from django.contrib import messages
from django.db import OperationalError
from django.forms import all_valid
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from closing.access import at_till
from closing.forms.count import CountForm
from closing.models import Closing
from closing.models.totals import day_figures
from closing.register_settlement import registers_without_business
from closing.trading_day import AlreadyClosed, ChangedMeanwhile, close_day
from closing.views.database_busy import safe_to_repeat, tell_busy
from closing.views.till_day import day_at_till
from closing.views.who_closed import tell_who_closed
from stores.access import Ability
from stores.audit import origin_of


@never_cache
@require_http_methods(["GET", "POST"])
@at_till(Ability.CLOSE_DAY)
@safe_to_repeat
def close(request, date):
    """閉局. What was counted stays in the form until it counts: after a mistake, and after a slip that came in meanwhile."""
    day = day_at_till(request, date)
    if request.method == "GET":
        return render_count(request, day) if day.is_open else redirect("closing:result", date)
    try:
        is_closed = close_as_counted(request, day)
    except AlreadyClosed as refusal:
        tell_who_closed(request, refusal.closing)
        return redirect("closing:result", date)
    except ChangedMeanwhile:
        messages.warning(request, _("入力中に伝票または入出金が登録されました。金額を確かめて、もう一度「確定」を押してください。"))
        return render_count(request, day_at_till(request, date))
    except OperationalError as failure:
        return render_after_failure(request, date, failure)
    return redirect("closing:result", date) if is_closed else render_count(request, day)


def render_after_failure(request, date, failure):
    """The commit itself may have failed: whether the day is closed is in the day only."""
    day = day_at_till(request, date)
    if not day.is_open:
        return redirect("closing:result", date)
    tell_busy(request, failure)
    return render_count(request, day, status=503)


def close_as_counted(request, day):
    """Close with the counts of the form; False when they cannot be taken as they are."""
    if not day.is_open:
        raise AlreadyClosed(day)
    if request.POST.get("entries") != str(day.entries):
        raise ChangedMeanwhile
    forms = count_forms(day, day_figures(day), request.POST)
    if not all_valid(forms):
        return False
    close_day(day, counts=[form.count for form in forms], seen_entries=day.entries, by=origin_of(request))
    return True


def render_count(request, day, *, status=200):
    figures = day_figures(day)
    forms = count_forms(day, figures, request.POST or None)
    has_mistakes = any(form.errors for form in forms)
    shown = {"day": day, "figures": figures, "forms": forms, "has_mistakes": has_mistakes}
    return render(request, "closing/close.html", shown, status=status)


def count_forms(day, figures, submitted):
    idle = set(registers_without_business(day).values_list("number", flat=True))
    tolerance = day.store.difference_tolerance
    return [CountForm(submitted, cash=cash, is_idle=cash.register in idle, tolerance=tolerance) for cash in figures.registers]


@never_cache
@require_GET
@at_till(Ability.OPEN_DAY)
def result(request, date):
    day = day_at_till(request, date)
    closing = get_object_or_404(Closing.objects.filter(day=day).select_related("closed_by"), revision=day.revision)
    return render(request, "closing/result.html", {"day": day, "closing": closing, "figures": closing.figures})
