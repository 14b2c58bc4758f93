"""The tables of 売上分析 as CSV for a spreadsheet."""

from django.http import HttpResponseBadRequest, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from closing.cash_analysis import Grouped, differences_by, trend_of_differences
from closing.forms.analysis import CashForm, OneStoreForm, StoresForm
from closing.sales_analysis import ranked_stores, trend_of_methods, trend_of_rates
from closing.views.analysis import shown_stores
from stores.access import Ability, requires
from stores.models import Store
from stores.spreadsheet import csv_lines


@require_GET
@requires(Ability.EXPORT)
def ranking_csv(request):
    form, everyone = StoresForm(request.GET, reader=request.user), Store.objects.visible_to(request.user).retail()
    if not form.is_valid():
        return refused()
    header = [_("店舗コード"), _("店舗名"), _("総売上（税込）"), _("営業日数"), _("比べる期間の総売上（税込）"), _("差")]
    ranking = ranked_stores(everyone, form.span, form.before)
    rows = ([row.store.code, row.store.name, row.sales, row.days, row.before, row.difference] for row in ranking)
    return file("stores", form, header, rows)


@require_GET
@requires(Ability.EXPORT)
def stores_csv(request):
    form, everyone = StoresForm(request.GET, reader=request.user), Store.objects.visible_to(request.user).retail()
    if not form.is_valid():
        return refused()
    return trend_file("stores-over-time", form, shown_stores(form, ranked_stores(everyone, form.span, form.before), everyone))


@require_GET
@requires(Ability.EXPORT)
def methods_csv(request):
    form = OneStoreForm(request.GET, reader=request.user)
    if not form.is_valid():
        return refused()
    trend, _non_sales = trend_of_methods(request.user.company, form.stores, form.spans, form.before)
    return trend_file("methods", form, trend)


@require_GET
@requires(Ability.EXPORT)
def rates_csv(request):
    """Per rate two columns: what was sold, and the tax in it."""
    form = OneStoreForm(request.GET, reader=request.user)
    if not form.is_valid():
        return refused()
    trend = trend_of_rates(form.stores, form.spans, form.before)
    names = [name for strand in trend.strands for name in (strand.name, _("%(category)s 消費税") % {"category": strand.name})]
    header = [_("初日"), _("最終日"), *names, _("合計"), _("うち消費税")]
    rows = ([*ends(span), *(figure for part in parts for figure in part), *whole] for span, parts, whole in trend.rows)
    return file("rates", form, header, rows)


@require_GET
@requires(Ability.EXPORT)
def cash_csv(request):
    form = CashForm(request.GET, reader=request.user)
    if not form.is_valid():
        return refused()
    rows = differences_by(Grouped(form.cleaned_data["grouped"]), form.stores, form.span, form.before)
    header = [
        _("店舗コード"), _("店舗名"), _("POS番号"), _("担当者コード"), _("担当者"), _("レジ精算の回数"),
        _("過剰の回数"), _("過剰"), _("不足の回数"), _("不足"), _("差し引き"), _("許容額を超えた回数"), _("比べる期間の差し引き"),
    ]  # fmt: skip
    names = ("store_code", "store_name", "number", "person_code", "person_name", "counts")
    sums = ("over_count", "overs", "short_count", "shorts", "net", "beyond", "before")
    return file("cash-differences", form, header, ([getattr(row, name) for name in names + sums] for row in rows))


@require_GET
@requires(Ability.EXPORT)
def cash_trend_csv(request):
    form = CashForm(request.GET, reader=request.user)
    if not form.is_valid():
        return refused()
    trend = trend_of_differences(form.stores, form.spans, over=_("過剰"), short=_("不足"))
    return trend_file("cash-differences-over-time", form, trend)


def trend_file(name, form, trend):
    header = [_("初日"), _("最終日"), *(strand.name for strand in trend.strands), _("合計")]
    rows = ([*ends(span), *(amount for amount, _tax in parts), whole[0]] for span, parts, whole in trend.rows)
    return file(name, form, header, rows)


def ends(span):
    return [span.first.isoformat(), span.last.isoformat()]


def file(name, form, header, rows):
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{form.span.first}-{form.span.last}.csv"'
    return response


def refused():
    """The page's form says what is wrong with the period; whoever types an address finds out here."""
    return HttpResponseBadRequest(_("期間が正しくありません。"), content_type="text/plain; charset=utf-8")
