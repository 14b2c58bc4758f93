"""Who reaches the pages of レジ業務: the operator who signed in there, with his own rights and his one store."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from closing.models import CashMovement, HandoverNote, KeptSlip, Slip
from closing.month_locks import MonthLocked
from stores.access import Ability, allowed_at_till, may, requires
from stores.models import Register, Store


def at_till(ability: Ability) -> Callable:
    """Decorate a page of レジ業務 with what its operator must be able to do; whoever has not signed in there is led to the sign-in and back."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.till_store is None:
                return redirect_to_login(request.path, reverse("closing:till")) if request.method == "GET" else redirect("closing:till")
            try:
                return view(request, *args, **kwargs)
            except MonthLocked as refusal:
                messages.warning(
                    request, _("%(month)sは月次締め済みのため、変更できません。") % {"month": date_format(refusal.day, "YEAR_MONTH_FORMAT")}
                )
                return redirect("closing:till_day", refusal.day)

        return allowed_at_till(requires(ability)(guarded))

    return decorate


def visible_slips(request):
    """Return the slips that exist for the visitor; at レジ業務 those of that store only."""
    visible = Slip.objects.visible_to(request.user).select_related("day__store__company", "register__store")
    return visible.of_stores([request.till_store]) if request.till_store else visible


def usable_registers(request):
    """Return the registers on which the visitor may book a slip."""
    usable = Register.objects.visible_to(request.user).in_use().filter(store__in=Store.objects.retail().in_use()).select_related("store")
    return usable.filter(store=request.till_store) if request.till_store else usable


def visible_kept_slips(request):
    """Return what was kept for the stores that the visitor sees."""
    return KeptSlip.objects.visible_to(request.user).select_related("store__company")


def visible_movements(request):
    """Return the 入出金 that exist for the visitor; at レジ業務 those of that store only."""
    visible = CashMovement.objects.visible_to(request.user).with_parts().select_related("day__store__company")
    return visible.filter(day__store=request.till_store) if request.till_store else visible


def visible_notes(request):
    """Return the 引継メモ that exist for the visitor; at レジ業務 those of that store only."""
    visible = HandoverNote.objects.visible_to(request.user)
    return visible.filter(store=request.till_store) if request.till_store else visible


def stores_of_visitor(request):
    """Return the stores that the visitor works for now; at レジ業務 that one only."""
    stores = Store.objects.visible_to(request.user).retail().in_use()
    return stores.filter(pk=request.till_store.pk) if request.till_store else stores


def may_change_movements(person, day):
    """Whether the person may correct 入出金 of the day: of a closed one like its slips."""
    return may(person, Ability.RECORD_CASH if day.is_open else Ability.CORRECT_SLIPS)
