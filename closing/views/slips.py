from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from closing import tax
from closing.access import visible_slips
from closing.categories import SlipKind, TaxCategory
from closing.forms.slips import SlipFilterForm
from closing.models import Closing, Slip
from closing.slip_corrections import black_slip_of, is_anything_left, what_is_left
from closing.tax_rounding import rounding_of
from closing.views.excess import excess_of
from closing.views.slip_pages import slip_page
from stores.access import Ability, allowed_at_till, may, requires

REDS = Prefetch("successors", Slip.objects.filter(kind=SlipKind.REVERSAL), to_attr="reds")


@require_GET
@requires(Ability.SEE_PORTAL)
def slips(request):
    form = SlipFilterForm(request.GET, reader=request.user)
    if "day" in form.errors:
        raise Http404
    page = slip_page(form.chosen(visible_slips(request)).knowing_flags().prefetch_related(REDS), request.GET)
    return render(request, "closing/slips/list.html", {"form": form, "page": page})


@require_GET
@allowed_at_till
@requires(Ability.SEE_PORTAL)
def slip(request, pk):
    """One slip, and where it leads: to the slips around it, to the 日計 that holds it, and to the journal."""
    visible = visible_slips(request).with_parts().prefetch_related(REDS, "splits__method").select_related("staff", "original")
    shown = get_object_or_404(visible, pk=pk)
    return render(
        request,
        "closing/slips/slip.html",
        {
            "slip": shown,
            "taxes": own_taxes(shown),
            "excess": excess_of(shown, request.user),
            "chain": chain_of(shown, visible_slips(request)),
            "closings": Closing.objects.filter(day=shown.day, entries__gte=shown.entry).select_related("closed_by").order_by("revision"),
            **next_steps(request, shown),
        },
    )


def own_taxes(slip):
    """Each part with what the portal would have put on the receipt; None for what carries no tax."""
    rounding = rounding_of(slip.register.store.company_id, on=slip.business_date)
    for part in slip.taxes.all():
        category = TaxCategory(part.category)
        yield part, tax.own_tax(part.amount, category, slip.business_date, rounding) if tax.is_taxed(category) else None


def next_steps(request, slip):
    """Whether 支払取消 or 訂正 is possible now: a red slip is corrected once, any other is taken back while something is left."""
    if not may(request.user, Ability.ENTER_SLIPS):
        return {}
    if slip.kind == SlipKind.REVERSAL:
        return {"may_correct": black_slip_of(slip) is None}
    return {"may_take_back": is_anything_left(slip, what_is_left(slip))}


def chain_of(slip, visible):
    """The slips around one, the first original first; what the reader may not see is left out."""
    first, seen = slip, {slip.pk}
    while first.original and first.original_id not in seen:
        first = first.original
        seen.add(first.pk)
    found, newest = {first.pk}, {first.pk}
    while newest := set(Slip.objects.filter(original__in=newest).values_list("pk", flat=True)) - found:
        found |= newest
    return list(visible.knowing_flags().filter(pk__in=found).order_by("received_at", "pk")) if len(found) > 1 else []
