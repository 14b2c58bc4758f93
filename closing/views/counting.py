from django.contrib import messages
from django.db import OperationalError
from django.forms import all_valid
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from closing.access import at_till
from closing.forms.count import CountForm
from closing.models import RegisterDay
from closing.models.totals import day_figures
from closing.register_closing import count_register, mark_rest_unused, recount
from closing.register_settlement import NotCounted, differences_without_reason, moved_since_count, registers_without_business
from closing.trading_day import AlreadyClosed, ChangedMeanwhile
from closing.views.close import count_forms
from closing.views.database_busy import safe_to_repeat, tell_busy
from closing.views.till_day import day_at_till
from closing.views.who_closed import tell_who_closed
from stores.access import Ability
from stores.audit import origin_of


@never_cache
@require_http_methods(["GET", "POST"])
@at_till(Ability.CLOSE_DAY)
@safe_to_repeat
def count(request, date, number):
    """レジ精算 of one register. The last one's count closes the day."""
    day = day_at_till(request, date)
    settled = get_object_or_404(RegisterDay.objects.filter(day=day).select_related("register"), register__number=number)
    if not day.is_open:
        return redirect("closing:result", date)
    form, status = count_form(day, number, request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            return count_as_typed(request, day, form)
        except AlreadyClosed as refusal:
            tell_who_closed(request, refusal.closing)
            return redirect("closing:result", date)
        except ChangedMeanwhile:
            messages.warning(request, _("入力中に伝票または入出金が登録されました。金額を確かめて、もう一度「確定」を押してください。"))
            form = count_form(day, number, request.POST)
        except OperationalError as failure:
            status = 503
            tell_busy(request, failure)
    return render(request, "closing/count_register.html", {"day": day, "settled": settled, "form": form}, status=status)


def count_form(day, number, submitted):
    cash = next(cash for cash in day_figures(day).registers if cash.register == number)
    is_idle = registers_without_business(day).filter(number=number).exists()
    return CountForm(submitted, cash=cash, is_idle=is_idle, tolerance=day.store.difference_tolerance)


def count_as_typed(request, day, form):
    seen = request.POST.get("expected", "")
    if seen != str(form.cash.expected_cash):
        raise ChangedMeanwhile
    closing = count_register(day, form.count, seen_expected=form.cash.expected_cash, by=origin_of(request))
    if closing:
        return redirect("closing:result", day.date)
    messages.success(request, _("レジ%(number)sを精算しました。ほかのレジの精算が済むと閉局します。") % {"number": form.cash.register})
    if moved := moved_since_count(day, day_figures(day)):
        numbers = _("、").join(map(str, moved))
        messages.warning(
            request, _("レジ%(numbers)sは、精算のあとに現金が動きました。「数え直す」から数え直すと閉局します。") % {"numbers": numbers}
        )
    return redirect("closing:till_day", day.date)


@require_POST
@at_till(Ability.MARK_UNUSED)
def rest_unused(request, date):
    day = day_at_till(request, date)
    try:
        mark_rest_unused(day, by=origin_of(request))
    except AlreadyClosed as refusal:
        tell_who_closed(request, refusal.closing)
    except NotCounted as refusal:
        numbers = _("、").join(str(number) for number in refusal.registers)
        messages.warning(request, _("レジ%(numbers)sには伝票か入出金があります。現金を数えて精算してください。") % {"numbers": numbers})
        return redirect("closing:till_day", date)
    return redirect("closing:result", date)


@never_cache
@require_http_methods(["GET", "POST"])
@at_till(Ability.RECLOSE_DAY)
def recount_day(request, date):
    """数え直し of a closed day, for instance after a 仮閉局."""
    day = day_at_till(request, date)
    if day.is_open:
        return redirect("closing:close", date)
    forms = count_forms(day, day_figures(day), request.POST or None)
    if request.method == "POST" and all_valid(forms):
        return recount_or_tell(request, day, forms)
    return render(request, "closing/recount.html", {"day": day, "forms": forms, "has_mistakes": any(form.errors for form in forms)})


def told_of_missing_reason(request, day, figures):
    """Whether a difference beyond the tolerance still needs its reason before the day can be closed again; says so."""
    if missing := differences_without_reason(day, figures):
        numbers = _("、").join(map(str, missing))
        messages.warning(
            request,
            _("閉局のあとの登録で、レジ%(numbers)sの現金差異が許容額を超えました。理由を入力して「確定」を押すと、閉局に進めます。")
            % {"numbers": numbers},
        )
    return bool(missing)


def recount_or_tell(request, day, forms):
    seen = request.POST.get("revision", "")
    try:
        recount(day, [form.count for form in forms], seen_revision=int(seen) if seen.isdecimal() else 0, by=origin_of(request))
    except ChangedMeanwhile:
        messages.warning(request, _("入力中にこの営業日が閉局し直されました。金額を確かめて、もう一度「確定」を押してください。"))
        return redirect("closing:recount", day.date)
    messages.success(request, _("数え直した金額を登録しました。「閉局」を押すと日計に入ります。"))
    return redirect("closing:till_day", day.date)
