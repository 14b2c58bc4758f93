from itertools import batched

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from closing.forms.days import DayFilterForm
from closing.models import BusinessDay, Closing
from stores.access import Ability, requires
from stores.spreadsheet import csv_lines

BATCH = 500


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
    closings = {(closing.day_id, closing.revision): closing for closing in Closing.objects.filter(day__in=days)}
    for day in days:
        yield row_of(day, closings.get((day.pk, day.revision)))


def row_of(day, closing):
    state = _("仮閉局") if not day.is_open and day.is_provisional else day.get_state_display()
    named = [day.store.code, day.store.name, day.date.isoformat(), state]
    if closing is None:
        return [*named, "", day.slip_count, day.sales_total, *[""] * 6]
    figures = closing.figures
    money = [figures.gross_sales, figures.sales_tax, figures.non_sales_total, closing.expected_cash, closing.actual_cash]
    closed_at = timezone.localtime(closing.closed_at).strftime("%Y-%m-%d %H:%M:%S")
    return [*named, closing.revision, closing.slip_count, *money, closing.cash_difference, closed_at]
