from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from closing.access import visible_kept_slips, visible_slips
from closing.forms.kept import BookKeptForm, DiscardKeptForm, KeptFilterForm
from closing.kept_slips import AlreadyDecided, book_kept, discard_kept, problems_now, understood
from closing.slip_corrections import SlipRefused
from closing.slip_messages import sentence
from stores.access import Ability, may, requires, who_may
from stores.audit import origin_of

KEPT_PER_PAGE = 50


@require_GET
@requires(Ability.SEE_PORTAL)
def kept_slips(request):
    """保留."""
    form = KeptFilterForm(request.GET, reader=request.user)
    page = Paginator(form.chosen(visible_kept_slips(request)), KEPT_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "closing/slips/kept_list.html", {"form": form, "page": page})


@never_cache
@require_GET
@requires(Ability.SEE_PORTAL)
def kept_slip(request, pk):
    return render_kept(request, get_object_or_404(visible_kept_slips(request), pk=pk))


@require_POST
@requires(Ability.CORRECT_SLIPS)
def book(request, pk):
    kept = get_object_or_404(visible_kept_slips(request).filter(content__isnull=False), pk=pk)
    form = BookKeptForm(request.POST)
    if not form.is_valid():
        return render_kept(request, kept, book_form=form)
    try:
        slip = book_kept(kept, **form.cleaned_data, by=origin_of(request), today=timezone.localdate())
    except SlipRefused as refusal:
        for problem in refusal.problems:
            form.add_error(None, sentence(problem))
        return render_kept(request, kept, book_form=form)
    except AlreadyDecided:
        return tell_it_was_decided(request, kept)
    messages.success(request, _("保留の伝票 %(number)s を登録しました。") % {"number": slip.number})
    return redirect("closing:slip", slip.pk)


@require_POST
@requires(Ability.CORRECT_SLIPS)
def discard(request, pk):
    kept = get_object_or_404(visible_kept_slips(request), pk=pk)
    form = DiscardKeptForm(request.POST)
    if not form.is_valid():
        return render_kept(request, kept, discard_form=form)
    try:
        discard_kept(kept, reason=form.cleaned_data["reason"], by=origin_of(request))
    except AlreadyDecided:
        return tell_it_was_decided(request, kept)
    messages.success(request, _("保留の伝票を登録しないことにしました。"))
    return redirect("closing:kept_slips")


def tell_it_was_decided(request, kept):
    messages.warning(request, _("この保留は、先に判断されています。いま入力した内容は登録していません。"))
    return redirect("closing:kept_slip", kept.pk)


def render_kept(request, kept, *, book_form=None, discard_form=None):
    content = understood(kept)
    proposal = {"business_date": content.business_date, "number": content.number} if content else {}
    return render(
        request,
        "closing/slips/kept.html",
        {
            "kept": kept,
            "content": content,
            "problems": problems_now(kept, today=timezone.localdate()) if kept.is_waiting else kept.found_problems,
            "book_form": book_form or BookKeptForm(initial=proposal),
            "discard_form": discard_form or DiscardKeptForm(),
            "decisions": kept.decisions.select_related("by", "slip"),
            "may_decide": may(request.user, Ability.CORRECT_SLIPS),
            "who_decides": who_may(Ability.CORRECT_SLIPS),
            "booked_instead": content and kept.is_waiting and booked_under(content, visible_slips(request).filter(day__store=kept.store)),
        },
    )


def booked_under(content, slips):
    """The slip that has the kept one's number, with which it may be in conflict."""
    return slips.filter(register__number=content.register_number, business_date=content.business_date, number=content.number).first()
