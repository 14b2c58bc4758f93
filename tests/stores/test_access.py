import pytest

from stores.access import Ability, may, who_may
from stores.models import AuditEntry, Register, Role, Staff, Store
from tests.cast import sign_in

FOR_ADMINISTRATORS = ["/stores/", "/stores/new/", "/staff/", "/staff/new/"]


def test_a_company_administrator_may_do_everything(admin):
    assert [ability for ability in Ability if not may(admin, ability)] == []


def test_an_accountant_only_reads(accountant):
    assert {ability for ability in Ability if may(accountant, ability)} == {
        Ability.SEE_PORTAL,
        Ability.SEE_LINKS,
        Ability.SEE_DELIVERIES,
        Ability.SEE_AUDIT,
        Ability.EXPORT,
        Ability.RECONCILE,
        Ability.SEE_ACCOUNTS,
        Ability.SEE_MASTERS,
    }


def test_an_operator_may_do_nothing_in_the_portal(operator):
    assert [ability for ability in Ability if may(operator, ability)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", FOR_ADMINISTRATORS)
@pytest.mark.parametrize("name", ["manager", "clerk", "accountant"])
def test_masters_are_refused_with_a_sentence_saying_who_may(client, request, path, name):
    response = sign_in(client, request.getfixturevalue(name)).get(path)

    assert response.status_code == 403
    assert "この操作ができるのは企業管理者です。" in response.content.decode()


@pytest.mark.parametrize("path", FOR_ADMINISTRATORS)
def test_masters_are_there_for_the_administrator(client, admin, path):
    assert sign_in(client, admin).get(path).status_code == 200


@pytest.mark.parametrize("path", ["/", "/settings/", "/settings/master-sync/", "/audit/", *FOR_ADMINISTRATORS])
def test_without_signing_in_every_page_leads_to_the_sign_in(client, db, path):
    response = client.get(path)

    assert (response.status_code, response.url) == (302, f"/login/?next={path}")


@pytest.mark.parametrize("path", ["/", "/settings/", "/settings/master-sync/", "/audit/", "/password/", *FOR_ADMINISTRATORS])
def test_the_portals_pages_do_not_exist_for_an_operator(client, operator, path):
    assert sign_in(client, operator).get(path).status_code == 404


def test_the_operators_pages_do_not_open_for_a_company(client, admin):
    response = sign_in(client, admin).get("/admin/stores/company/")

    assert response.url == "/admin/login/?next=/admin/stores/company/"


@pytest.mark.parametrize(
    "path",
    [
        "/stores/{store}/",
        "/stores/{store}/edit/",
        "/stores/{store}/registers/new/",
        "/stores/registers/{register}/edit/",
        "/staff/{person}/",
    ],
)
def test_what_belongs_to_another_company_does_not_exist(client, rival_admin, shibuya, register, clerk, path):
    address = path.format(store=shibuya.pk, register=register.pk, person=clerk.pk)

    assert sign_in(client, rival_admin).get(address).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/stores/{store}/end/",
        "/stores/registers/{register}/end/",
        "/staff/{person}/password/",
        "/staff/{person}/deactivate/",
        "/staff/{person}/reactivate/",
    ],
)
def test_nobody_changes_what_belongs_to_another_company(client, rival_admin, shibuya, register, clerk, path):
    address = path.format(store=shibuya.pk, register=register.pk, person=clerk.pk)
    before = [list(rows.values()) for rows in (Store.objects.all(), Register.objects.all(), Staff.objects.filter(pk=clerk.pk))]

    assert sign_in(client, rival_admin).post(address).status_code == 404

    assert [list(rows.values()) for rows in (Store.objects.all(), Register.objects.all(), Staff.objects.filter(pk=clerk.pk))] == before


@pytest.mark.parametrize("path", ["/", "/stores/", "/staff/", "/settings/master-sync/", "/audit/"])
def test_no_page_shows_anything_of_another_company(
    client, rival_admin, rival_store, admin, shibuya, register, clerk, company, moment, path
):
    AuditEntry.objects.create(company=company, actor=admin, at=moment, action="SIGNED_IN", subject="渋谷店")

    page = sign_in(client, rival_admin).get(path).content.decode()

    assert [leak for leak in ("渋谷店", "1階レジ", "宮下 歩", "木漏 日向", "こもれび珈琲") if leak in page] == []


def test_a_clerk_sees_the_assigned_stores_and_the_colleagues_there(clerk, manager, accountant, shibuya, kichijoji, rival_store):
    assert list(Store.objects.visible_to(clerk)) == [shibuya]
    assert list(Staff.objects.visible_to(clerk)) == [manager, clerk]


def test_an_administrator_sees_the_whole_company_and_nothing_else(admin, head_office, shibuya, kichijoji, rival_store):
    assert list(Store.objects.visible_to(admin)) == [head_office, shibuya, kichijoji]


def test_a_refusal_names_the_roles_that_may():
    assert who_may(Ability.CLOSE_DAY) == f"{Role.COMPANY_ADMIN.label}、{Role.STORE_MANAGER.label}、{Role.CLERK.label}"
