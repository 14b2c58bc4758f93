"""売上分析: stores, 支払方法, 税区分 and 現金差異 over a period, each as a chart with its table."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from closing.cash_analysis import Grouped, differences_by, sum_of, trend_of_differences
from closing.charts import column_chart, line_chart
from closing.forms.analysis import CashForm, OneStoreForm, StoresForm
from closing.sales_analysis import not_in_reports, ranked_stores, trend_of_methods, trend_of_rates, trend_of_stores
from closing.sales_trend import CHARTED
from closing.templatetags.charts import slots_of
from stores.access import Ability, may, requires
from stores.models import Store

STORES_PER_PAGE = 50


@require_GET
@requires(Ability.SEE_PORTAL)
def stores(request):
    """Stores beside each other: their ranking, and a chart of those chosen or of those that sold most."""
    form, everyone = StoresForm(request.GET, reader=request.user), Store.objects.visible_to(request.user).retail()
    if not form.is_valid():
        return page(request, form, "stores")
    ranking = ranked_stores(everyone, form.span, form.before)
    shown = form.cleaned_data["shown"]
    trend = shown_stores(form, ranking, everyone)
    listed = Paginator(ranking, STORES_PER_PAGE).get_page(request.GET.get("page"))
    on_page = {row.store.pk for row in listed}
    draw = line_chart if shown else column_chart
    found = {
        "ranking": listed,
        "shown": shown,
        "shown_keys": {store.pk for store in shown},
        "shown_elsewhere": [store for store in shown if store.pk not in on_page],
        "sales": sum(row.sales for row in ranking),
        "sales_before": sum(row.before for row in ranking),
        "chart": draw(slots_of(form.spans, form.cut_by), trend.series(_("その他"))) if ranking else None,
    }
    return page(request, form, "stores", trend=trend, **found)


def shown_stores(form, ranking, everyone):
    """The chosen stores alone; otherwise those that sold most, and all others together."""
    if shown := form.cleaned_data["shown"]:
        return trend_of_stores(shown, everyone, form.spans, others="")
    first = [row.store for row in ranking[: CHARTED if len(ranking) <= CHARTED else CHARTED - 1]]
    return trend_of_stores(first, everyone, form.spans, others=_("その他の店舗") if len(ranking) > CHARTED else "")


@require_GET
@requires(Ability.SEE_PORTAL)
def methods(request):
    form = OneStoreForm(request.GET, reader=request.user)
    if not form.is_valid():
        return page(request, form, "methods")
    trend, non_sales = trend_of_methods(request.user.company, form.stores, form.spans, form.before)
    return page(request, form, "methods", trend=trend, non_sales=non_sales, **columns_of(form, trend, trend.sum.total - non_sales))


@require_GET
@requires(Ability.SEE_PORTAL)
def rates(request):
    form = OneStoreForm(request.GET, reader=request.user)
    if not form.is_valid():
        return page(request, form, "rates")
    trend = trend_of_rates(form.stores, form.spans, form.before)
    return page(request, form, "rates", trend=trend, **columns_of(form, trend, trend.sum.total))


def columns_of(form, trend, sales):
    """The chart of a trend; `sales` are those that the 日計 report, beside what the days hold."""
    chart = column_chart(slots_of(form.spans, form.cut_by), trend.series(_("その他"))) if trend.strands else None
    return {"chart": chart, "reported": sales, "missing": not_in_reports(form.stores, form.spans, reported=sales)}


@require_GET
@requires(Ability.SEE_PORTAL)
def cash(request):
    """現金差異 over time, and per store, register or person."""
    form = CashForm(request.GET, reader=request.user)
    if not form.is_valid():
        return page(request, form, "cash")
    grouped = Grouped(form.cleaned_data["grouped"])
    rows = differences_by(grouped, form.stores, form.span, form.before)
    trend = trend_of_differences(form.stores, form.spans, over=_("過剰"), short=_("不足"))
    found = {
        "rows": Paginator(rows, STORES_PER_PAGE).get_page(request.GET.get("page")),
        "sum": sum_of(rows),
        "grouped": grouped,
        "chart": column_chart(slots_of(form.spans, form.cut_by), trend.series("")) if rows else None,
    }
    return page(request, form, "cash", trend=trend, **found)


def page(request, form, subject, **found):
    may_export = may(request.user, Ability.EXPORT)
    return render(request, f"closing/analysis/{subject}.html", {"form": form, "subject": subject, "may_export": may_export, **found})
