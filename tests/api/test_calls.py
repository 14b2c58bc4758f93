import json
import logging

import pytest
from django.db import OperationalError
from django.test import Client

from closing.models import PaymentMethod, Slip
from stores.models import Register, RegisterToken
from stores.models.tokens import MOST_CALLS
from stores.register_tokens import revoke_token
from tests.api.register import API, DAY, CallingRegister, slip

CALLS = [("POST", "/slips"), ("POST", "/cash-movements"), ("POST", f"/days/{DAY}/open"), ("POST", f"/days/{DAY}/close")]
CALLS += [("GET", f"/days/{DAY}"), ("GET", "/master")]


def problem_of(answer):
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    return answer.status_code, problem["detail"]


def call(till, method, path, **headers):
    return till.client.generic(method, f"{API}{path}", headers={"Authorization": f"Bearer {till.token}"} | headers)


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer regi_wrong", "Basic {token}", "{token}", "Bearer {token} x"])
def test_without_its_token_a_register_is_told_nothing(till, method, path, header):
    answer = till.client.generic(method, f"{API}{path}", headers={"Authorization": header.format(token=till.token)})

    assert problem_of(answer)[0] == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_session_of_the_portal_is_no_token(client, admin):
    client.force_login(admin)

    assert client.get(f"{API}/master").status_code == 401


def test_a_revoked_token_opens_nothing_from_then_on(till, admin, origin):
    till.send(slip("1"))
    revoke_token(RegisterToken.objects.get(), by=origin)

    assert (problem_of(till.post("/slips", {"slips": [slip("2")]}))[0], Slip.objects.count()) == (401, 1)


def test_a_company_that_has_left_is_told_so(till, company):
    company.is_active = False
    company.save()

    status, detail = problem_of(till.get("/master"))

    assert (status, detail) == (403, "この企業は管理画面の利用を停止しています。運営にお問い合わせください。")


def test_a_retired_register_still_brings_what_it_sold(till, register, shibuya):
    register.retired_on = shibuya.retired_on = DAY
    register.save()
    shibuya.save()

    assert till.statuses(slip("1")) == ["created"]


@pytest.mark.parametrize("body", ["", "{", '{"slips": [NaN]}', b'{"slips": ["\xff"]}', '{"slips": ["\\ud800"]}', "[" * 5000, "1" * 5000])
def test_what_is_no_json_is_refused_as_a_whole(till, body):
    status, detail = problem_of(till.client.generic("POST", f"{API}/slips", body, headers={"Authorization": f"Bearer {till.token}"}))

    assert status in (400, 422)
    assert "Traceback" not in detail


@pytest.mark.parametrize("sent", [{}, {"slips": {}}, {"slips": None}, [], "伝票", {"slip": []}])
def test_what_is_no_batch_is_refused_saying_which_field(till, sent):
    answer = till.post("/slips", json.dumps(sent))

    assert problem_of(answer)[0] == 422
    assert answer.json()["errors"][0]["field"]


def test_a_thousand_slips_are_taken_and_one_more_is_not(till):
    most = [{"number": str(number)} for number in range(1001)]

    assert len(till.send(*most[:1000])) == 1000
    assert problem_of(till.post("/slips", {"slips": most})) == (
        413,
        "一度に送れるのは2,097,152バイト、1,000件までです。分けて送ってください。",
    )


def test_two_mebibytes_are_the_most(till):
    body = json.dumps({"slips": []})

    sizes = [till.post("/slips", body.ljust(size)).status_code for size in (2 * 1024 * 1024, 2 * 1024 * 1024 + 1)]

    assert sizes == [200, 413]


def test_a_register_that_calls_too_often_is_told_when_to_come_again(till):
    till.get("/master")
    RegisterToken.objects.update(calls=MOST_CALLS)

    answer = till.get("/master")

    assert (problem_of(answer)[0], answer["Retry-After"]) == (429, "60")


@pytest.mark.parametrize("path", ["/", "/slip", "/slips/", "/days/", "/openapi.yaml", f"/days/{DAY}/reopen"])
def test_an_address_that_does_not_exist_is_answered_as_a_problem(till, path):
    assert problem_of(till.get(path))[0] == 404


def test_a_wrong_method_is_answered_with_the_right_one(till):
    answer = till.get("/slips")

    assert (problem_of(answer)[0], answer["Allow"]) == (405, "POST")


def test_the_answer_is_japanese_whatever_the_register_prefers(till):
    assert problem_of(call(till, "GET", f"/days/{DAY}", **{"Accept-Language": "en"}))[1] == "この営業日は開局していません。"


@pytest.mark.parametrize(("error", "status"), [(OperationalError("the database is away"), 503), (ValueError("a database of bugs"), 500)])
def test_an_error_of_the_portal_tells_nothing_of_what_was_sent(till, caplog, monkeypatch, error, status):
    def fail(*args, **options):
        raise error

    monkeypatch.setattr("closing.api.slips.receive_slips", fail)

    answered, detail = problem_of(till.post("/slips", {"slips": [slip("987654")]}))

    assert (answered, "もう一度送ってください" in detail, "database" in detail) == (status, True, False)
    assert [secret for secret in ("987654", till.token) if secret in caplog.text] == []


def test_no_log_line_has_a_token(till, caplog):
    with caplog.at_level(logging.DEBUG):
        till.send(slip("1"))
        CallingRegister(Client(), till.token + "x").get("/master")
        till.client.get(f"{API}/master", headers={"Authorization": till.token})
        till.get("/nothing")

    assert till.token not in caplog.text


def test_the_page_of_the_register_tells_when_it_last_called(till, register):
    till.get("/master")

    assert RegisterToken.objects.get().last_used_at is not None


def test_what_one_register_sends_is_seen_by_none_of_another_company(till, rival_till, rival_company):
    PaymentMethod.objects.create(company=rival_company, code="CASH", name="現金", kind="CASH")
    till.open()
    till.send(slip("1"))

    assert rival_till.get(f"/days/{DAY}").status_code == 404
    assert "渋谷" not in rival_till.get("/master").content.decode()
    assert rival_till.statuses(slip("1")) == ["created"]
    assert sorted(Slip.objects.values_list("register__store__company__code", flat=True)) == ["1000", "2000"]


def test_a_register_sees_its_own_store_only(till, connect, kichijoji):
    till.open()
    till.send(slip("1"))
    elsewhere = connect(Register.objects.create(store=kichijoji, number=1))

    assert elsewhere.get(f"/days/{DAY}").status_code == 404
    assert elsewhere.close().status_code == 404
    assert elsewhere.statuses(slip("1", 2200)) == ["created"]
    assert [row["name"] for row in [elsewhere.get("/master").json()["store"]]] == ["吉祥寺店"]
