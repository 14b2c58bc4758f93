"""What the page of a month counts is what the list of its days shows."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from closing.models import BusinessDay, Holiday
from stores.models import Store
from yayoi_link.importfile import Dialect
from yayoi_link.monthly_papers.month_days import DayState, count_month_days, month_days
from yayoi_link.monthly_papers.scope import scope_for

MONTH, TODAY = date(2026, 4, 1), date(2026, 4, 25)
MORNING = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
CLOSED = {"state": "CLOSED", "revision": 1, "entries": 1, "closed_entries": 1}
# Of a day of April, what it is like.
KINDS = {
    3: {},
    5: CLOSED,
    8: CLOSED | {"entries": 2},
    9: CLOSED | {"is_provisional": True},
    12: CLOSED,
    27: CLOSED,
}


def trade(store, *numbers):
    days = {number: KINDS[number] for number in numbers}
    BusinessDay.objects.bulk_create(
        BusinessDay(store=store, date=MONTH.replace(day=number), opened_at=MORNING, **kind) for number, kind in days.items()
    )


def rest(store, *numbers):
    Holiday.objects.bulk_create(Holiday(store=store, date=MONTH.replace(day=number)) for number in numbers)


@pytest.fixture
def odd_month(company):
    """One store trades since March, one begins in the month, one ends in it, one has never opened; some rest, and one opens all the same."""
    since_march, begins, ends, _never = (Store.objects.create(company=company, code=f"9{n}", name=f"{n}号店") for n in range(4))
    BusinessDay.objects.create(store=since_march, date=date(2026, 3, 31), opened_at=MORNING, **CLOSED)
    trade(since_march, *KINDS)
    trade(begins, 9, 12)
    trade(ends, 5, 27)
    Store.objects.filter(pk=ends.pk).update(retired_on=MONTH.replace(day=20))
    rest(since_march, 5, 10, 26)
    rest(begins, 2, 12)
    rest(ends, 6, 22)


def test_the_states_are_counted_as_they_are_listed(admin, odd_month):
    scope = scope_for(admin, MONTH, store=None, dialect=Dialect.DESKTOP, today=TODAY)

    counted = count_month_days(scope)

    assert counted == Counter(day.state for day in month_days(scope))
    assert all(counted[state] > 0 for state in DayState)
