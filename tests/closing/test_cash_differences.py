import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closing.cash_movements import explain_difference
from closing.models import CashMovement, DifferenceSeen, RegisterDay
from closing.needs import differences_unseen
from closing.trading_day import RegisterCount, close_day, open_day
from stores.models import AuditEntry
from stores.needs import needs_of
from tests.cast import sign_in
from tests.closing.cases import TOMORROW
from tests.closing.conftest import DAY, EVENING

pytestmark = pytest.mark.usefixtures("evening")

SEEN = f"/days/0001/{DAY}/difference-seen/"
UNSEEN = "/days/differences/?unseen=on"


@pytest.fixture
def over(day, by):
    return close_day(day, counts=[RegisterCount(1, 501, 0, reason="数え間違い")], by=by)


def is_asked(person):
    return "difference" in [need.name for need in needs_of(person, at=EVENING)]


def test_a_manager_is_told_of_a_drawer_beyond_the_tolerance(client, manager, shibuya, over):
    page = sign_in(client, manager).get("/").content.decode()

    assert [drawer.left for drawer in differences_unseen(manager).knowing_what_is_left()] == [501]
    assert [word in page for word in ("許容額を超えた現金差異", f"{UNSEEN}&amp;store={shibuya.pk}")] == [True, True]
    assert "数え間違い" in client.get(UNSEEN).content.decode()


def test_a_difference_within_the_tolerance_is_nobodys_task(manager, day, by):
    close_day(day, counts=[RegisterCount(1, 500, 0)], by=by)

    assert not is_asked(manager)


@pytest.mark.parametrize(("name", "is_told"), [("manager", True), ("clerk", False), ("accountant", False), ("rival_admin", False)])
def test_those_responsible_are_told(request, name, is_told, over):
    assert is_asked(request.getfixturevalue(name)) is is_told


def test_what_a_manager_has_seen_is_not_asked_again(client, manager, over):
    sign_in(client, manager)
    for _ in range(2):
        response = client.post(SEEN)

    assert (is_asked(manager), response.url) == (False, UNSEEN)
    assert (DifferenceSeen.objects.get().by, AuditEntry.objects.filter(action="DIFFERENCE_SEEN").count()) == (manager, 1)


@pytest.mark.parametrize(("name", "status"), [("clerk", 403), ("rival_admin", 404)])
def test_only_managers_say_that_they_have_seen_it(client, request, over, name, status):
    assert sign_in(client, request.getfixturevalue(name)).post(SEEN).status_code == status


@pytest.mark.parametrize(("amount", "left"), [(501, []), (300, [201])])
def test_what_has_been_explained_is_asked_about_no_more(manager, over, by, stationery, amount, left):
    tomorrow = open_day(over.day.store, TOMORROW, by=by, today=TOMORROW)
    settled = RegisterDay.objects.get(day=over.day)

    explain_difference(tomorrow, CashMovement(direction="OVER_EXPLAINED", reason=stationery, amount=amount, explains=settled), by=by)

    assert [drawer.left for drawer in differences_unseen(manager).knowing_what_is_left()] == left


def test_what_explains_one_drawer_leaves_the_other_of_the_day(manager, second_register, day, shibuya, by, stationery):
    closing = close_day(day, counts=[RegisterCount(number, 501, 0, reason="数え間違い") for number in (1, 2)], by=by)
    tomorrow = open_day(shibuya, TOMORROW, by=by, today=TOMORROW)
    first = RegisterDay.objects.get(day=closing.day, register__number=1)

    explain_difference(tomorrow, CashMovement(direction="OVER_EXPLAINED", reason=stationery, amount=501, explains=first), by=by)

    assert [(drawer.register.number, drawer.left) for drawer in differences_unseen(manager).knowing_what_is_left()] == [(2, 501)]


def test_the_month_adds_up_what_was_over_and_what_was_short(client, clerk, over, shibuya, by):
    for date, actual in ((DAY.replace(day=2), 0), (DAY.replace(day=3), 0)):
        tomorrow = open_day(shibuya, date, by=by, today=date)
        RegisterDay.objects.filter(day=tomorrow).update(opening_float=700)
        close_day(tomorrow, counts=[RegisterCount(1, actual, 0, reason="不明")], by=by)

    sums = sign_in(client, clerk).get("/days/differences/?month=2026-04").context["sums"]

    assert sums == {"over": 501, "short": -1400, "over_count": 1, "short_count": 2}
    assert "-¥1,400" not in client.get("/days/differences/?month=2026-03").content.decode()


def test_another_companys_differences_are_in_no_sum(client, rival_admin, over):
    sums = sign_in(client, rival_admin).get("/days/differences/").context["sums"]

    assert sums == {"over": 0, "short": 0, "over_count": 0, "short_count": 0}


@pytest.mark.parametrize("query", ["?month=nonsense", "?store=0", "?unseen=on&page=99", "?month=2026-13&store=x"])
def test_a_filter_that_makes_no_sense_shows_what_it_can(client, manager, over, query):
    assert sign_in(client, manager).get(f"/days/differences/{query}").status_code == 200


def test_three_differences_cost_no_more_queries_than_one(client, manager, over, shibuya, by):
    sign_in(client, manager)

    def queries():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(UNSEEN).status_code == 200
        return len(queries)

    for_one = queries()
    for date in (DAY.replace(day=2), DAY.replace(day=3)):
        close_day(open_day(shibuya, date, by=by, today=date), counts=[RegisterCount(1, 900, 0, reason="不明")], by=by)
    assert queries() == for_one
