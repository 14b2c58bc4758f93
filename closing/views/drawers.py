from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from closing.access import at_till
from closing.cash_movements import exchange_cash, pick_up_cash
from closing.forms.cash import DrawerForm
from closing.templatetags.figures import yen
from closing.trading_day import AlreadyRecorded
from closing.views.till_day import day_at_till
from stores.access import Ability
from stores.audit import origin_of


@never_cache
@require_http_methods(["GET", "POST"])
@at_till(Ability.RECORD_CASH)
def exchange(request, date):
    title = _("両替")
    hint = _("レジから出した金額と戻した金額は同じなので、想定レジ金額は変わりません。両替の手数料は「出金」で登録してください。")
    return move_cash(request, date, exchange_cash, title=title, hint=hint)


@never_cache
@require_http_methods(["GET", "POST"])
@at_till(Ability.RECORD_CASH)
def pick_up(request, date):
    hint = _("営業中にレジから金庫へ移した現金です。想定レジ金額がその分だけ減ります。")
    return move_cash(request, date, pick_up_cash, title=_("売上回収"), hint=hint)


def move_cash(request, date, book, *, title, hint):
    day = day_at_till(request, date)
    if not day.is_open:
        messages.info(request, _("閉局済みの営業日には登録できません。"))
        return redirect("closing:till_day", date)
    form = DrawerForm(request.POST or None, day=day)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        named = {"title": title, "amount": yen(typed["amount"])}
        try:
            book(day, typed["register"], amount=typed["amount"], memo=typed["memo"], key=typed["uuid"], by=origin_of(request))
        except AlreadyRecorded:
            messages.info(request, _("%(title)s %(amount)sは登録済みです。二重には登録していません。") % named)
        else:
            messages.success(request, _("%(title)s %(amount)sを登録しました。") % named)
        return redirect("closing:till_day", date)
    return render(request, "closing/drawer.html", {"day": day, "form": form, "title": title, "hint": hint})
