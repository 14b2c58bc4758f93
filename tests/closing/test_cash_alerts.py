import pytest

from closing.cash_movements import explain_difference
from closing.models import CashMovement, DifferenceSeen, RegisterDay
from closing.templatetags.cash_alerts import alerts_for
from closing.trading_day import RegisterCount, close_day, open_day
from stores.models import AuditEntry
from tests.cast import sign_in
from tests.closing.cases import TOMORROW
from tests.closing.conftest import DAY

pytestmark = pytest.mark.usefixtures("evening")

SEEN = f"/days/0001/{DAY}/difference-seen/"


@pytest.fixture
def over(day, by):
    return close_day(day, counts=[RegisterCount(1, 501, 0, reason="数え間違い")], by=by)


def test_a_manager_is_told_of_a_drawer_beyond_the_tolerance(client, manager, over):
    page = sign_in(client, manager).get("/").content.decode()

    assert [alert.cash_difference for alert in alerts_for(manager)] == [501]
    assert "許容額を超えた現金差異" in page
    assert "数え間違い" in page


def test_a_difference_within_the_tolerance_is_no_alert(manager, day, by):
    close_day(day, counts=[RegisterCount(1, 500, 0)], by=by)

    assert alerts_for(manager) == []


@pytest.mark.parametrize("name", ["clerk", "accountant", "rival_admin"])
def test_nobody_else_is_told(request, name, over):
    assert alerts_for(request.getfixturevalue(name)) == []


def test_what_a_manager_has_seen_is_not_shown_again(client, manager, over):
    sign_in(client, manager)
    for _ in range(2):
        client.post(SEEN)

    assert alerts_for(manager) == []
    assert (DifferenceSeen.objects.get().by, AuditEntry.objects.filter(action="DIFFERENCE_SEEN").count()) == (manager, 1)


@pytest.mark.parametrize(("name", "status"), [("clerk", 403), ("rival_admin", 404)])
def test_only_managers_say_that_they_have_seen_it(client, request, over, name, status):
    assert sign_in(client, request.getfixturevalue(name)).post(SEEN).status_code == status


@pytest.mark.parametrize(("amount", "left"), [(501, []), (300, [201])])
def test_what_has_been_explained_is_asked_about_no_more(manager, over, by, stationery, amount, left):
    tomorrow = open_day(over.day.store, TOMORROW, by=by, today=TOMORROW)
    settled = RegisterDay.objects.get(day=over.day)

    explain_difference(tomorrow, CashMovement(direction="OVER_EXPLAINED", reason=stationery, amount=amount, explains=settled), by=by)

    assert [alert.left for alert in alerts_for(manager)] == left
