"""What people do with a delivery. Each page acts by compare-and-set: whoever was overtaken sees the new state."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from stores.access import allowed_at_till, requires
from stores.audit import origin_of
from yayoi_link import rulings
from yayoi_link.access import visible_deliveries
from yayoi_link.actions import ability_for, action_named
from yayoi_link.booking import correct
from yayoi_link.forms.doubles import DifferenceForm, ResendForm
from yayoi_link.forms.rulings import Found, ReasonForm, SettleForm
from yayoi_link.models import Delivery
from yayoi_link.models.labels import HOLD_REASONS
from yayoi_link.outbox import what_holds
from yayoi_link.presence import past_postings, rows_there
from yayoi_link.rulings import StateChanged, StillHeld, TooEarly
from yayoi_link.states import RELEASE, RESEND, RESEND_AFTER_NO, RESEND_DOUBLED, SEND_NOW, SETTLE, WAIVE, HoldReason
from yayoi_link.views.correction import shown_of_correction

# What a valid form has said yes to.
CONFIRMED_BY_FORM = (HoldReason.BEFORE_START, HoldReason.KNOWN_TO_JOURNAL)


@require_POST
@allowed_at_till
@requires(ability_for(RESEND))
def resend(request, pk):
    delivery = get_object_or_404(visible_deliveries(request), pk=pk)
    rule(request, delivery, partial(rulings.resend, by=origin_of(request)))
    return redirect("closing:result", delivery.day.date) if request.till_store else to_current(delivery)


@require_POST
@allowed_at_till
@requires(ability_for(SEND_NOW))
def send_now(request, pk):
    delivery = get_object_or_404(visible_deliveries(request), pk=pk)
    rule(request, delivery, partial(rulings.send_now, by=origin_of(request)))
    return redirect("closing:result", delivery.day.date) if request.till_store else to_current(delivery)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@requires(ability_for(RESEND_AFTER_NO))
def resend_after_no(request, pk):
    delivery = get_object_or_404(visible_deliveries(request), pk=pk)
    form = ResendForm(request.POST or None, request=request, postings=past_postings(delivery.day))
    return ruling_page(request, "resend_after_no", delivery, form, rulings.resend_after_no)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@requires(ability_for(RESEND_DOUBLED))
def resend_doubled(request, pk):
    delivery = get_object_or_404(visible_deliveries(request), pk=pk)
    form = ResendForm(request.POST or None, request=request, postings=past_postings(delivery.day), must_type=True)
    return ruling_page(request, "resend_doubled", delivery, form, rulings.resend_doubled)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@requires(ability_for(RELEASE))
def release(request, pk):
    delivery = get_object_or_404(visible_deliveries(request), pk=pk)
    reason = what_holds(delivery.day)
    form = ResendForm(
        request.POST or None,
        request=request,
        postings=past_postings(delivery.day, besides=delivery),
        # The journal knows of rows that this database has lost.
        must_type=HoldReason.KNOWN_TO_JOURNAL in (reason, delivery.hold_reason),
        is_before_start=reason == HoldReason.BEFORE_START,
    )
    return ruling_page(request, "release", delivery, form, partial(rulings.release, day_confirmed=reason in CONFIRMED_BY_FORM))


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@requires(ability_for(RELEASE))
def send_difference(request, pk):
    delivery = get_object_or_404(visible_deliveries(request), pk=pk)
    reason, figures = what_holds(delivery.day), delivery.closing.figures
    postings = past_postings(delivery.day, besides=delivery)
    correction = correct(figures, delivery.day, revision=delivery.closing.revision, before=delivery)
    form = DifferenceForm(
        request.POST or None,
        request=request,
        postings=postings,
        # A posting that this database has lost may have sent the same difference.
        must_type=reason == HoldReason.KNOWN_TO_JOURNAL and correction.is_needed,
        is_before_start=reason == HoldReason.BEFORE_START,
    )
    act = partial(rulings.send_difference, day_confirmed=reason in CONFIRMED_BY_FORM)
    return ruling_page(request, "send_difference", delivery, form, act, extra=shown_of_correction(correction, figures))


@never_cache
@require_http_methods(["GET", "POST"])
@requires(ability_for(SETTLE))
def settle(request, pk):
    delivery = get_object_or_404(visible_deliveries(request), pk=pk)
    form = SettleForm(request.POST or None, entries=rows_there(delivery), is_past=not delivery.is_current)
    return ruling_page(request, "settle", delivery, form, partial(settle_as_found, form))


def settle_as_found(form, delivery, *, by):
    found, reason = form.cleaned_data["was_there"], form.cleaned_data["reason"]
    if found == Found.IN_PART:
        return rulings.settle_in_part(delivery, found_keys=form.cleaned_data["found_keys"], reason=reason, by=by)
    return rulings.settle(delivery, was_there=found == Found.YES, reason=reason, by=by)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(ability_for(WAIVE))
def waive(request, pk):
    delivery = get_object_or_404(visible_deliveries(request), pk=pk)
    return ruling_page(request, "waive", delivery, ReasonForm(request.POST or None), rulings.waive, takes=("reason",))


def ruling_page(request, name, delivery, form, act, *, takes=(), extra=None):
    """Show the form of a ruling, or act and lead to what is current then.

    `takes`: the answers that `act` wants. `extra`: what the page shows besides.
    """
    action = action_named(name)
    if not action.is_possible(delivery):
        tell_changed(request)
        return to_current(delivery)
    if request.method == "POST" and form.is_valid():
        answers = {answer: form.cleaned_data[answer] for answer in takes}
        rule(request, delivery, partial(act, by=origin_of(request), **answers))
        return to_current(delivery)
    shown = {"form": form, "delivery": delivery, "label": action.label_for(delivery), "own": past_postings_of(delivery)}
    return render(request, f"yayoi_link/{name}.html", shown | (extra or {}))


def past_postings_of(delivery):
    return [posting for posting in past_postings(delivery.day) if posting.delivery == delivery]


def rule(request, delivery, act):
    try:
        act(delivery)
    except StateChanged:
        tell_changed(request)
    except TooEarly:
        messages.warning(request, _("送信から10分間は、まだ届く途中かもしれません。10分たってから弥生を確認してください。"))
    except StillHeld as held:
        messages.warning(request, _("まだ送信できません。%(reason)s。") % {"reason": HOLD_REASONS[held.reason]})
    else:
        messages.success(request, _("受け付けました。"))


def tell_changed(request):
    messages.warning(request, _("ほかの操作か送信の結果で、状態が変わっていました。いまの状態を表示しています。何も変更していません。"))


def to_current(delivery):
    """Lead to the delivery of the day that counts now: a ruling may have made a new one."""
    current = Delivery.objects.of_day(delivery.day).current().first()
    return redirect("yayoi_link:delivery", (current or delivery).pk)
