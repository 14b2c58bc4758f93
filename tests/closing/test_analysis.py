"""売上分析 says what the 日計, the month and the calendar say, to the yen, and of the reader's own stores only."""

from dataclasses import replace
from datetime import timedelta
from functools import reduce

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closing.analysis_period import Span, Step
from closing.cash_analysis import Grouped, differences_by, sum_of, trend_of_differences
from closing.categories import ReversalReason, SlipKind, TaxCategory
from closing.models import BusinessDay, Closing
from closing.month_figures import MonthFigures, Taxed, added
from closing.month_figures import sum_of as sum_of_categories
from closing.register_closing import recount
from closing.reported_sums import reported_sums
from closing.sales_analysis import NotInReports, not_in_reports, ranked_stores, trend_of_methods, trend_of_rates
from closing.signals import Wish
from closing.slip_content import OriginalSlip, PaymentPart, TaxPart
from closing.trading_day import RegisterCount, close_again, close_day, open_day
from stores.models import Register, Store
from tests.cast import sign_in
from tests.closing.conftest import DAY, book, sale

pytestmark = pytest.mark.usefixtures("evening")

YESTERDAY = DAY - timedelta(days=1)
PERIOD = Span(DAY - timedelta(days=6), DAY)
PARTS = PERIOD.cut(Step.DAY)
PAGES = ["/days/analysis/", "/days/analysis/methods/", "/days/analysis/rates/", "/days/analysis/cash/"]
FILES = [f"{page}csv/" for page in PAGES] + ["/days/analysis/ranking/csv/", "/days/analysis/cash/trend/csv/"]

MIXED = {
    "taxes": (TaxPart(TaxCategory.STANDARD_10, 2_200, 200), TaxPart(TaxCategory.REDUCED_8, 1_080, 80)),
    "payments": (PaymentPart("CASH", 280), PaymentPart("VISA", 3_000)),
}
VOUCHER = {"taxes": (TaxPart(TaxCategory.NON_SALES_VOUCHER, 5_000, 0),), "payments": (PaymentPart("VISA", 5_000),)}
RETURN = {"kind": SlipKind.REVERSAL, "reason": ReversalReason.RETURN, "original": OriginalSlip("0001", 1, YESTERDAY, "1")}


@pytest.fixture
def week(day, shibuya, kichijoji, by):
    """Two stores: yesterday closed twice, with a return; today closed and changed afterwards, and still open at the other store."""
    yesterday = open_day(shibuya, YESTERDAY, by=by, today=DAY)
    book(shibuya, sale("1", business_date=YESTERDAY, **MIXED), sale("2", business_date=YESTERDAY, **VOUCHER), by=by)
    close_day(yesterday, counts=[RegisterCount(1, 180, 0)], by=by)
    book(shibuya, sale("3", -1_100, business_date=YESTERDAY, **RETURN), sale("4", 550, business_date=YESTERDAY), by=by)
    yesterday.refresh_from_db()
    close_again(yesterday, seen_revision=1, by=by, wish=Wish.SEND)
    book(shibuya, sale("1", 3_300), by=by)
    close_day(day, counts=[RegisterCount(1, 3_900, 0, reason="釣銭の間違い")], by=by)
    book(shibuya, sale("9", 770), by=by)
    Register.objects.create(store=kichijoji, number=1)
    open_day(kichijoji, DAY, by=by, today=DAY)
    book(kichijoji, sale("1", 880), by=by)


@pytest.fixture
def month(week):
    """The same days as the month's papers add them up: of each closed day its last 日計."""
    last = [Closing.objects.get(day=day, revision=day.revision) for day in BusinessDay.objects.closed()]
    return reduce(added, (closing.figures for closing in last), MonthFigures())


@pytest.fixture
def stores(company):
    return Store.objects.filter(company=company).retail()


def test_the_rates_agree_with_the_month(stores, month):
    trend = trend_of_rates(stores, PARTS, PERIOD.previous)

    found = {strand.key: Taxed(strand.total, strand.tax) for strand in trend.strands}
    assert found == {category.category.value: category.net for category in month.sales}
    assert Taxed(trend.sum.total, trend.sum.tax) == sum_of_categories(month.sales) == Taxed(month.gross_sales, month.sales_tax)


def test_the_methods_agree_with_the_month(company, stores, month):
    trend, non_sales = trend_of_methods(company, stores, PARTS, PERIOD.previous)

    assert {strand.name: strand.total for strand in trend.strands} == {"VISA": 8_000, "現金": 3_030}
    assert (trend.sum.total, non_sales) == (month.payments_total, month.non_sales_total)


def test_the_stores_agree_with_the_days_of_the_calendar(stores, week, shibuya, kichijoji):
    ranking = ranked_stores(stores, PERIOD, PERIOD.previous)

    assert [(row.store.pk, row.sales, row.days) for row in ranking] == [(shibuya.pk, 6_800, 2), (kichijoji.pk, 880, 1)]
    assert sum(row.sales for row in ranking) == sum(BusinessDay.objects.values_list("sales_total", flat=True))


