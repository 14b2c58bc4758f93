from dataclasses import replace

import pytest
from hypothesis import given

from closing.categories import MovementDirection, PaymentKind
from closing.day_changes import ComparedFigure, compare
from closing.figures import DayFigures, MethodTotal, MovementLine
from closing.signals import Wish
from closing.trading_day import RegisterCount, close_again, close_day
from tests.cast import sign_in
from tests.closing.conftest import DAY, book, sale
from tests.days import trading_days

pytestmark = pytest.mark.usefixtures("evening")

PAGE = f"/days/0001/{DAY}/revisions/"


@pytest.fixture
def two_revisions(day, shibuya, by):
    book(shibuya, sale("1"), by=by)
    close_day(day, counts=[RegisterCount(1, 1_100, 0)], by=by)
    book(shibuya, sale("2", 2_200, "VISA"), by=by)
    close_again(day, seen_revision=1, by=by, wish=Wish.SEND)
    return day


def test_what_changed_between_two_revisions_is_shown(client, clerk, two_revisions):
    response = sign_in(client, clerk).get(PAGE)

    changed = [(each.subject, each.detail, each.before, each.after) for each in response.context["figures"] if each.is_changed]
    assert changed == [
        ("sales_count", "", 1, 2),
        ("gross_sales", "", 1_100, 3_300),
        ("net_sales", "", 1_000, 3_000),
        ("sales_tax", "", 100, 300),
        ("category", "STANDARD_10", 1_100, 3_300),
        ("category_tax", "STANDARD_10", 100, 300),
        ("method", "VISA", None, 2_200),
    ]


def test_a_day_with_one_revision_has_nothing_to_compare(client, clerk, day, by):
    close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)

    assert sign_in(client, clerk).get(PAGE).status_code == 404


def test_a_rival_compares_nothing(client, rival_admin, two_revisions):
    assert sign_in(client, rival_admin).get(PAGE).status_code == 404


def test_two_methods_of_one_name_are_compared_each_by_itself():
    first, second = (MethodTotal(code, "商品券", PaymentKind.OTHER_VOUCHER, 1, 500) for code in ("G1", "G2"))

    changed = [each for each in compare(DayFigures(methods=(first,)), DayFigures(methods=(first, second))) if each.is_changed]

    assert changed == [ComparedFigure("method", "商品券", None, 500)]


def test_a_number_that_was_decided_is_a_change_though_no_amount_is():
    unclear = MovementLine("ab", 1, MovementDirection.PAID_OUT, "0003", "消耗品", 880, is_registration_unclear=True)
    decided = replace(unclear, registration_no="T6012345678901", is_registration_unclear=False)

    changed = [each for each in compare(DayFigures(movements=(unclear,)), DayFigures(movements=(decided,))) if each.is_changed]

    assert changed == [ComparedFigure("unclear_receipts", "", 1, 0)]


@given(trading_days())
def test_equal_figures_have_no_change(trading_day):
    _slips, figures = trading_day

    assert [each for each in compare(figures, figures) if each.is_changed] == []
