from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closing.models import Holiday
from closing.stores_now import StoreState, read_rows, stores_now
from stores.models import AuditEntry
from tests.cast import sign_in
from tests.closing.conftest import DAY, EVENING, book, sale

pytestmark = pytest.mark.usefixtures("evening")


@pytest.fixture
def holidays_page(shibuya):
    return f"/stores/{shibuya.pk}/holidays/"


def test_a_weekday_rests_all_month(client, manager, holidays_page):
    sign_in(client, manager).post(holidays_page, {"first": "2026-04-01", "last": "2026-04-30", "weekday": "1", "note": "定休日"})

    assert list(Holiday.objects.values_list("date", "note")) == [(date(2026, 4, day), "定休日") for day in (7, 14, 21, 28)]
    assert AuditEntry.objects.get(action="HOLIDAYS_CHANGED").changes == {"日数": 4, "メモ": "定休日"}


def test_a_holiday_registered_twice_is_one(client, manager, holidays_page):
    sign_in(client, manager)
    for _ in range(2):
        response = client.post(holidays_page, {"first": "2026-04-01"}, follow=True)

    assert Holiday.objects.count() == 1
    assert "選んだ日は、すべて休業日になっています。" in response.content.decode()


def test_a_holiday_can_be_taken_back(client, manager, shibuya, holidays_page):
    holiday = Holiday.objects.create(store=shibuya, date=DAY)

    sign_in(client, manager).post(f"/stores/holidays/{holiday.pk}/remove/")

    assert Holiday.objects.count() == 0


def test_the_span_ends_after_it_begins(client, manager, holidays_page):
    response = sign_in(client, manager).post(holidays_page, {"first": "2026-04-02", "last": "2026-04-01"})

    assert list(response.context["form"].errors) == ["last"]


@pytest.mark.parametrize(("name", "status"), [("clerk", 403), ("accountant", 403), ("rival_admin", 404), ("admin", 200)])
def test_managers_and_administrators_keep_the_calendar(client, request, name, status, holidays_page):
    assert sign_in(client, request.getfixturevalue(name)).get(holidays_page).status_code == status


def test_a_rivals_holiday_is_not_found(client, rival_admin, shibuya):
    holiday = Holiday.objects.create(store=shibuya, date=DAY)

    assert sign_in(client, rival_admin).post(f"/stores/holidays/{holiday.pk}/remove/").status_code == 404


def test_top_says_that_a_store_rests(client, manager, shibuya, kichijoji):
    Holiday.objects.create(store=shibuya, date=DAY)

    states = [(row.store.code, row.state) for row in read_rows(stores_now(manager, at=EVENING).places)]

    assert states == [("0002", StoreState.NOT_OPENED), ("0001", StoreState.HOLIDAY)]
    assert "休業日" in sign_in(client, manager).get("/").content.decode()


def test_a_store_that_trades_on_its_holiday_is_open(manager, day, shibuya, kichijoji):
    Holiday.objects.create(store=shibuya, date=DAY)

    assert {row.store.code: row.state for row in read_rows(stores_now(manager, at=EVENING).places)}["0001"] == StoreState.OPEN


def test_the_calendar_adds_up_weeks_and_month(client, clerk, day, shibuya, by):
    book(shibuya, sale("1"), sale("2", 2200), by=by)
    Holiday.objects.create(store=shibuya, date=date(2026, 4, 2))

    response = sign_in(client, clerk).get("/days/calendar/", {"month": "2026-04", "store": shibuya.pk})

    calendar = response.context["calendar"]
    assert (calendar.sales, calendar.trading_days, [week.sales for week in calendar.weeks]) == (3_300, 1, [3_300, 0, 0, 0, 0])
    assert "休業日" in response.content.decode()


def test_the_calendar_of_a_clerk_leaves_other_stores_out(client, clerk, day, kichijoji, rival_store, by):
    for other in (kichijoji, rival_store):
        other.days.create(date=DAY, opened_at=by.at, sales_total=500)

    assert sign_in(client, clerk).get("/days/calendar/").context["calendar"].sales == 0


def test_the_calendar_needs_the_same_queries_for_one_day_and_for_three(client, admin, day, shibuya, by, django_assert_num_queries):
    sign_in(client, admin).get("/days/calendar/")
    with CaptureQueriesContext(connection) as one_day:
        client.get("/days/calendar/")
    for number in (2, 3):
        shibuya.days.create(date=DAY.replace(day=number), opened_at=by.at)

    with django_assert_num_queries(len(one_day)):
        assert client.get("/days/calendar/").context["calendar"].trading_days == 3


def test_a_month_that_goes_on_stands_beside_as_many_days(client, manager, day, shibuya, by):
    for month, on, amount in ((3, 1, 1_000), (3, 2, 500), (4, 1, 0)):
        shibuya.days.update_or_create(date=date(2026, month, on), defaults={"opened_at": by.at, "sales_total": amount})
    book(shibuya, sale("1", 1_100), by=by)

    previous, last_year = sign_in(client, manager).get("/days/calendar/").context["earlier"]

    assert (previous.span.last, previous.sales, previous.difference, previous.permille) == (date(2026, 3, 1), 1_000, 100, 100)
    assert (last_year.sales, last_year.permille) == (0, None)


def test_a_date_of_the_calendar_leads_to_its_stores(client, admin, day, shibuya, kichijoji):
    sign_in(client, admin)

    page = client.get("/days/calendar/").content.decode()

    assert 'href="/days/analysis/?first=2026-04-01&amp;last=2026-04-01"' in page
    assert 'href="/days/0001/2026-04-01/"' in client.get("/days/analysis/?first=2026-04-01&last=2026-04-01").content.decode()


def test_whoever_has_one_store_comes_from_the_calendar_to_its_day(client, clerk, day):
    assert 'href="/days/0001/2026-04-01/"' in sign_in(client, clerk).get("/days/calendar/").content.decode()


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "x"])
def test_a_month_that_makes_no_sense_is_the_present_one(client, clerk, day, month):
    response = sign_in(client, clerk).get("/days/calendar/", {"month": month})

    assert (response.status_code, response.context["calendar"].month) == (200, DAY.replace(day=1))
