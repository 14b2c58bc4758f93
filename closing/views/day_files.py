from itertools import batched

from django.db.models import Q, Sum
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from closing.categories import TaxCategory
from closing.forms.days import DayFilterForm
from closing.models import BusinessDay, Closing, ClosingLine
from stores.access import Ability, requires
from stores.spreadsheet import csv_lines

BATCH = 500
SALES = [category for category in TaxCategory if category.is_sales]
NOTHING = (0, 0)


@require_GET
@requires(Ability.EXPORT)
def days_csv(request):
    """The days of the list as CSV, with what their last 日計 says."""
    form = DayFilterForm(request.GET, reader=request.user)
    days = form.chosen(BusinessDay.objects.visible_to(request.user), timezone.now())
    response = StreamingHttpResponse(csv_lines(header(), rows(days)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="days.csv"'
    return response


def header():
    return [
        _("店舗コード"),
        _("店舗名"),
        _("営業日"),
        _("状態"),
        _("回数"),
        _("伝票数"),
        _("総売上（税込）"),
        _("うち消費税"),
        _("売上外"),
        _("想定レジ金額"),
        _("実際のレジ内現金"),
        _("現金差異"),
        _("閉局日時"),
    ]


def rows(days):
    """Read in batches: a year of many shops never lies in memory as a whole."""
    ordered = days.select_related("store").order_by("date", "store__code", "pk")
    for some in batched(ordered.iterator(chunk_size=BATCH), BATCH):
        yield from rows_of(some)


def rows_of(days):
    """Added up from the lines of the 日計: its whole figures would have to be read for two numbers each."""
    found = Closing.objects.filter(day__in=[day.pk for day in days]).defer("figures_frozen", "slip_digest")
    closings = {(closing.day_id, closing.revision): closing for closing in found}
    last = [closing for day in days if (closing := closings.get((day.pk, day.revision)))]
    sums = sums_of(last)
    for day in days:
        closing = closings.get((day.pk, day.revision))
        yield row_of(day, closing, sums.get(closing.pk, NOTHING)) if closing else row_without_closing(day)


def sums_of(closings):
    """Tax in the sales, and 売上外, of each of these."""
    lines = ClosingLine.objects.filter(closing__in=[closing.pk for closing in closings]).order_by().values_list("closing")
    tax, non_sales = Sum("tax", filter=Q(category__in=SALES), default=0), Sum("amount", filter=~Q(category__in=SALES), default=0)
    return {closing: (int(taxed), int(other)) for closing, taxed, other in lines.annotate(taxed=tax, other=non_sales)}


def row_of(day, closing, sums):
    money = [closing.sales_total, *sums, closing.expected_cash, closing.actual_cash, closing.cash_difference]
    closed_at = timezone.localtime(closing.closed_at).strftime("%Y-%m-%d %H:%M:%S")
    return [*named(day), closing.revision, closing.slip_count, *money, closed_at]


def row_without_closing(day):
    return [*named(day), "", day.slip_count, day.sales_total, *[""] * 6]


def named(day):
    state = _("仮閉局") if not day.is_open and day.is_provisional else day.get_state_display()
    return [day.store.code, day.store.name, day.date.isoformat(), state]
