"""The particular slips of the demo shops."""

from datetime import date, datetime, timedelta

import pytest

from closing.categories import PaymentKind
from closing.slip_rules import broken_rules
from yayoi_link.demo.companies import BOOKSTORE, KAMAKURA, KICHIJOJI, SHIBUYA
from yayoi_link.demo.shop import JAPAN, METHODS, slips_of_day
from yayoi_link.demo.slip_cases import CASES, cases_of_day
from yayoi_link.demo.trading import trading_date

KINDS = {code: PaymentKind(kind) for code, _name, kind in METHODS}
TODAYS = [date(2026, 4, 1), date(2026, 11, 22), date(2028, 2, 29)]


def slips_before(today):
    return [
        (shop.store, slip)
        for shop in (SHIBUYA, KICHIJOJI, KAMAKURA)
        for back in range(60, 0, -1)
        for slip in cases_of_day(shop, today - timedelta(days=back), today=today)
    ]


@pytest.mark.parametrize("today", TODAYS)
def test_every_case_is_a_slip_that_can_be_booked_whatever_day_it_is(today):
    slips = [slip for _store, slip in slips_before(today)]

    assert [broken_rules(slip, KINDS) for slip in slips] == [[]] * len(slips)
    assert {case.number for case in CASES} <= {slip.number for slip in slips}


@pytest.mark.parametrize("today", TODAYS)
def test_what_is_taken_back_was_sold_before(today):
    slips = {(store, slip.business_date, slip.number): slip for store, slip in slips_before(today)}
    followed = [
        (slip, slips[slip.original.store, slip.original.business_date, slip.original.number]) for slip in slips.values() if slip.original
    ]

    assert [slip.issued_at > original.issued_at for slip, original in followed] == [True] * len(followed)


def test_the_last_night_of_a_month_has_a_guest_at_half_past_one():
    (slip,) = cases_of_day(KICHIJOJI, date(2026, 4, 30), today=date(2026, 5, 20))

    assert (slip.business_date, f"{slip.issued_at:%m-%d %H:%M}") == (date(2026, 4, 30), "05-01 01:30")


def test_nothing_out_of_the_ordinary_happens_at_the_bookshop():
    assert [cases_of_day(BOOKSTORE, date(2026, 4, 1) - timedelta(days=back), today=date(2026, 4, 1)) for back in range(60)] == [[]] * 60


@pytest.mark.parametrize("hour", range(24))
def test_at_any_hour_the_open_day_has_sales(hour):
    now = datetime(2026, 11, 22, hour, tzinfo=JAPAN)
    today = trading_date(now)

    slips = slips_of_day(SHIBUYA.open_for_hours(now, day=today), today)

    assert sum(slip.issued_at <= now for slip in slips) >= 3
