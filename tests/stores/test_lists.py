import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stores import audit
from stores.audit import AuditAction
from stores.models import Register, Role, Store
from tests.cast import make_person, sign_in


def add_stores(company, admin, moment, first, last):
    for number in range(first, last + 1):
        store = Store.objects.create(company=company, code=f"S{number}", name=f"{number}号店")
        Register.objects.create(store=store, number=1)
        person = make_person(company, f"P{number}", Role.CLERK, f"{number}番", store)
        audit.record(AuditAction.STORE_CREATED, actor=person, company=company, store=store, at=moment)


def queries_of(browser, path):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


FILES = [f"/masters/csv/{kind}/download/" for kind in ("stores", "registers", "staff")]


@pytest.mark.parametrize("path", ["/stores/", "/staff/", "/settings/", "/settings/master-sync/", "/audit/", *FILES])
def test_a_list_of_three_costs_no_more_queries_than_one(client, company, admin, moment, path):
    browser = sign_in(client, admin)
    add_stores(company, admin, moment, 1, 1)
    for_one = queries_of(browser, path)
    add_stores(company, admin, moment, 2, 3)

    assert queries_of(browser, path) == for_one


def test_a_store_with_three_registers_costs_no_more_queries_than_with_one(client, admin, shibuya, register):
    browser = sign_in(client, admin)
    for_one = queries_of(browser, f"/stores/{shibuya.pk}/")
    for number in (2, 3):
        Register.objects.create(store=shibuya, number=number)

    assert queries_of(browser, f"/stores/{shibuya.pk}/") == for_one


def test_the_stores_with_old_settings_stand_first(client, company, admin, moment):
    add_stores(company, admin, moment, 1, 3)
    Register.objects.exclude(store__code="S2").update(synced_version=10**6)

    page = sign_in(client, admin).get("/settings/master-sync/").content.decode()

    assert page.index("2号店") < page.index("1号店") < page.index("3号店")


def test_one_of_many_stores_is_found_by_its_name(client, company, admin, moment):
    add_stores(company, admin, moment, 1, 60)
    browser = sign_in(client, admin)

    pages = [browser.get(path).content.decode() for path in ("/register/", "/register/?page=2", "/register/?words=57")]

    assert ["57号店" in page for page in pages] == [False, True, True]
    assert pages[2].count("号店") == 1


def test_a_store_that_is_not_there_is_not_found(client, company, admin, moment):
    add_stores(company, admin, moment, 1, 11)

    page = sign_in(client, admin).get("/register/?words=ほっかいどう").content.decode()

    assert "見つかりませんでした。" in page
