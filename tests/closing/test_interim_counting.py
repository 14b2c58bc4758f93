from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from closing.interim_counting import count_interim
from closing.models import InterimCount
from closing.models.totals import day_figures
from closing.register_settlement import RegisterCount
from closing.trading_day import AlreadyClosed, AlreadyRecorded, ChangedMeanwhile, NotEmpty, cancel_opening, close_day
from tests.closing.conftest import DAY, book, sale

pytestmark = pytest.mark.usefixtures("evening")

INSPECTION = f"/register/{DAY}/inspection/"
INTERIM = f"/register/{DAY}/interim/1/"


@pytest.fixture
def traded(day, shibuya, by):
    book(shibuya, sale("1"), by=by)
    day.refresh_from_db()
    return day


def test_a_shift_is_counted_and_the_day_goes_on(traded, register, by):
    before = day_figures(traded)

    interim = count_interim(traded, register, RegisterCount(1, 1_000, 0, reason="不明"), shift="早番", by=by)

    interim.refresh_from_db()
    assert (interim.number, interim.sales_total, interim.expected_cash, interim.cash_difference) == (1, 1_100, 1_100, -100)
    assert (traded.is_open, day_figures(traded)) == (True, before)


def test_the_next_shift_has_the_next_number(traded, register, by):
    numbers = [count_interim(traded, register, RegisterCount(1, 1_100, 0), by=by).number for _ in range(2)]

    assert numbers == [1, 2]


def test_a_shift_counted_against_an_amount_nobody_saw_is_refused(traded, register, by):
    with pytest.raises(ChangedMeanwhile):
        count_interim(traded, register, RegisterCount(1, 1_100, 0), seen_expected=0, by=by)


def test_no_shift_is_counted_after_the_close(traded, register, by):
    close_day(traded, counts=[RegisterCount(1, 1_100, 0)], by=by)

    with pytest.raises(AlreadyClosed):
        count_interim(traded, register, RegisterCount(1, 1_100, 0), by=by)


def test_a_shifts_count_is_never_changed(traded, register, by):
    interim = count_interim(traded, register, RegisterCount(1, 1_100, 0), by=by)

    with pytest.raises(IntegrityError), transaction.atomic():
        InterimCount.objects.filter(pk=interim.pk).update(actual_cash=1)


def test_a_day_with_a_counted_shift_stays_open(day, register, by):
    count_interim(day, register, RegisterCount(1, 0, 0), by=by)

    with pytest.raises(NotEmpty):
        cancel_opening(day, by=by)


def typed(**others):
    pieces = {"register1-counting": "PIECES", "register1-pieces1000": "1", "register1-pieces100": "1"}
    return {"expected": "1100", "register1-form_key": "5b0e7a52-2a3e-4d4f-9b36-3d1f6a4f3c11"} | pieces | others


def test_two_presses_count_a_shift_once(at_till, clerk, traded):
    browser = at_till(clerk)

    pages = [browser.post(INTERIM, typed(), follow=True).content.decode() for _ in range(2)]

    assert ["この中締めはすでに登録されています。" in page for page in pages] == [False, True]
    assert InterimCount.objects.count() == 1


def test_a_press_too_many_leaves_the_day_as_it_was(traded, register, by):
    key = uuid4()
    count_interim(traded, register, RegisterCount(1, 1_100, 0), form_key=key, by=by)
    traded.refresh_from_db()
    entries = traded.entries

    with pytest.raises(AlreadyRecorded):
        count_interim(traded, register, RegisterCount(1, 1_100, 0), form_key=key, by=by)

    traded.refresh_from_db()
    assert traded.entries == entries


def test_a_clerk_counts_a_shift_by_denominations(at_till, clerk, traded):
    page = at_till(clerk).post(INTERIM, typed() | {"register1-shift": "早番"}, follow=True).content.decode()

    assert InterimCount.objects.values_list("shift", "actual_cash", "counts").get() == ("早番", 1_100, {"1000": 1, "100": 1})
    assert "¥1,000×1" in page


def test_looking_at_the_day_changes_nothing(at_till, clerk, traded):
    page = at_till(clerk).get(INSPECTION).content.decode()

    entries = traded.entries
    traded.refresh_from_db()
    assert "点検" in page
    assert (traded.entries, traded.is_open) == (entries, True)


def test_an_unknown_register_has_no_shift(at_till, clerk, traded):
    assert at_till(clerk).get(f"/register/{DAY}/interim/9/").status_code == 404
