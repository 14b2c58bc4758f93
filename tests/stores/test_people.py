import re

import pytest

from stores.models import AuditEntry, Role, Staff
from tests.cast import sign_in


@pytest.fixture
def browser(client, admin):
    return sign_in(client, admin)


def entry(code="0103", role=Role.CLERK, stores=(), name="新人 次郎"):
    return {"code": code, "name": name, "role": role, "stores": [store.pk for store in stores]}


def password_on(page):
    return re.search(r"[a-z]{4}-[a-z]{4}-\d{4}", page)[0]


def test_a_new_person_gets_a_notice_with_a_password_that_works_once(browser, client_elsewhere, shibuya):
    notice = browser.post("/staff/new/", entry(stores=[shibuya])).content.decode()

    client_elsewhere.post("/login/", {"company_code": "1000", "code": "0103", "password": password_on(notice)})
    assert client_elsewhere.get("/").url == "/password/"


def test_the_initial_password_is_in_no_record_and_not_kept_by_the_browser(browser, shibuya):
    response = browser.post("/staff/new/", entry(stores=[shibuya]))

    password = password_on(response.content.decode())
    kept = [str(dict(browser.session)), str(list(AuditEntry.objects.values())), str(list(Staff.objects.values())), str(browser.cookies)]
    assert [place for place in kept if password in place] == []
    assert "no-store" in response["Cache-Control"]


def test_two_initial_passwords_differ(browser, clerk):
    first, second = (password_on(browser.post(f"/staff/{clerk.pk}/password/").content.decode()) for _ in range(2))

    assert first != second


def test_a_code_exists_once_in_a_company(browser, clerk, shibuya):
    response = browser.post("/staff/new/", entry(code="0102", stores=[shibuya]))

    assert response.context["form"].errors == {"code": ["この担当者コードはすでに使われています。"]}


@pytest.mark.parametrize("role", [Role.CLERK, Role.STORE_MANAGER])
def test_who_works_in_stores_needs_one(browser, role):
    response = browser.post("/staff/new/", entry(role=role))

    assert response.context["form"].errors == {"stores": ["この権限では、担当店舗を1つ以上選んでください。"]}


def test_nobody_is_assigned_to_a_store_of_another_company(browser, rival_store):
    response = browser.post("/staff/new/", entry(stores=[rival_store]))

    assert list(response.context["form"].errors) == ["stores"]


def test_a_persons_company_and_code_cannot_be_chosen_by_the_browser(browser, clerk, shibuya, rival_company):
    browser.post(f"/staff/{clerk.pk}/", entry(code="9999", stores=[shibuya]) | {"company": rival_company.pk})

    clerk.refresh_from_db()
    assert (clerk.company.code, clerk.code, clerk.name) == ("1000", "0102", "新人 次郎")


def test_a_changed_person_is_on_record_with_before_and_after(browser, clerk, shibuya, kichijoji):
    browser.post(f"/staff/{clerk.pk}/", entry(name="宮下 歩", role=Role.STORE_MANAGER, stores=[shibuya, kichijoji]))

    assert AuditEntry.objects.get().changes == {
        "権限": ["スタッフ", "店長"],
        "担当店舗": [["0001 渋谷店"], ["0001 渋谷店", "0002 吉祥寺店"]],
    }


def test_an_administrator_cannot_give_up_the_own_role(browser, admin):
    browser.post(f"/staff/{admin.pk}/", entry(name="木漏 日向", role=Role.ACCOUNTANT))

    admin.refresh_from_db()
    assert admin.role == Role.COMPANY_ADMIN


@pytest.mark.parametrize("action", ["password", "deactivate"])
def test_an_administrator_cannot_lock_the_company_out(browser, admin, action):
    response = browser.post(f"/staff/{admin.pk}/{action}/")

    assert response.status_code == 403
    assert "ほかの企業管理者に依頼してください" in response.content.decode()


def test_a_person_is_stopped_and_let_in_again(browser, clerk):
    browser.post(f"/staff/{clerk.pk}/deactivate/")
    stopped = Staff.objects.get(pk=clerk.pk).is_active
    browser.post(f"/staff/{clerk.pk}/reactivate/")

    assert (stopped, Staff.objects.get(pk=clerk.pk).is_active) == (False, True)


def test_a_new_password_lifts_the_lockout(browser, client_elsewhere, clerk):
    for _ in range(6):
        client_elsewhere.post("/login/", {"company_code": "1000", "code": "0102", "password": "wrong"})

    password = password_on(browser.post(f"/staff/{clerk.pk}/password/").content.decode())

    client_elsewhere.post("/login/", {"company_code": "1000", "code": "0102", "password": password})
    assert client_elsewhere.session["_auth_user_id"] == str(clerk.pk)
