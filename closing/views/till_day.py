from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from closing.access import at_till, may_change_movements
from closing.forms.cash import FloatForm
from closing.models import BusinessDay, CashMovement, RegisterDay, Slip
from closing.models.totals import day_figures
from closing.register_settlement import moved_since_count, registers_without_business
from closing.templatetags.day_report import float_in_words
from closing.templatetags.figures import yen
from closing.trading_day import AlreadyClosed, set_opening_float
from closing.views.who_closed import tell_who_closed
from stores.access import Ability, may
from stores.audit import origin_of

LAST_SLIPS = 20


def day_at_till(request, date):
    """The day of the till's store; what lies outside of it does not exist here."""
    days = BusinessDay.objects.visible_to(request.user).select_related("store__company", "opened_by")
    return get_object_or_404(days, store=request.till_store, date=date)


@never_cache
@require_GET
@at_till(Ability.OPEN_DAY)
def till_day(request, date):
    return render_till(request, day_at_till(request, date))


@never_cache
@require_POST
@at_till(Ability.OPEN_DAY)
def set_float(request, date, number):
    day = day_at_till(request, date)
    settled = get_object_or_404(RegisterDay.objects.filter(day=day).select_related("register"), register__number=number)
    form = FloatForm(request.POST, settled=settled)
    if not form.is_valid():
        return render_till(request, day, corrected=form)
    try:
        set_opening_float(day, settled.register, amount=form.cleaned_data["amount"], by=origin_of(request))
    except AlreadyClosed as refusal:
        tell_who_closed(request, refusal.closing)
    else:
        messages.success(request, float_sentence(settled, form.cleaned_data["amount"]))
    return redirect("closing:till_day", date)


def float_sentence(settled, amount):
    return _("%(register)sの釣銭準備金を%(amount)sにしました（%(compared)s）。") % {
        "register": settled.register,
        "amount": yen(amount),
        "compared": float_in_words(amount - settled.proposed_float),
    }


def render_till(request, day, *, corrected=None):
    figures = day_figures(day)
    registers = list(RegisterDay.objects.filter(day=day).select_related("register"))
    forms = [FloatForm(settled=settled) for settled in registers]
    if corrected:
        forms = [corrected if form.settled == corrected.settled else form for form in forms]
    return render(
        request,
        "closing/till_day.html",
        {
            "day": day,
            "figures": figures,
            "float_forms": forms,
            "moved_registers": moved_since_count(day, figures) if day.is_open else [],
            "movements": CashMovement.objects.filter(day=day).with_parts(),
            "slips": Slip.objects.filter(day=day).select_related("register").order_by("-entry", "-pk")[:LAST_SLIPS],
            "may_change_movements": may_change_movements(request.user, day),
            "may_recount": may(request.user, Ability.RECLOSE_DAY),
            "unused_rest": unused_rest(request, day),
            "forgotten_days": BusinessDay.objects.filter(store=day.store).overdue(timezone.now()).exclude(pk=day.pk),
        },
    )


def unused_rest(request, day):
    """The registers that a manager may mark as 本日未使用 to close the day: all that are left, and nobody has used them."""
    if not day.is_open or not may(request.user, Ability.MARK_UNUSED):
        return []
    left = RegisterDay.objects.filter(day=day, state=RegisterDay.State.OPEN).select_related("register")
    is_begun = RegisterDay.objects.filter(day=day, state=RegisterDay.State.COUNTED).exists()
    idle = set(registers_without_business(day).values_list("pk", flat=True))
    return list(left) if is_begun and all(settled.register_id in idle for settled in left) else []
