import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closing.models import CashReason, PaymentMethod
from stores.master_sync import master_changed
from stores.models import Register
from tests.cast import make_person
from tests.closing.conftest import EVENING


@pytest.fixture
def master(till):
    return till.get("/master").json()


def test_a_register_learns_what_it_offers_and_who_works_there(till, master, manager, rival_admin):
    assert (master["store"]["code"], master["register_number"], master["version"]) == ("0001", 1, 1)
    assert [method["code"] for method in master["payment_methods"]] == ["CASH", "GIFT", "VISA"]
    assert [reason["code"] for reason in master["cash_reasons"]] == ["0001", "0003"]
    assert master["denominations"][0] == 10_000


def test_only_people_of_the_store_are_in_it(till, clerk, company, kichijoji, rival_admin):
    make_person(company, "0777", "CLERK", "吉祥 寺子", kichijoji)

    people = till.get("/master").json()["staff"]

    assert people == [{"code": "0001", "name": "木漏 日向"}, {"code": "0102", "name": "宮下 歩"}]


def test_what_is_retired_is_offered_no_more(till, company):
    PaymentMethod.objects.filter(code="VISA").update(retired_on="2026-04-01")
    CashReason.objects.filter(code="0001").update(retired_on="2026-04-01")

    master = till.get("/master").json()

    assert [row["code"] for row in master["payment_methods"] + master["cash_reasons"]] == ["CASH", "GIFT", "0003"]


def test_fetching_the_master_is_the_sync_of_that_register(till, register, second_register):
    till.get("/master")

    assert list(Register.objects.due_for_sync()) == [second_register]
    assert Register.objects.get(pk=register.pk).synced_at == EVENING


def test_an_unchanged_master_is_not_sent_again(till, register):
    first = till.get("/master")

    again = till.get("/master", **{"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_a_changed_master_is_sent_and_makes_the_register_current(till, register, shibuya):
    tag = till.get("/master")["ETag"]
    master_changed(shibuya)

    answer = till.get("/master", **{"If-None-Match": tag})

    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert not Register.objects.due_for_sync().exists()


def test_the_master_takes_as_many_queries_for_many_rows_as_for_few(till, company, django_assert_num_queries):
    with CaptureQueriesContext(connection) as for_few:
        till.get("/master")
    PaymentMethod.objects.bulk_create(PaymentMethod(company=company, code=f"M{n}", name=f"M{n}", kind="QR") for n in range(9))

    with django_assert_num_queries(len(for_few)):
        answer = till.get("/master")

    assert b'"M8"' in answer.content


def test_the_button_of_the_portal_syncs_only_registers_that_do_not_fetch_by_themselves(till, client, admin, register, second_register):
    client.force_login(admin)

    page = client.post("/settings/master-sync/", follow=True).content.decode()

    assert list(Register.objects.due_for_sync()) == [register]
    assert page.count("レジが次にマスタを取得すると同期されます") == 1
