from django import template
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from closing.categories import PaymentGroup
from closing.models.labels import PAYMENT_GROUPS
from closing.models.totals import day_figures
from yayoi_link.access import visible_deliveries
from yayoi_link.booking import book_under
from yayoi_link.company_accounts import mapping_of
from yayoi_link.explanation import MOVING, explain_alone
from yayoi_link.models import Delivery, WorkerSighting, YayoiLink
from yayoi_link.models.labels import HOLD_REASONS
from yayoi_link.outbox import what_holds
from yayoi_link.posting_sheet import SheetGroup, posting_sheet
from yayoi_link.restoring import sending_stopped_reason
from yayoi_link.state_words import CHANGED_SINCE, chip_of

SHEET_GROUPS = {
    SheetGroup.CASH: PAYMENT_GROUPS[PaymentGroup.CASH],
    SheetGroup.CREDIT: PAYMENT_GROUPS[PaymentGroup.CREDIT],
    SheetGroup.OTHER: PAYMENT_GROUPS[PaymentGroup.OTHER],
    SheetGroup.MOVEMENTS: _("入出金"),
    SheetGroup.DIFFERENCE: _("現金差異"),
}

register = template.Library()


@register.inclusion_tag("yayoi_link/outcome_region.html", takes_context=True)
def delivery_outcome(context, closing):
    """What became of the closing's posting, live: it looks again by itself until it has come to rest."""
    request = context["request"]
    delivery = visible_deliveries(request).with_history().current().filter(day=closing.day_id).first()
    explained = delivery and explain_alone(delivery, request.user, now=timezone.now(), at_till=request.till_store is not None)
    return {"explained": explained, "request": request, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("yayoi_link/posting_preview.html")
def posting_preview(day, figures=None):
    """What Yayoi gets if the day is closed now: the entries of its figures so far, or as counted, and the proof that they add up."""
    figures = figures or day_figures(day)
    mapping = mapping_of(day.store, on=day.date)
    booked = book_under(mapping, figures, day, revision=day.revision + 1)
    return {
        "sheet": posting_sheet(booked.entries, figures, left_out=booked.left_out),
        "missing": booked.missing,
        "is_empty": booked.is_empty,
        "held_because": HOLD_REASONS.get(what_holds(day)),
        "grace_minutes": grace_minutes_of(day),
        "grows_by_difference": figures.actual_cash is None and mapping.sends_over_short,
    }


def grace_minutes_of(day):
    """For how long its close waits. A past day that is closed again is sent at once, unless what it replaces still waits."""
    if not day.is_open and not Delivery.objects.of_day(day).in_grace().exists():
        return 0
    return YayoiLink.objects.filter(store=day.store_id, is_enabled=True).values_list("grace_minutes", flat=True).first()


@register.filter
def sheet_group(group):
    return SHEET_GROUPS[group]


@register.simple_tag
def delivery_chips(days):
    """Return the chips of many days at once, by the day's key, for {% delivery_chip day chips %}."""
    sent = Delivery.objects.filter(day=OuterRef("day"), gate_at__isnull=False)
    current = Delivery.objects.current().filter(day__in=list(days)).defer("body").annotate(was_sent=Exists(sent))
    return {delivery.day_id: delivery for delivery in current}


@register.inclusion_tag("yayoi_link/chips.html")
def delivery_chip(day, chips=None):
    delivery = (delivery_chips([day]) if chips is None else chips).get(day.pk)
    chips_shown = [chip_of(delivery)] if delivery else []
    if day.changed_after_close and delivery and delivery.was_sent:
        chips_shown.append(CHANGED_SINCE)
    return {"chips": chips_shown}


@register.inclusion_tag("yayoi_link/chips.html")
def state_chip(delivery):
    return {"chips": [chip_of(delivery)]}


@register.inclusion_tag("yayoi_link/sending_notice.html", takes_context=True)
def sending_notice(context):
    """On every page: nothing is being sent at all, or the worker is gone although something waits."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated or user.company_id is None:
        return {}
    if stopped := sending_stopped_reason():
        return {"stopped": stopped}
    something_waits = Delivery.objects.visible_to(user).current().filter(state__in=MOVING).exists()
    return {"worker_is_gone": something_waits and not WorkerSighting.any_alive()}
