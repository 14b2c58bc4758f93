from django.contrib import messages
from django.db import OperationalError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from closing.access import at_till
from closing.forms.day_counts import begun_forms, sent_forms
from closing.models import CountDraft, RegisterDay
from closing.models.totals import day_figures, register_cash
from closing.register_closing import count_register, mark_rest_unused, recount
from closing.register_settlement import NotCounted, differences_without_reason, moved_since_count
from closing.trading_day import AlreadyClosed, ChangedMeanwhile
from closing.unsent_count import keeps_unsent_count
from closing.views.count_drafts import COUNT, restores_unsent_count
from closing.views.database_busy import safe_to_repeat, tell_busy
from closing.views.meanwhile import tell_what_came_in
from closing.views.till_day import day_at_till
from closing.views.who_closed import tell_who_closed
from stores.access import Ability
from stores.audit import origin_of


@never_cache
@require_http_methods(["GET", "POST"])
@at_till(Ability.CLOSE_DAY)
@safe_to_repeat
@keeps_unsent_count
def count(request, date, number):
    """レジ精算 of one register. The last one's count closes the day."""
    day = day_at_till(request, date)
    settled = get_object_or_404(RegisterDay.objects.filter(day=day).select_related("register"), register__number=number)
    if not day.is_open:
        return redirect("closing:result", date)
    if request.method == "GET" and restores_unsent_count(request, day, CountDraft.Kind.SETTLEMENT):
        return redirect(request.path + COUNT)
    form, status = count_form(request, day, number), 200
    if form.is_bound and not form.errors and request.method == "POST":
        try:
            return count_as_typed(request, day, form)
        except AlreadyClosed as refusal:
            tell_who_closed(request, refusal.closing)
            return redirect("closing:result", date)
        except ChangedMeanwhile:
            tell_what_came_in(request, day)
            form = count_form(request, day, number)
        except OperationalError as failure:
            status = 503
            tell_busy(request, failure)
    return render(request, "closing/count_register.html", {"day": day, "settled": settled, "form": form}, status=status)


def count_form(request, day, number):
    drawers = [cash for cash in register_cash(day) if cash.register == number]
    is_sent = request.method == "POST"
    return (sent_forms(day, drawers, request.POST) if is_sent else begun_forms(day, drawers, request.user))[0]


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
@keeps_unsent_count
def recount_day(request, date):
    """数え直し of a closed day, for instance after a 仮閉局."""
    day = day_at_till(request, date)
    if day.is_open:
        return redirect("closing:close", date)
    if request.method == "GET":
        return recount_or_go_on(request, day)
    forms = sent_forms(day, register_cash(day), request.POST)
    if any(form.errors for form in forms):
        return render_recount(request, day, forms)
    return register_recount(request, day, forms)


def recount_or_go_on(request, day):
    if restores_unsent_count(request, day, CountDraft.Kind.RECOUNT):
        return redirect(request.path + COUNT)
    return render_recount(request, day, begun_forms(day, register_cash(day), request.user, CountDraft.Kind.RECOUNT))


def render_recount(request, day, forms):
    shown = {"day": day, "forms": forms, "kind": CountDraft.Kind.RECOUNT, "has_mistakes": any(form.errors for form in forms)}
    return render(request, "closing/recount.html", shown)


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


def register_recount(request, day, forms):
    seen = request.POST.get("revision", "")
    try:
        recount(day, [form.count for form in forms], seen_revision=int(seen) if seen.isdecimal() else 0, by=origin_of(request))
    except ChangedMeanwhile:
        messages.warning(request, _("入力中にこの営業日が閉局し直されました。金額を確かめて、もう一度「確定」を押してください。"))
        return redirect("closing:recount", day.date)
    messages.success(request, _("数え直した金額を登録しました。「閉局」を押すと日計に入ります。"))
    return redirect("closing:till_day", day.date)
