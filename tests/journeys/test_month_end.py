"""The end of a month: the accountant compares Yayoi's books with what was sent, and the administrator locks the month."""

import pytest

from closing.models import MonthLock
from tests.accessibility import violations
from tests.journeys.accounting_pages import export_last_month, lock_month, open_months, open_reconciliation, reconcile, row_of_month
from tests.journeys.chain import TWO_TAX_RATES, load_slips
from tests.journeys.portal_pages import sign_in
from tests.journeys.till_pages import close_with_total, open_till, wait_for_outcome
from tests.journeys.words import word

COLUMN_OF_MEMO = 21


@pytest.fixture
def connected_since(chain):
    """The store was connected before the month was over."""
    return chain.last_of_month


@pytest.fixture
def delivered_month(portal, chain, language, link, page, tmp_path):
    """The last day of the month that is over was closed, and Yayoi has its two rows."""
    load_slips(chain, tmp_path / "伝票.csv", TWO_TAX_RATES.format(day=chain.last_of_month))
    open_till(page, portal, chain.clerk, chain.last_of_month)
    close_with_total(page, "1640")
    wait_for_outcome(page, "連携済")
    return chain.last_of_month


def as_daybook(exported):
    """What Yayoi exports of rows that it has taken in: the same, without our memo."""
    rows = [line.split(",") for line in exported.decode("cp932").splitlines()]
    return [",".join([*row[:COLUMN_OF_MEMO], "", *row[COLUMN_OF_MEMO + 1 :]]) + "\r\n" for row in rows]


@pytest.fixture
def accountants_page(portal, chain, language, open_page):
    page = open_page()
    sign_in(page, portal, chain.accountant)
    return page


@pytest.fixture
def admins_page(portal, chain, language, open_page):
    page = open_page()
    sign_in(page, portal, chain.admin)
    return page


def test_the_books_of_a_month_are_compared_and_the_month_is_locked(chain, delivered_month, accountants_page, admins_page):
    daybook = as_daybook(export_last_month(accountants_page))
    open_reconciliation(accountants_page)
    first_seen = reconcile(accountants_page, daybook[:1], since=delivered_month)
    then_seen = reconcile(accountants_page, daybook, since=delivered_month)
    faults = violations(accountants_page)
    open_months(accountants_page)
    sales = row_of_month(accountants_page, delivered_month).get_by_text("¥1,640").count()

    open_months(admins_page)
    lock_month(admins_page, delivered_month)

    assert (first_seen, then_seen) == ([(word("不足", context="match"), 1), (word("一致"), 1)], [(word("一致"), 2)])
    assert (sales, faults) == (1, [])
    assert MonthLock.objects.filter(company=chain.company).count() == 1
