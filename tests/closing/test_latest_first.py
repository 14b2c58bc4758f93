"""Pages of a long list by date have the same rows as without the short way."""

from datetime import timedelta

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closing.models import BusinessDay
from closing.trading_day import RegisterCount, close_day, open_day
from stores import latest_first
from stores.latest_first import LatestFirst
from tests.closing.conftest import DAY

AGES = (0, 1, 2, 7, 8, 30, 60, 61, 400)


@pytest.fixture
def long_list(shibuya, kichijoji, by, monkeypatch):
    monkeypatch.setattr(latest_first, "LONG", 1)
    for age in AGES:
        for store in (shibuya, kichijoji):
            day = open_day(store, DAY - timedelta(days=age), by=by, today=DAY)
            close_day(day, counts=[RegisterCount(register.number, 0, 0) for register in store.registers.all()], by=by)
    return BusinessDay.objects.all()


@pytest.mark.parametrize("per_page", [1, 2, 3, 5, 18, 50])
def test_every_page_has_the_rows_of_the_whole_list(long_list, per_page):
    short, whole = LatestFirst(long_list, per_page), Paginator(long_list, per_page)

    assert [list(short.page(number)) for number in short.page_range] == [list(whole.page(number)) for number in whole.page_range]


def test_the_first_page_looks_at_the_last_dates_only(long_list):
    with CaptureQueriesContext(connection) as queries:
        rows = list(LatestFirst(long_list, 4).page(1))

    assert [day.date for day in rows] == [DAY, DAY, DAY - timedelta(days=1), DAY - timedelta(days=1)]
    assert f"'{DAY - timedelta(days=1)}'" in queries[-1]["sql"]


def test_a_list_that_has_become_empty_meanwhile_has_an_empty_page(long_list):
    pages = LatestFirst(long_list, 4)
    assert pages.count == 2 * len(AGES)
    pages.object_list = long_list.none()

    assert list(pages.page(1)) == []
