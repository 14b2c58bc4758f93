from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from closing.signals import Wish
from closing.stores_now import StoreState, read_rows, stores_now
from closing.trading_day import RegisterCount, close_again, close_day, open_day
from stores.models import Store
from tests.cast import sign_in
from tests.closing.conftest import DAY, EVENING, book, sale

pytestmark = pytest.mark.usefixtures("evening")

DAY_PAGE = "/days/0001/2026-04-01/"


def listed(response):
    return [(day.store.code, day.date.isoformat()) for day in response.context["page"]]


@pytest.fixture
def three_days(day, shibuya, by):
    """Today closed and changed, yesterday closed, the day before forgotten."""
    close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)
    book(shibuya, sale("1"), by=by)
    close_day(open_day(shibuya, DAY - timedelta(days=1), by=by, today=DAY), counts=[RegisterCount(1, 0, 0)], by=by)
    open_day(shibuya, DAY - timedelta(days=2), by=by, today=DAY)


@pytest.mark.parametrize(
    ("chosen", "dates"),
    [
        ({}, ["2026-04-01", "2026-03-31", "2026-03-30"]),
        ({"month": "2026-03"}, ["2026-03-31", "2026-03-30"]),
        ({"state": "CHANGED"}, ["2026-04-01"]),
        ({"state": "CLOSED"}, ["2026-03-31"]),
        ({"state": "OVERDUE"}, ["2026-03-30"]),
        ({"state": "OPEN"}, []),
        ({"month": "nonsense", "state": "nonsense", "page": "x"}, ["2026-04-01", "2026-03-31", "2026-03-30"]),
    ],
)
def test_days_are_found_by_month_and_state(client, clerk, three_days, chosen, dates):
    response = sign_in(client, clerk).get("/days/", chosen)

    assert [date for _, date in listed(response)] == dates


def test_a_clerk_sees_the_days_of_the_own_store_only(client, clerk, day, kichijoji, rival_store, by):
    for other in (kichijoji, rival_store):
        open_day(other, DAY, by=by, today=DAY)

    assert listed(sign_in(client, clerk).get("/days/")) == [("0001", "2026-04-01")]


def test_a_rivals_store_cannot_be_filtered_for(client, clerk, day, rival_store):
    response = sign_in(client, clerk).get("/days/", {"store": rival_store.pk})

    assert "store" in response.context["form"].errors


def test_the_list_needs_the_same_queries_for_one_day_and_for_three(client, admin, day, three_days, django_assert_num_queries):
    sign_in(client, admin)
    one_day, three = {"month": "2026-04"}, {}
    with CaptureQueriesContext(connection) as first:
        assert len(listed(client.get("/days/", one_day))) == 1

    with django_assert_num_queries(len(first)):
        assert len(listed(client.get("/days/", three))) == 3


@pytest.mark.parametrize("address", ["/days/0002/2026-04-01/", "/days/0001/2026-04-02/", "/days/0001/2026-02-30/"])
def test_a_day_outside_of_what_a_person_sees_is_not_found(client, clerk, day, kichijoji, by, address):
    open_day(kichijoji, DAY, by=by, today=DAY)

    assert sign_in(client, clerk).get(address).status_code == 404


def test_a_rival_does_not_see_the_day(client, rival_admin, day):
    assert sign_in(client, rival_admin).get(DAY_PAGE).status_code == 404


def test_an_accountant_reads_the_day(client, accountant, day):
    assert sign_in(client, accountant).get(DAY_PAGE).status_code == 200


def test_an_open_day_is_shown_as_it_stands(client, clerk, day, shibuya, by):
    book(shibuya, sale("1"), by=by)

    response = sign_in(client, clerk).get(DAY_PAGE)

    assert (response.context["closing"], response.context["figures"].gross_sales) == (None, 1100)


