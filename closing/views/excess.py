"""取消の超過 on the page of a slip: what is wrong, and its being let stand."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from closing.access import visible_slips
from closing.categories import SlipKind
from closing.excess_refunds import NothingInExcess, accept_excess
from closing.forms.slip_excess import AcceptExcessForm
from closing.models import Slip
from stores.access import Ability, may, requires, who_may
from stores.audit import origin_of


def excess_of(slip, person):
    """What the page of a slip says about it: of a red one, about the slip that it takes back."""
    taken_back = slip.original if slip.original and slip.kind == SlipKind.REVERSAL else slip
    if not taken_back.excess:
        return {}
    return {
        "slip": taken_back,
        "is_open": Slip.objects.in_excess().filter(pk=taken_back.pk).exists(),
        "accepted": taken_back.accepted_excesses.select_related("by"),
        "form": AcceptExcessForm(initial={"excess": taken_back.excess}) if may(person, Ability.CORRECT_SLIPS) else None,
        "who_accepts": who_may(Ability.CORRECT_SLIPS),
    }


@require_POST
@requires(Ability.CORRECT_SLIPS)
def accept(request, pk):
    excess = excess_of(get_object_or_404(visible_slips(request), pk=pk), request.user)
    if not excess:
        raise Http404
    form = AcceptExcessForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("理由を入力してください。何も登録していません。"))
        return redirect("closing:slip", pk)
    try:
        accept_excess(excess["slip"], **form.cleaned_data, by=origin_of(request))
    except NothingInExcess:
        messages.warning(request, _("先にほかの人が認めたか、金額が変わっています。何も登録していません。"))
    else:
        messages.success(request, _("取消の超過を認めました。"))
    return redirect("closing:slip", pk)