def test_what_was_added_up_once_is_not_added_up_again(stores, month, django_assert_num_queries):
    once = reported_sums(stores, PERIOD)

    with django_assert_num_queries(2):
        assert reported_sums(stores, PERIOD) == once

    assert sum(each.amount for each in once) == month.payments_total


def test_a_later_close_is_added_up_though_what_was_before_is_kept(stores, month, day, by):
    before = reported_sums(stores, PERIOD)

    day.refresh_from_db()
    close_again(day, seen_revision=1, by=by, wish=Wish.SEND)

    assert sum(each.amount for each in reported_sums(stores, PERIOD)) - sum(each.amount for each in before) == 770


def test_the_sums_of_one_store_are_not_those_of_all(stores, month, shibuya, kichijoji):
    reported_sums(stores, PERIOD)

    assert reported_sums(stores.filter(pk=kichijoji.pk), PERIOD) == []


def test_what_no_report_has_yet_is_told(stores, month):
    assert not_in_reports(stores, PARTS, reported=month.gross_sales) == NotInReports(open_days=1, changed_days=1, amount=770 + 880)


def test_the_cash_differences_agree_with_the_month(stores, month):
    (row,) = differences_by(Grouped.STORE, stores, PERIOD, PERIOD.previous)
    trend = trend_of_differences(stores, PARTS, over="過剰", short="不足")

    assert (row.overs, row.shorts) == (month.overs, month.shorts) == (1_050, 0)
    assert (row.counts, row.over_count, row.beyond) == (2, 2, 1)
    assert trend.sum.total == row.net


@pytest.mark.parametrize(
    ("grouped", "names"),
    [
        (Grouped.STORE, ("0001", "渋谷店", None, "", "")),
        (Grouped.REGISTER, ("0001", "渋谷店", 1, "", "")),
        (Grouped.PERSON, ("", "", None, "0102", "宮下 歩")),
    ],
)
def test_cash_differences_are_told_per_store_register_and_person(stores, week, grouped, names):
    (row,) = differences_by(grouped, stores, PERIOD, PERIOD.previous)

    assert (row.store_code, row.store_name, row.number, row.person_code, row.person_name) == names
    assert row == differences_by(grouped, stores, PERIOD, PERIOD.previous)[0]
    assert sum_of([row, row]).net == 2 * row.net


def test_who_counts_again_answers_for_it_once_the_day_is_closed_again(stores, week, day, by, manager):
    def counted_by(code):
        of_person = [each for each in differences_by(Grouped.PERSON, stores, Span(DAY, DAY), PERIOD.previous) if each.person_code == code]
        return [each.net for each in of_person]

    day.refresh_from_db()
    again = replace(by, actor=manager)
    recount(day, [RegisterCount(1, 4_070, 0)], seen_revision=1, by=again)
    before = counted_by(by.actor.code), counted_by(manager.code)
    close_again(day, seen_revision=1, by=by, wish=Wish.SEND)

    assert (before, counted_by(by.actor.code), counted_by(manager.code)) == (([600], []), [], [0])


def test_a_register_that_nobody_counted_has_no_difference(stores, day, by):
    close_day(day, counts=None, by=by)

    assert differences_by(Grouped.PERSON, stores, PERIOD, PERIOD.previous) == []


def test_a_period_stands_beside_the_one_before(stores, week, shibuya):
    ranking = ranked_stores(stores, Span(DAY, DAY), Span(YESTERDAY, YESTERDAY))

    assert next((row.store.pk, row.sales, row.before) for row in ranking) == (shibuya.pk, 4_070, 2_730)


@pytest.mark.parametrize("name", ["clerk", "manager", "accountant", "admin"])
def test_everyone_reads_the_analysis(client, request, week, name):
    sign_in(client, request.getfixturevalue(name))

    responses = [client.get(page) for page in PAGES]

    assert [(response.status_code, '<svg class="chart"' in response.content.decode()) for response in responses] == [(200, True)] * 4


def test_a_rival_finds_nothing(client, rival_admin, week):
    sign_in(client, rival_admin)

    pages = "".join(client.get(page).content.decode() for page in PAGES)

    assert [words in pages for words in ("渋谷店", '<svg class="chart"', "¥6,800")] == [False] * 3


def test_a_clerk_sees_the_own_store_only(client, clerk, week):
    response = sign_in(client, clerk).get("/days/analysis/")

    assert [row.store.code for row in response.context["ranking"]] == ["0001"]


