import pytest

from closing.models import BusinessDay, Closing
from closing.trading_day import NotEmpty, cancel_opening, record_movement, set_opening_float
from stores.models import AuditEntry
from tests.cast import sign_in
from tests.closing.conftest import DAY, book, sale

pytestmark = pytest.mark.usefixtures("evening")

CLOSE = f"/days/0001/{DAY}/close/"
CANCEL = f"/register/{DAY}/cancel/"


def test_a_manager_closes_a_forgotten_day_from_afar(client, manager, day, shibuya, by):
    book(shibuya, sale("1"), by=by)

    page = sign_in(client, manager).post(CLOSE, follow=True).content.decode()

    assert (Closing.objects.get().sales_total, Closing.objects.get().actual_cash) == (1_100, None)
    assert "仮閉局です。現金はまだ数えられていません。" in page


def test_a_second_provisional_close_hears_who_was_first(client, manager, day):
    sign_in(client, manager).post(CLOSE)

    page = client.post(CLOSE, follow=True).content.decode()

    assert "渋谷 花子さんが2026年4月1日(水) 22:10に閉局しました" in page
    assert Closing.objects.count() == 1


@pytest.mark.parametrize(("name", "status"), [("clerk", 403), ("accountant", 403), ("rival_admin", 404)])
def test_only_managers_close_from_afar(client, request, day, name, status):
    response = sign_in(client, request.getfixturevalue(name)).post(CLOSE)

    assert (response.status_code, Closing.objects.count()) == (status, 0)


def test_provisional_days_are_found_in_the_list(client, manager, day):
    sign_in(client, manager).post(CLOSE)

    found = client.get("/days/", {"state": "PROVISIONAL"}).context["page"].object_list

    assert [shown.pk for shown in found] == [day.pk]
    assert list(client.get("/days/", {"state": "CLOSED"}).context["page"]) == []


def test_an_opening_is_taken_back_while_nothing_has_happened(at_till, clerk, day, register, by):
    set_opening_float(day, register, amount=30_000, by=by)

    response = at_till(clerk).post(CANCEL)

    assert (response.url, BusinessDay.objects.count()) == ("/register/", 0)
    assert AuditEntry.objects.filter(action="OPENING_CANCELLED", subject="2026-04-01").count() == 1


def test_a_day_with_a_slip_stays_open(at_till, clerk, day, shibuya, by):
    book(shibuya, sale("1"), by=by)

    page = at_till(clerk).post(CANCEL, follow=True).content.decode()

    assert "開局は取り消せません" in page
    assert BusinessDay.objects.get().is_open


def test_a_day_with_a_movement_stays_open(day, paid_out, by):
    record_movement(day, paid_out, by=by)

    with pytest.raises(NotEmpty):
        cancel_opening(day, by=by)
