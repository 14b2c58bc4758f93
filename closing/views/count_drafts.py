from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from closing.access import at_till
from closing.count_drafts import begin_anew, go_on_with_others, save_draft
from closing.forms.count import InterimForm, typed_of
from closing.forms.day_counts import count_forms, hints_of
from closing.models import CountDraft, RegisterDay
from closing.models.totals import register_cash
from closing.unsent_count import take_unsent_count
from closing.views.till_day import day_at_till
from stores.access import Ability, may
from stores.audit import origin_of

COUNT = "#count"  # where the pages have their fields


@never_cache
@require_POST
@at_till(Ability.CLOSE_DAY)
def save(request, date, kind, number):
    """Keep what is typed of a count while it is typed, and say what its difference may come from."""
    day, register = day_and_register(request, date, number)
    if not takes_drafts(request.user, day, kind):
        return render(request, "closing/count_hints.html", {"is_over": True})
    form = form_of_register(day, number, kind, request.POST)
    draft = save_draft(day, register, kind, typed_of(number, request.POST), by=origin_of(request))
    return render(request, "closing/count_hints.html", {"hints": hints_of(day, form), "saved_at": draft.saved_at})


@never_cache
@require_POST
@at_till(Ability.CLOSE_DAY)
def begin(request, date, kind, number):
    """「続きから」 with what somebody else has typed, or 「はじめから数える」."""
    day, register = day_and_register(request, date, number)
    if takes_drafts(request.user, day, kind):
        start = go_on_with_others if request.POST.get("begin") == "others" else begin_anew
        start(day, register, kind, by=origin_of(request))
    page, till = request.GET.get("page", ""), reverse("closing:till_day", args=[date])
    return redirect(page + COUNT if page.startswith(till) else till)


def day_and_register(request, date, number):
    day = day_at_till(request, date)
    settled = get_object_or_404(RegisterDay.objects.filter(day=day).select_related("register"), register__number=number)
    return day, settled.register


def takes_drafts(person, day, kind):
    """Whether such a count can still be made of the day, by this person."""
    if kind not in CountDraft.Kind:
        raise Http404
    if kind == CountDraft.Kind.RECOUNT:
        return not day.is_open and may(person, Ability.RECLOSE_DAY)
    return day.is_open


def form_of_register(day, number, kind, submitted):
    drawers = [cash for cash in register_cash(day) if cash.register == number]
    if kind == CountDraft.Kind.INTERIM:
        return InterimForm(submitted, cash=drawers[0], tolerance=day.store.difference_tolerance)
    return count_forms(day, drawers, submitted=submitted)[0]


def keep_what_was_typed(request, day, kind, submitted):
    """Make drafts of what was typed of each register that the page had."""
    for settled in RegisterDay.objects.filter(day=day).select_related("register"):
        if typed := typed_of(settled.register.number, submitted):
            save_draft(day, settled.register, kind, typed, by=origin_of(request))


def restores_unsent_count(request, day, kind):
    """Whether the browser still had a count of this page that nobody could register; it is a draft from now on."""
    typed = take_unsent_count(request, day)
    if typed is None:
        return False
    keep_what_was_typed(request, day, kind, typed)
    messages.info(request, _("ログインの有効期限が切れたため、まだ登録していません。入力した内容を戻しました。続きから進めてください。"))
    return True