def test_a_closed_day_is_shown_as_it_was_frozen(client, clerk, day, shibuya, by):
    close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)
    book(shibuya, sale("1"), sale("2"), by=by)

    response = sign_in(client, clerk).get(DAY_PAGE)

    assert response.context["figures"].gross_sales == 0
    assert "閉局後に2件の登録がありました" in response.content.decode()


def test_earlier_revisions_can_be_read_again(client, clerk, day, shibuya, by):
    close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)
    book(shibuya, sale("1"), by=by)
    close_again(day, seen_revision=1, by=by, wish=Wish.SEND)
    sign_in(client, clerk)

    shown = [client.get(DAY_PAGE, {"revision": revision}).context["figures"].gross_sales for revision in ("1", "2", "9", "")]

    assert shown == [0, 1100, 1100, 1100]


def test_the_report_ends_with_the_rows_for_yayoi_and_their_proof(client, clerk, day, shibuya, by):
    book(shibuya, sale("1"), by=by)
    before = sign_in(client, clerk).get(DAY_PAGE).content.decode()
    close_day(day, counts=[RegisterCount(1, 1100, 0)], by=by)

    closed = client.get(DAY_PAGE).content.decode()

    assert ["現金売上10% 渋谷店 #0001-260401-1" in page for page in (before, closed)] == [True, True]
    assert "借方合計 ¥1,100 ＝ 貸方合計 ¥1,100" in closed


def test_the_report_says_what_is_inside_the_amounts(client, clerk, day, shibuya, by):
    book(shibuya, sale("1", service_charge=110, points=50, discount=30, guests=4), by=by)

    page = sign_in(client, clerk).get(DAY_PAGE).content.decode()

    assert [word in page for word in ("¥110", "¥50", "¥30", "<dd>4</dd>")] == [True] * 4


def test_a_day_without_a_count_is_readable(client, clerk, day, by):
    close_day(day, counts=None, by=by)

    assert sign_in(client, clerk).get(DAY_PAGE).status_code == 200


def test_top_shows_every_store_with_exceptions_first(manager, three_days, kichijoji):
    rows = read_rows(stores_now(manager, at=EVENING).places)

    assert [(row.store.code, row.state, row.day and row.day.date) for row in rows] == [
        ("0001", StoreState.OVERDUE, DAY - timedelta(days=2)),
        ("0002", StoreState.NOT_OPENED, None),
        ("0001", StoreState.CLOSED, DAY),
    ]


def test_a_store_that_is_still_open_from_yesterday_is_open(clerk, shibuya, by, time_machine):
    time_machine.move_to(EVENING.replace(hour=16), tick=False)  # 01:00 of 2026-04-02 in Japan
    open_day(shibuya, DAY, by=by, today=DAY)

    (row,) = stores_now(clerk, at=timezone.now()).of_only_store

    assert (row.state, row.day.date) == (StoreState.OPEN, DAY)


def test_the_stores_of_top_need_six_queries_however_many(admin, company, three_days, by, django_assert_num_queries):
    for number in range(3):
        store = Store.objects.create(company=company, code=f"9{number}", name="新店")
        open_day(store, DAY, by=by, today=DAY)

    with django_assert_num_queries(6):
        rows = read_rows(stores_now(admin, at=EVENING).places)

    assert len(rows) == 5


def test_a_forgotten_day_is_one_tap_away_from_top(client, clerk, three_days):
    page = sign_in(client, clerk).get("/").content.decode()

    assert 'href="/register/?store=0001&amp;date=2026-03-30"' in page


@pytest.mark.parametrize("page", ["/days/", "/days/calendar/", "/days/analysis/", "/slips/", "/slips/kept/", "/days/months/"])
def test_the_views_of_the_sales_lead_to_each_other(client, clerk, day, page):
    content = sign_in(client, clerk).get(page).content.decode()

    assert content.count('aria-current="page"') >= 1
    assert f'<a href="{page}" aria-current="page">' in content
