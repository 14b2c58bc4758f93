from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from closing.figures import DayFigures
from closing.month_report import month_report
from closing.trading_day import RegisterCount, close_day, open_day
from tests.cast import sign_in
from tests.closing.conftest import DAY, book, sale
from tests.days import trading_days

PAGE = "/days/months/2026-04/report/"

SUMS = ["gross_sales", "sales_tax", "net_sales", "non_sales_total", "payments_total", "overage_total", "paid_in", "paid_out", "explained"]
months = st.lists(trading_days().map(lambda day: day[1]), max_size=4)


def report_of(figures):
    return month_report({date(2026, 4, number): day for number, day in enumerate(figures, start=1)})


@settings(max_examples=20)
@given(months)
def test_the_report_comes_to_what_its_days_come_to(figures):
    report = report_of(figures)

    together = report.together
    net = [each.net for each in report.sums.sales]
    assert {name: getattr(together, name) for name in SUMS} == {name: sum(getattr(day, name) for day in figures) for name in SUMS}
    assert sum(report.groups) == report.sums.payments_total
    assert (sum(each.amount for each in net), sum(each.tax for each in net)) == (together.gross_sales, together.sales_tax)


def test_a_month_without_a_close_comes_to_nothing():
    report = report_of([])

    assert (report.average, report.cash_difference, report.pickup, report.together) == (0, 0, 0, DayFigures())


def test_the_page_shows_what_was_frozen_and_what_is_missing(client, accountant, shibuya, day, by):
    book(shibuya, sale("1", amount=12_100), by=by)
    close_day(day, counts=[RegisterCount(1, 12_050, 0)], by=by)
    open_day(shibuya, DAY + timedelta(days=1), by=by, today=DAY + timedelta(days=1))

    page = sign_in(client, accountant).get(PAGE)

    shown = page.context["report"]
    rows = [(row.date.day, bool(row.figures), bool(row.day)) for row in page.context["rows"]]
    assert (shown.together.gross_sales, shown.cash_difference, page.context["unfinished"]) == (12_100, -50, 1)
    assert (len(rows), rows[:3]) == (30, [(1, True, True), (2, False, True), (3, False, False)])
    assert "△50" in page.content.decode()


def test_a_report_of_many_days_takes_as_many_queries_as_one_of_one(client, accountant, shibuya, day, by):
    sign_in(client, accountant)
    close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)
    client.get(PAGE)

    with CaptureQueriesContext(connection) as of_one_day:
        client.get(PAGE)
    for number in (1, 2):
        close_day(
            open_day(shibuya, DAY + timedelta(days=number), by=by, today=DAY + timedelta(days=number)),
            counts=[RegisterCount(1, 0, 0)],
            by=by,
        )

    with CaptureQueriesContext(connection) as of_three_days:
        client.get(PAGE)

    assert len(of_three_days) == len(of_one_day)


def test_the_report_of_a_rivals_store_cannot_be_asked_for(client, clerk, shibuya, rival_store):
    page = sign_in(client, clerk).get(PAGE, {"store": rival_store.pk})

    assert (page.status_code, page.context["store"]) == (200, shibuya)


def test_what_is_no_month_is_no_page(client, clerk):
    assert sign_in(client, clerk).get("/days/months/2026-13/report/").status_code == 404
