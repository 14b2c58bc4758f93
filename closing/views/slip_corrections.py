import re
from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from closing.access import usable_registers, visible_slips
from closing.categories import SlipKind
from closing.distant_refunds import take_back_by_receipt
from closing.forms.distant_refunds import DistantRefundForm
from closing.forms.slip_entry import SlipForm, TakeBackForm, methods_for
from closing.models import BusinessDay
from closing.slip_cells import read_day
from closing.slip_corrections import (
    AlreadyCorrected,
    SlipRefused,
    black_slip_of,
    content_of,
    enter_slip,
    is_anything_left,
    refundable,
    what_is_left,
)
from closing.slip_corrections import take_back as book_red_slip
from closing.templatetags.figures import yen
from stores.access import Ability, allowed_at_till, requires
from stores.audit import origin_of

PK = re.compile(r"[0-9]{1,18}")


@never_cache
@require_http_methods(["GET", "POST"])
@allowed_at_till
@requires(Ability.ENTER_SLIPS)
def take_back(request, pk):
    """支払取消."""
    original = get_object_or_404(visible_slips(request).with_parts().exclude(kind=SlipKind.REVERSAL), pk=pk)
    left = what_is_left(original)
    if not is_anything_left(original, left):
        messages.info(request, _("この伝票は、すべて取消済みです。"))
        return redirect("closing:slip", pk)
    methods = methods_for(request.user.company_id, also=[payment.method.code for payment in original.payments.all()])
    form = TakeBackForm(
        request.POST or None,
        original=original,
        left=left,
        refundable=refundable(original),
        methods=methods,
        **place_of_entry(request, beside=original),
    )
    if request.method == "POST" and form.is_valid():
        book = partial(book_red_slip, original, form.taking, business_date=form.cleaned_data["business_date"])
        if red := booked(request, form, book):
            return told_of_red_slip(request, red)
    return render(request, "closing/slips/take_back.html", {"form": form, "slip": original})


@never_cache
@require_http_methods(["GET", "POST"])
@allowed_at_till
@requires(Ability.ENTER_SLIPS)
def take_back_elsewhere(request):
    """支払取消 of a slip of any store, by its receipt: nothing of the slip is shown."""
    form = DistantRefundForm(request.POST or None, methods=methods_for(request.user.company_id), **place_of_entry(request))
    if request.method == "POST" and form.is_valid():
        said = form.slip_content(by=origin_of(request))
        if red := booked(request, form, partial(take_back_by_receipt, form.original, said, reason=form.chosen_reason)):
            return told_of_red_slip(request, red)
    return render(request, "closing/slips/take_back_elsewhere.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
@allowed_at_till
@requires(Ability.ENTER_SLIPS)
def correct(request, pk):
    """訂正: the black slip that follows a red one, prefilled with what the first slip said."""
    red = get_object_or_404(visible_slips(request).filter(kind=SlipKind.REVERSAL).select_related("original"), pk=pk)
    if black := black_slip_of(red):
        messages.info(request, _("この赤伝票には、黒伝票 %(number)s があります。") % {"number": black.number})
        return redirect("closing:slip", black.pk)
    # The slip of another store is not shown to whom it does not exist for.
    original = visible_slips(request).with_parts().filter(pk=red.original_id).first()
    return enter(request, "closing/slips/correct.html", corrects=red, content=original and content_of(original))


@never_cache
@require_http_methods(["GET", "POST"])
@allowed_at_till
@requires(Ability.ENTER_SLIPS)
def new_slip(request):
    return enter(request, "closing/slips/new.html")


def told_of_red_slip(request, red):
    messages.success(request, _("赤伝票 %(number)s（%(amount)s）を登録しました。") % {"number": red.number, "amount": yen(red.total)})
    return redirect("closing:slip", red.pk)


def enter(request, template, *, corrects=None, content=None):
    """The form of a whole slip, until it is booked."""
    methods = methods_for(request.user.company_id, also=[payment.method for payment in content.payments] if content else [])
    form = SlipForm(request.POST or None, methods=methods, content=content, **place_of_entry(request, beside=corrects))
    if request.method == "POST" and form.is_valid():
        book = partial(enter_slip, form.slip_content(by=origin_of(request)), corrects=corrects)
        if slip := booked(request, form, book):
            messages.success(
                request, _("伝票 %(number)s（%(amount)s）を登録しました。") % {"number": slip.number, "amount": yen(slip.total)}
            )
            return redirect(address_of_next(form) if "next" in request.POST else reverse("closing:slip", args=[slip.pk]))
    return render(request, template, {"form": form, "slip": corrects})


def address_of_next(form):
    """The form for another slip of the same register and day."""
    place = {"register": form.cleaned_data["register"].pk, "business_date": form.cleaned_data["business_date"].isoformat()}
    return f"{reverse('closing:new_slip')}?{urlencode(place)}"


def booked(request, form, book):
    """Book the slip of a valid form; None when it was refused, which the form then says."""
    register, key = form.cleaned_data["register"], form.cleaned_data["form_key"]
    try:
        return book(register=register, form_key=key, by=origin_of(request), today=timezone.localdate())
    except SlipRefused as refusal:
        for problem in refusal.problems:
            form.add_problem(problem)
    except AlreadyCorrected as refusal:
        form.add_error(None, _("この赤伝票には、黒伝票 %(number)s があります。") % {"number": refusal.slip.number})
    return None


def place_of_entry(request, *, beside=None):
    """Where the form proposes to book: the register of the slip it is about or that came before, and that store's latest open day."""
    registers = usable_registers(request)
    before = request.GET.get("register", "")
    pk = beside.register_id if beside else int(before) if PK.fullmatch(before) else None
    register = registers.filter(pk=pk).first()
    register = register or registers.first()
    if register is None:
        raise Http404
    days = BusinessDay.objects.filter(store=register.store_id)
    day = days.filter(date=read_day(request.GET.get("business_date", ""))).first() or days.open().order_by("-date").first()
    initial = {"register": register, "business_date": day.date if day else timezone.localdate()}
    return {"registers": registers, "person": request.user, "initial": initial}
