from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from closing.access import at_till
from closing.forms.till import OperatorForm, TradingDayForm
from closing.models import BusinessDay
from closing.month_locks import MonthLocked
from closing.trading_day import open_day
from stores.access import Ability, allowed_at_till, requires
from stores.audit import origin_of
from stores.forms.search import SearchForm
from stores.models import Store
from stores.sign_in import SignInRefused, authenticate_staff, enter_till

STORES_PER_PAGE = 50
# So many are found at a glance.
FEW = 10


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@allowed_at_till
@requires(Ability.OPEN_DAY)
def till(request):
    """レジ業務: which store, who, which day."""
    if request.till_store:
        return choose_day(request)
    stores = Store.objects.visible_to(request.user).retail().in_use()
    if code := request.GET.get("store"):
        return sign_in_operator(request, get_object_or_404(stores, code=code))
    count = stores.count()
    if count == 1:
        return sign_in_operator(request, stores.get())
    return choose_store(request, stores, can_be_searched=count > FEW)


def choose_store(request, stores, *, can_be_searched):
    search = SearchForm(request.GET)
    page = Paginator(search.chosen(stores.order_by("code", "pk")), STORES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "closing/choose_store.html", {"search": search, "page": page, "can_be_searched": can_be_searched})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@at_till(Ability.OPEN_DAY)
def switch_operator(request):
    return sign_in_operator(request, request.till_store)


def sign_in_operator(request, store):
    form = OperatorForm(request.POST or None, store=store, person=request.user)
    if request.method == "POST" and form.is_valid():
        operator = form.cleaned_data["operator"]
        try:
            authenticate_staff(request, company_code=store.company.code, code=operator.code, password=form.cleaned_data["password"])
        except SignInRefused:
            form.add_error("password", refusal())
        else:
            enter_till(request, store, operator)
            return redirect_after_sign_in(request, store)
    return render(request, "closing/sign_in_operator.html", {"form": form, "store": store})


def refusal():
    return _(
        "ログインできませんでした。担当者とパスワードをご確認ください。"
        "続けて失敗すると、安全のためしばらくログインできなくなります。その場合は15分ほど待ってからお試しください。"
    )


def redirect_after_sign_in(request, store):
    """Go straight to the day that a link asked for, or to the page of a day that needed the sign-in; otherwise choose one."""
    page, wanted = request.GET.get("next", ""), request.GET.get("date", "")
    asked = day_of_page(page) or parse_date_or_none(wanted)
    if asked is None or not BusinessDay.objects.filter(store=store, date=asked).exists():
        return redirect("closing:till")
    return redirect(page) if day_of_page(page) else redirect("closing:till_day", asked)


def day_of_page(page):
    """The 営業日 in the address of a page of レジ業務."""
    try:
        return resolve(page).kwargs.get("date") if page.startswith(reverse("closing:till")) else None
    except Resolver404:
        return None


def parse_date_or_none(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def choose_day(request):
    store, today = request.till_store, timezone.localdate()
    form = TradingDayForm(request.POST or None, store=store, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            day = open_day(store, form.cleaned_data["date"], by=origin_of(request), today=today)
        except MonthLocked:
            form.add_error("date", _("この月は月次締め済みのため、開局できません。"))
            return render_days(request, store, form, today)
        if not day.is_open:
            messages.info(request, _("この営業日は閉局済みです。もう一度閉局して再連携するには「閉局」を押してください。"))
        return redirect("closing:till_day", day.date)
    return render_days(request, store, form, today)


def render_days(request, store, form, today):
    open_days = BusinessDay.objects.filter(store=store).open().select_related("store").order_by("date", "pk")
    return render(request, "closing/choose_day.html", {"form": form, "store": store, "open_days": open_days, "today": today})
