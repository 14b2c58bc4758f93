from django.contrib import messages
from django.db import OperationalError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from closing.access import at_till
from closing.models import BusinessDay, Closing
from closing.models.totals import day_figures
from closing.month_locks import is_locked
from closing.trading_day import AlreadyClosed
from closing.views.counting import told_of_missing_reason
from closing.views.database_busy import tell_busy
from stores.access import Ability, check_may, may
from stores.audit import origin_of
from yayoi_link import rulings
from yayoi_link.access import visible_deliveries
from yayoi_link.actions import action_named
from yayoi_link.booking import correct
from yayoi_link.explanation import explain_alone
from yayoi_link.forms.doubles import CloseAgainForm
from yayoi_link.outbox import something_may_be_there, what_holds
from yayoi_link.presence import past_postings
from yayoi_link.reclosing import close_again_knowingly
from yayoi_link.rulings import StateChanged
from yayoi_link.states import HoldReason
from yayoi_link.views.correction import shown_of_correction


@never_cache
@require_http_methods(["GET", "POST"])
@at_till(Ability.CLOSE_DAY)
def close_again(request, date):
    """「閉局」 of a day that is closed already: how a past day is sent again."""
    days = BusinessDay.objects.visible_to(request.user).select_related("store__company")
    day = get_object_or_404(days, store=request.till_store, date=date)
    if day.is_open:
        return redirect("closing:close", date)
    if may(request.user, Ability.RECLOSE_DAY):
        if is_locked(day.store.company_id, day.date):
            messages.info(
                request,
                _("月次締め済みのため、閉局し直すことはできません。送信した内容の再連携は、この画面の「弥生への連携」からできます。"),
            )
            return redirect("closing:result", date)
        return choose_what_is_sent(request, day)
    return send_what_is_unsent(request, day)


def choose_what_is_sent(request, day):
    figures = day_figures(day)
    if told_of_missing_reason(request, day, figures):
        return redirect("closing:recount", day.date)
    correction = correct(figures, day, revision=day.revision + 1)
    form = CloseAgainForm(
        request.POST or None,
        day=day,
        correction=correction,
        postings=past_postings(day),
        must_choose=something_may_be_there(day),
        is_before_start=what_holds(day) == HoldReason.BEFORE_START,
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            return close_as_decided(request, day, form.decision)
        except OperationalError as failure:
            status = 503
            tell_busy(request, failure)
    last = Closing.objects.filter(day=day).select_related("closed_by").first()
    shown = {"form": form, "day": day, "last": last, "is_same": figures == last.figures, "current": current_delivery(request, day)}
    return render(request, "yayoi_link/close_again.html", shown | shown_of_correction(correction, figures), status=status)


def close_as_decided(request, day, decision):
    try:
        close_again_knowingly(day, by=origin_of(request), **decision)
    except AlreadyClosed as first:
        messages.warning(request, who_was_first(first.closing))
    except StateChanged:
        messages.warning(request, _("確定する直前に、前の分の送信が始まりました。内容をもう一度ご確認ください。何も変更していません。"))
    else:
        return redirect("closing:result", day.date)
    return redirect("yayoi_link:close_again", day.date)


def who_was_first(closing):
    when = date_format(timezone.localtime(closing.closed_at), "DATETIME_FORMAT")
    return _("この営業日は、%(staff)sさんが%(time)sに閉局し直しました。内容をもう一度ご確認ください。") % {
        "staff": closing.closed_by.name,
        "time": when,
    }


def send_what_is_unsent(request, day):
    """For スタッフ the same steps are a plain 再連携, possible only while nothing is at Yayoi."""
    delivery = current_delivery(request, day)
    ruling = delivery and not day.changed_after_close and plain_ruling(delivery)
    if request.method == "POST":
        if not ruling:
            check_may(request.user, Ability.RECLOSE_DAY)
        return rule_at_till(request, day, delivery, ruling or rulings.resend)
    explained = delivery and explain_alone(delivery, request.user, now=timezone.now(), at_till=True)
    return render(request, "yayoi_link/resend_at_till.html", {"day": day, "explained": explained, "is_possible": bool(ruling)})


def plain_ruling(delivery):
    """What sends the delivery without a question; None where only a person who knows what is at Yayoi may."""
    plain = {"resend": rulings.resend, "send_now": rulings.send_now}
    return next((ruling for name, ruling in plain.items() if action_named(name).is_possible(delivery)), None)


def rule_at_till(request, day, delivery, ruling):
    try:
        ruling(delivery, by=origin_of(request))
    except StateChanged:
        messages.warning(request, _("送信の状態が変わっていました。いまの状態を表示しています。"))
    return redirect("closing:result", day.date)


def current_delivery(request, day):
    return visible_deliveries(request).current().with_history().filter(day=day).first()
