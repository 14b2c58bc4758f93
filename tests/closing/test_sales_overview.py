from datetime import date, timedelta

import pytest

from closing.models import Holiday
from closing.sales_overview import DateSales, sales_overview_of
from closing.trading_day import close_day, open_day
from stores.models import Store
from tests.cast import sign_in
from tests.closing.conftest import DAY, book, sale

pytestmark = pytest.mark.usefixtures("evening")

LAST_WEEK, LAST_YEAR = date(2026, 3, 25), date(2025, 4, 2)  # Wednesdays, as DAY is


@pytest.fixture
def sold(shibuya, day, by):
    """Return a function that books a sale of the store's day, opened where it is not, and closes it when told to."""

    def trade(on, amount, *, store=shibuya, is_closed=True):
        traded = open_day(store, on, by=by, today=DAY) if on != DAY else day
        book(store, sale("1", amount, business_date=on), by=by)
        if is_closed:
            close_day(traded, counts=None, by=by)

    return trade


def test_today_stands_beside_the_same_weekdays(clerk, sold):
    sold(DAY, 5_500, is_closed=False)
    sold(LAST_WEEK, 4_400)
    sold(LAST_YEAR, 11_000)

    overview = sales_overview_of(clerk, DAY)

    assert overview.today == DateSales(DAY, sales=5_500, sales_so_far=5_500, stores=1, open_stores=1)
    assert [(one.before.date, one.difference, one.permille) for one in (overview.last_week, overview.last_year)] == [
        (LAST_WEEK, 1_100, 250),
        (LAST_YEAR, -5_500, -500),
    ]


def test_the_days_are_the_last_thirty_with_today(clerk, sold):
    sold(DAY - timedelta(days=29), 1_100)
    sold(DAY - timedelta(days=30), 2_200)

    days = sales_overview_of(clerk, DAY).days

    assert (days[0].date, days[-1].date, len(days), sum(day.sales for day in days)) == (DAY - timedelta(days=29), DAY, 30, 1_100)


def test_a_date_on_which_every_store_rests_is_no_date_without_sales_only(manager, shibuya, kichijoji):
    Holiday.objects.create(store=shibuya, date=DAY)
    before = sales_overview_of(manager, DAY).today.is_rest
    Holiday.objects.create(store=kichijoji, date=DAY)

    assert (before, sales_overview_of(manager, DAY).today.is_rest) == (False, True)


def test_other_stores_and_rivals_are_not_in_it(clerk, rival_admin, sold, kichijoji, by):
    sold(LAST_WEEK, 1_100)
    open_day(kichijoji, LAST_WEEK, by=by, today=DAY)

    assert sales_overview_of(clerk, DAY).last_week.before.stores == 1
    assert not sales_overview_of(rival_admin, DAY).has_traded


def test_top_says_that_today_is_still_going_on(client, clerk, sold):
    sold(DAY, 1_100, is_closed=False)
    sold(LAST_WEEK, 4_400)

    page = sign_in(client, clerk).get("/").content.decode()

    assert [words in page for words in ("今日は営業中", "この日まで、あと ¥3,300", "（-75.0%）", "この日の営業の記録はありません。")] == [
        True
    ] * 4


def test_top_says_how_many_stores_are_compared(client, manager, sold, kichijoji, by):
    sold(DAY, 1_100)
    sold(LAST_WEEK, 1_100)
    open_day(kichijoji, LAST_WEEK, by=by, today=DAY)

    assert "今日 1店、この日 2店" in sign_in(client, manager).get("/").content.decode()


def test_a_company_that_never_traded_has_no_chart(client, rival_admin):
    assert "30日間の売上" not in sign_in(client, rival_admin).get("/").content.decode()


def test_the_overview_needs_four_queries_however_many_stores(admin, company, sold, by, django_assert_num_queries):
    for number in range(3):
        sold(LAST_WEEK, 1_100, store=Store.objects.create(company=company, code=f"9{number}", name="新店"), is_closed=False)

    with django_assert_num_queries(4):
        assert sales_overview_of(admin, DAY).last_week.before.stores == 3
