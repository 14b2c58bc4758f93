"""What TOP asks about the days' books."""

from datetime import timedelta

import pytest

from closing.intake import book_slips
from closing.kept_slips import keep_refused
from closing.models import KeptSlip
from closing.month_locks import lock_month
from closing.templatetags.day_problems import CHANGED, KEPT, PROVISIONAL, Problem, problems_for
from closing.trading_day import RegisterCount, close_day, open_day
from tests.cast import sign_in
from tests.closing.conftest import DAY, book, sale

pytestmark = pytest.mark.usefixtures("evening")
BEFORE = DAY - timedelta(days=1)


@pytest.fixture
def untidy(shibuya, day, by):
    """Two days changed after their close, one of them without a count; and a slip in 保留."""
    close_day(open_day(shibuya, BEFORE, by=by, today=DAY), counts=[RegisterCount(1, 0, 0)], by=by)
    close_day(day, counts=None, by=by)
    book(shibuya, sale("1"), sale("1", business_date=BEFORE), by=by)
    refused = book_slips(shibuya, [sale("2", method="COUPON")], by=by, today=DAY)
    keep_refused(shibuya, refused, source=KeptSlip.Source.REGISTER, by=by)
    return shibuya


def test_days_and_slips_that_wait_for_somebody_are_named_per_store(manager, untidy):
    named = {"store_pk": untidy.pk, "store_code": "0001", "store_name": "渋谷店"}

    assert list(problems_for(manager)) == [
        Problem(CHANGED, count=2, oldest=BEFORE, latest=DAY, **named),
        Problem(PROVISIONAL, count=1, oldest=DAY, latest=DAY, **named),
        Problem(KEPT, count=1, **named),
    ]


def test_each_leads_to_where_it_is_put_right(client, manager, untidy):
    sign_in(client, manager)

    pages = [problem.page for problem in problems_for(manager)]

    assert pages == [f"/days/?state=CHANGED&store={untidy.pk}", f"/days/0001/{DAY}/", f"/slips/kept/?store={untidy.pk}"]
    assert [client.get(page).status_code for page in pages] == [200] * 3


@pytest.mark.parametrize(
    ("name", "is_asked"), [("manager", True), ("admin", True), ("clerk", False), ("accountant", False), ("rival_admin", False)]
)
def test_those_who_can_put_it_right_are_asked(client, request, untidy, name, is_asked):
    page = sign_in(client, request.getfixturevalue(name)).get("/").content.decode()

    assert ("日計で対応が必要なこと" in page) is is_asked


def test_a_day_without_a_count_in_a_locked_month_is_not_asked_about(manager, company, day, by):
    close_day(day, counts=None, by=by)
    lock_month(company, DAY.replace(day=1), by=by, today=DAY + timedelta(days=40))

    assert list(problems_for(manager)) == []


def test_four_queries_tell_of_all_stores(admin, untidy, kichijoji, by, django_assert_num_queries):
    kichijoji.registers.create(number=1)
    close_day(open_day(kichijoji, DAY, by=by, today=DAY), counts=None, by=by)
    close_day(open_day(kichijoji, BEFORE, by=by, today=DAY), counts=None, by=by)

    with django_assert_num_queries(4):
        problems = list(problems_for(admin))

    assert [(problem.kind, problem.store_code, problem.count) for problem in problems if problem.kind is PROVISIONAL] == [
        (PROVISIONAL, "0001", 1),
        (PROVISIONAL, "0002", 2),
    ]
