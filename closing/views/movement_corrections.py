from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from closing.access import visible_movements
from closing.forms.movement_corrections import CancelMovementForm, CorrectMovementForm
from closing.month_locks import MonthLocked
from closing.movement_corrections import AlreadyCancelled, cancel_movement, correct_movement
from closing.trading_day import AlreadyRecorded
from stores.access import Ability, allowed_at_till, check_may, requires
from stores.audit import origin_of


@never_cache
@require_http_methods(["GET", "POST"])
@allowed_at_till
@requires(Ability.RECORD_CASH)
def correct(request, pk):
    """入出金の訂正, and the decision about a 登録番号 that was 要確認."""
    movement = movement_to_change(request, pk)
    if movement.is_cancelled:
        return told_it_is_cancelled(request, movement)
    form = CorrectMovementForm(request.POST or None, movement=movement) if movement.is_correctable else None
    if request.method == "POST" and form and form.is_valid():
        change = partial(correct_movement, movement, form.movement, reason=form.cleaned_data["why"])
        return tried(request, movement, change, done=_("入出金を訂正しました。"))
    return render_correction(request, movement, form=form)


@require_POST
@allowed_at_till
@requires(Ability.RECORD_CASH)
def cancel(request, pk):
    movement = movement_to_change(request, pk)
    form = CancelMovementForm(request.POST)
    if not form.is_valid():
        shown = CorrectMovementForm(movement=movement) if movement.is_correctable else None
        return render_correction(request, movement, form=shown, cancel_form=form)
    change = partial(cancel_movement, movement, reason=form.cleaned_data["reason"])
    return tried(request, movement, change, done=_("入出金を取り消しました。"))


def movement_to_change(request, pk):
    """The movement, for whoever may change it: on a closed day those who may correct slips there."""
    movement = get_object_or_404(visible_movements(request), pk=pk)
    if not movement.day.is_open:
        check_may(request.user, Ability.CORRECT_SLIPS)
    return movement


def tried(request, movement, change, *, done):
    """Say what came of it, and go back to the day."""
    try:
        change(by=origin_of(request))
    except MonthLocked as refusal:
        month = date_format(refusal.day, "YEAR_MONTH_FORMAT")
        messages.warning(request, _("%(month)sは月次締め済みのため、変更できません。締めを解除してから行ってください。") % {"month": month})
    except (AlreadyCancelled, AlreadyRecorded):
        return told_it_is_cancelled(request, movement)
    else:
        messages.success(request, done)
    return back_to_day(request, movement)


def told_it_is_cancelled(request, movement):
    messages.info(request, _("この入出金は、すでに取消または訂正されています。"))
    return back_to_day(request, movement)


def back_to_day(request, movement):
    if request.till_store:
        return redirect("closing:till_day", movement.day.date)
    return redirect("closing:day", movement.day.store.code, movement.day.date)


def render_correction(request, movement, *, form=None, cancel_form=None):
    shown = {
        "movement": movement,
        "shown": [movement],
        "day": movement.day,
        "form": form,
        "cancel_form": cancel_form or CancelMovementForm(),
    }
    return render(request, "closing/correct_movement.html", shown)