@pytest.mark.parametrize("asked", ["shown", "store"])
def test_a_store_of_others_cannot_be_asked_for(client, clerk, week, kichijoji, asked):
    page = {"shown": "/days/analysis/", "store": "/days/analysis/methods/"}[asked]

    response = sign_in(client, clerk).get(page, {asked: kichijoji.pk})

    assert (response.status_code, asked in response.context["form"].errors) == (200, True)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"first": "2026-04-02", "last": "2026-04-01"}, "last"),
        ({"first": "2025-01-01", "last": "2026-04-01"}, "last"),
        ({"first": "1999-01-01", "last": "1999-02-01"}, "first"),
        ({"first": "9999-12-01", "last": "9999-12-31"}, "last"),
        ({"first": "x"}, "first"),
        ({"last": ""}, "last"),
        ({"step": "YEAR"}, "step"),
        ({"compared": "x"}, "compared"),
    ],
)
def test_a_period_that_makes_no_sense_is_told_at_its_field(client, clerk, week, asked, field):
    response = sign_in(client, clerk).get("/days/analysis/methods/", asked)

    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])


def test_chosen_stores_are_compared_as_lines(client, manager, week, shibuya, kichijoji):
    response = sign_in(client, manager).get("/days/analysis/", {"shown": [shibuya.pk, kichijoji.pk]})

    assert [(line.series.name, [point.amount for point in line.marks]) for line in response.context["chart"].lines] == [
        ("渋谷店", [2_730, 4_070]),
        ("吉祥寺店", [880]),
    ]


def test_a_chosen_store_can_be_left_out_again(client, manager, week, shibuya):
    page = sign_in(client, manager).get("/days/analysis/", {"shown": [shibuya.pk]}).content.decode()

    assert [page.count(f'type="{kind}" name="shown"') for kind in ("checkbox", "hidden")] == [2, 0]


def test_no_more_than_five_stores_are_compared(client, admin, company, week):
    Store.objects.bulk_create(Store(company=company, code=f"8{number}", name="新店") for number in range(6))

    response = sign_in(client, admin).get("/days/analysis/", {"shown": list(Store.objects.values_list("pk", flat=True))})

    assert response.context["form"].errors["shown"] == ["グラフに選べるのは5店舗までです。"]


def test_many_stores_are_the_largest_and_all_others_together(client, admin, company, week, by):
    for number in range(5):
        store = Store.objects.create(company=company, code=f"8{number}", name=f"新店{number}")
        Register.objects.create(store=store, number=1)
        book(store, sale("1", 100 + number), by=by)

    response = sign_in(client, admin).get("/days/analysis/")

    drawn = {series.name: sum(amount or 0 for amount in series.amounts) for series in response.context["chart"].series}
    assert drawn == {"渋谷店": 6_800, "吉祥寺店": 880, "新店4": 104, "新店3": 103, "その他の店舗": 102 + 101 + 100}


def test_an_analysis_needs_the_same_queries_for_one_store_and_for_four(client, admin, company, week, by):
    sign_in(client, admin).get("/days/analysis/")
    few = [queries_of(client, page) for page in PAGES]
    for number in range(3):
        store = Store.objects.create(company=company, code=f"8{number}", name="新店")
        Register.objects.create(store=store, number=1)
        close_day(open_day(store, DAY, by=by, today=DAY), counts=[RegisterCount(1, 10, 0)], by=by)

    assert [queries_of(client, page) for page in PAGES] == few


def queries_of(client, page):
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    return len(asked)


def lines_of(response):
    return b"".join(response.streaming_content).decode("utf-8-sig").splitlines()


def test_the_ranking_is_a_file(client, manager, week):
    lines = lines_of(sign_in(client, manager).get("/days/analysis/ranking/csv/"))

    assert lines[1:] == ["0001,渋谷店,6800,2,0,6800", "0002,吉祥寺店,880,1,0,880"]


def test_the_rates_are_a_file_with_their_tax(client, manager, week):
    asked = {"first": YESTERDAY, "last": DAY}

    lines = lines_of(sign_in(client, manager).get("/days/analysis/rates/csv/", asked))

    assert lines == [
        "初日,最終日,10%対象,10%対象 消費税,8%対象（軽減）,8%対象（軽減） 消費税,合計,うち消費税",
        "2026-03-31,2026-03-31,1650,150,1080,80,2730,230",
        "2026-04-01,2026-04-01,3300,300,0,0,3300,300",
    ]


def test_the_differences_are_a_file(client, manager, week):
    lines = lines_of(sign_in(client, manager).get("/days/analysis/cash/csv/", {"grouped": "REGISTER"}))

    assert lines[1:] == ["0001,渋谷店,1,,,2,2,1050,0,0,1050,1,0"]


def test_a_clerk_takes_no_figures_along(client, clerk, week):
    sign_in(client, clerk)

    assert [client.get(file).status_code for file in FILES] == [403] * len(FILES)


def test_a_rival_finds_no_store_in_a_file(client, rival_admin, week):
    sign_in(client, rival_admin)

    lines = [line for file in FILES for line in lines_of(client.get(file))]

    assert [line for line in lines if "渋谷店" in line or "6800" in line] == []


def test_a_file_of_no_period_is_refused(client, manager, week):
    sign_in(client, manager)

    responses = [client.get(file, {"first": "x"}) for file in FILES]

    assert {(response.status_code, response.content.decode()) for response in responses} == {(400, "期間が正しくありません。")}
