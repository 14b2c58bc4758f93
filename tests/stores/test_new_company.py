import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from stores.models import AuditEntry, Company, Staff, Store
from tests.cast import sign_in


def create_company(*words):
    output = StringIO()
    call_command("create_company", *words, stdout=output)
    return output.getvalue()


def test_a_new_company_has_a_head_office_and_an_administrator_who_gets_in(client, db):
    printed = create_company("3000", "あたらしい商店")

    company, code, password = re.findall(r": (.+)", printed)
    client.post("/login/", {"company_code": company, "code": code, "password": password})
    assert (company, code, client.get("/").url) == ("3000", "0001", "/password/")
    assert Store.objects.get().kind == Store.Kind.HEAD_OFFICE


def test_the_command_prints_three_lines_for_the_notice(db):
    labels = [line.split(": ")[0] for line in create_company("3000", "あたらしい商店").splitlines()]

    assert labels == ["企業コード", "担当者コード", "初期パスワード"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("1000", "二つ目"), "企業コード: この 企業コード を持った 企業 が既に存在します。"),
        (("三千", "商店"), "企業コード: 半角の英数字とハイフンで20文字以内にしてください。"),
        (("3000", ""), "企業名: このフィールドは空ではいけません。"),
    ],
)
def test_a_company_that_cannot_be_is_refused_with_a_sentence(company, words, sentence):
    with pytest.raises(CommandError, match=re.escape(sentence)):
        create_company(*words)

    assert list(Company.objects.all()) == [company]


def test_the_operator_founds_a_company_in_the_admin(client, operator, client_elsewhere):
    notice = sign_in(client, operator).post("/admin/stores/company/add/", {"code": "3000", "name": "商店", "is_active": "on"})

    password = re.search(r"[a-z]{4}-[a-z]{4}-\d{4}", notice.content.decode())[0]
    client_elsewhere.post("/login/", {"company_code": "3000", "code": "0001", "password": password})
    assert client_elsewhere.get("/").url == "/password/"
    assert AuditEntry.objects.filter(action="COMPANY_CREATED", actor=operator).count() == 1


def test_the_operator_signs_in_at_the_admin_with_the_same_limits(client, operator):
    for _ in range(5):
        client.post("/admin/login/", {"username": "operator", "password": "wrong"})

    client.post("/admin/login/", {"username": "operator", "password": "regi-demo"})

    assert "_auth_user_id" not in client.session


def test_the_operator_unlocks_a_person(client, client_elsewhere, operator, clerk):
    for _ in range(5):
        client_elsewhere.post("/login/", {"company_code": "1000", "code": "0102", "password": "wrong"})

    sign_in(client, operator).post("/admin/stores/staff/", {"action": "unlock", "_selected_action": [clerk.pk]})

    client_elsewhere.post("/login/", {"company_code": "1000", "code": "0102", "password": "regi-demo"})
    assert client_elsewhere.session["_auth_user_id"] == str(clerk.pk)


@pytest.mark.parametrize("path", ["company/", "store/", "register/", "staff/", "company/add/"])
def test_the_admin_opens_for_the_operator(client, operator, register, path):
    assert sign_in(client, operator).get(f"/admin/stores/{path}").status_code == 200


def test_the_operator_changes_no_person(client, operator, clerk):
    response = sign_in(client, operator).post(f"/admin/stores/staff/{clerk.pk}/change/", {"name": "別人"})

    assert response.status_code == 403
    assert Staff.objects.get(pk=clerk.pk).name == "宮下 歩"
