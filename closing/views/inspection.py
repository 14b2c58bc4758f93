from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from closing.access import at_till
from closing.forms.count import InterimForm
from closing.forms.day_counts import begun_interim_form, with_hints
from closing.interim_counting import count_interim
from closing.models import CountDraft, InterimCount, RegisterDay
from closing.models.totals import day_figures, register_cash
from closing.trading_day import AlreadyClosed, AlreadyRecorded, ChangedMeanwhile
from closing.unsent_count import keeps_unsent_count
from closing.views.count_drafts import COUNT, restores_unsent_count
from closing.views.meanwhile import tell_what_came_in
from closing.views.till_day import day_at_till
from closing.views.who_closed import tell_who_closed
from stores.access import Ability
from stores.audit import origin_of


@never_cache
@require_GET
@at_till(Ability.OPEN_DAY)
def inspect(request, date):
    """点検: the figures as they stand now. Looking changes nothing."""
    day = day_at_till(request, date)
    shown = {"day": day, "figures": day_figures(day), "inspected_at": timezone.now(), "interim_counts": interim_counts_of(day)}
    return render(
        request, "closing/inspection.html", shown | {"register_days": RegisterDay.objects.filter(day=day).select_related("register")}
    )


def interim_counts_of(day):
    return InterimCount.objects.filter(day=day).select_related("register", "counted_by")


@never_cache
@require_http_methods(["GET", "POST"])
@at_till(Ability.CLOSE_DAY)
@keeps_unsent_count
def count_shift(request, date, number):
    """中締め of one register."""
    day = day_at_till(request, date)
    settled = get_object_or_404(RegisterDay.objects.filter(day=day).select_related("register"), register__number=number)
    if not day.is_open:
        return redirect("closing:inspection", date)
    if request.method == "GET" and restores_unsent_count(request, day, CountDraft.Kind.INTERIM):
        return redirect(request.path + COUNT)
    form = interim_form(request, day, number)
    if request.method == "POST" and form.is_valid():
        try:
            return count_as_typed(request, day, settled.register, form)
        except AlreadyClosed as refusal:
            tell_who_closed(request, refusal.closing)
            return redirect("closing:result", date)
        except AlreadyRecorded:
            messages.info(request, _("この中締めはすでに登録されています。"))
            return redirect("closing:inspection", date)
        except ChangedMeanwhile:
            tell_what_came_in(request, day)
            form = interim_form(request, day, number)
    shown = {"day": day, "settled": settled, "form": form, "kind": CountDraft.Kind.INTERIM}
    return render(request, "closing/interim.html", shown)


def interim_form(request, day, number):
    cash = next(cash for cash in register_cash(day) if cash.register == number)
    if request.method == "GET":
        return begun_interim_form(day, cash, request.user)
    return with_hints(day, [InterimForm(request.POST, cash=cash, tolerance=day.store.difference_tolerance)])[0]


def count_as_typed(request, day, register, form):
    if request.POST.get("expected") != str(form.cash.expected_cash):
        raise ChangedMeanwhile
    typed, seen = form.cleaned_data, form.cash.expected_cash
    interim = count_interim(
        day, register, form.count, shift=typed["shift"], seen_expected=seen, form_key=typed["form_key"], by=origin_of(request)
    )
    messages.success(
        request, _("%(register)sの中締め（%(number)s回目）を登録しました。") % {"register": register, "number": interim.number}
    )
    return redirect("closing:inspection", day.date)
