import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from stores.audit import AuditAction
from stores.authenticator import code_of, step_at
from stores.factor_secret import unseal
from stores.models import AuditEntry, Company, SecondFactor
from stores.second_step import OFFERED
from tests.cast import APP_SECRET, PASSWORD, give_second_factor, make_person, pass_second_step, sign_in

ENROL = "/account/second-factor/"


@pytest.fixture
def strict(company):
    """The company asks its 企業管理者 and 店長 for a second factor."""
    Company.objects.filter(pk=company.pk).update(requires_second_factor=True)


@pytest.fixture
def protected(client, manager):
    """店長 with an authenticator app, signed in."""
    give_second_factor(manager)
    sign_in(client, manager)
    pass_second_step(client, manager)
    return manager


def offered_secret(client, person):
    return unseal(client.session[OFFERED], person_id=person.pk)


def enrol(client, person, *, password=PASSWORD):
    client.get(ENROL)
    code = code_of(offered_secret(client, person), step_at(timezone.now()))
    return client.post(ENROL, {"code": code, "password": password})


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_setting_up_shows_ten_recovery_codes_once_and_goes_on_in_this_session(client, client_elsewhere, clerk):
    sign_in(client_elsewhere, clerk)

    page = enrol(sign_in(client, clerk), clerk).content.decode()

    codes = re.findall(r"\b[a-y]{4}(?:-[a-y]{4}){3}\b", page)
    assert (len(set(codes)), clerk.second_factor.codes_left) == (10, 10)
    assert (client.get("/account/").status_code, client_elsewhere.get("/account/").status_code) == (200, 302)
    assert codes[0] not in client.get("/account/").content.decode()
    assert actions() == [AuditAction.SECOND_FACTOR_ENROLLED]


def test_the_page_shows_the_same_secret_until_it_is_set_up_and_never_again(client, clerk):
    sign_in(client, clerk).get(ENROL)
    before = offered_secret(client, clerk)
    client.get(ENROL)

    assert offered_secret(client, clerk) == before
    enrol(client, clerk)
    client.get(ENROL)
    assert offered_secret(client, clerk) != before


def test_loading_the_recovery_codes_again_shows_them_no_more_and_changes_nothing(client, clerk):
    enrol(sign_in(client, clerk), clerk)
    before = SecondFactor.objects.get()

    response = client.post(ENROL, {"code": "123456", "password": PASSWORD})

    assert response.url == "/account/"
    assert SecondFactor.objects.get() == before


@pytest.mark.parametrize("wrong", [{"code": "000000"}, {"password": "wrong"}, {"code": "abc"}, {"code": ""}])
def test_nothing_is_set_up_with_a_wrong_code_or_password(client, clerk, wrong):
    sign_in(client, clerk).get(ENROL)
    right = {"code": code_of(offered_secret(client, clerk), step_at(timezone.now())), "password": PASSWORD}

    response = client.post(ENROL, right | wrong)

    assert list(response.context["form"].errors) == list(wrong)
    assert not SecondFactor.objects.exists()


def test_the_code_that_set_it_up_signs_nobody_in(client, client_elsewhere, clerk):
    sign_in(client, clerk).get(ENROL)
    code = code_of(offered_secret(client, clerk), step_at(timezone.now()))
    client.post(ENROL, {"code": code, "password": PASSWORD})

    client_elsewhere.post("/login/", {"company_code": "1000", "code": "0102", "password": PASSWORD})
    client_elsewhere.post("/login/code/", {"code": code})

    assert "_auth_user_id" not in client_elsewhere.session


def test_new_recovery_codes_replace_the_old_ones(client, clerk):
    enrol(sign_in(client, clerk), clerk)
    old = set(clerk.second_factor.recovery_codes.values_list("digest", flat=True))

    client.post("/account/second-factor/codes/", {"password": PASSWORD})

    new = set(clerk.second_factor.recovery_codes.values_list("digest", flat=True))
    assert (len(new), new & old) == (10, set())
    assert client.get("/account/").status_code == 200


def test_few_recovery_codes_left_are_told(client, protected):
    assert "残り0個です。再発行してください。" in client.get("/account/").content.decode()


def test_who_may_takes_the_second_factor_off_again_with_the_password(client, protected):
    client.post("/account/second-factor/remove/", {"password": "wrong"})
    assert SecondFactor.objects.exists()

    client.post("/account/second-factor/remove/", {"password": PASSWORD})

    assert not SecondFactor.objects.exists()
    assert client.get("/account/").status_code == 200
    assert actions()[-1] == AuditAction.SECOND_FACTOR_REMOVED


def test_whom_the_company_asks_cannot_take_it_off(client, strict, protected):
    response = client.post("/account/second-factor/remove/", {"password": PASSWORD})

    assert response.url == "/account/"
    assert SecondFactor.objects.exists()


@pytest.mark.parametrize("name", ["admin", "manager"])
@pytest.mark.parametrize("path", ["/", "/settings/", "/account/", "/register/", "/deliveries/"])
def test_where_the_company_asks_for_it_every_page_leads_to_setting_it_up(client, strict, request, name, path):
    response = sign_in(client, request.getfixturevalue(name)).get(path)

    assert (response.status_code, response.url) == (302, ENROL)


@pytest.mark.parametrize("name", ["clerk", "accountant"])
def test_the_companys_rule_is_for_administrators_and_managers(client, strict, request, name):
    assert sign_in(client, request.getfixturevalue(name)).get("/account/").status_code == 200


def test_once_set_up_the_portal_opens(client, strict, manager):
    enrol(sign_in(client, manager), manager)

    assert client.get("/").status_code == 200


def test_an_initial_password_is_changed_first(client, strict, manager):
    manager.must_change_password = True
    manager.save()

    assert sign_in(client, manager).get("/").url == "/password/"
    assert client.get(ENROL).url == "/password/"


def test_an_operator_without_a_second_factor_is_led_to_setting_it_up(client, operator):
    SecondFactor.objects.all().delete()
    client.force_login(operator)

    assert client.get("/admin/").url == ENROL
    assert client.get("/admin/stores/company/").url == ENROL
    assert enrol(client, operator).status_code == 200
    assert client.get("/admin/").status_code == 200


def test_at_the_till_the_password_is_enough_and_opens_nothing_else(client, clerk, strict, manager, shibuya, register):
    give_second_factor(manager)
    sign_in(client, clerk).post("/register/", {"operator": manager.pk, "password": PASSWORD})

    pages = ["/register/", "/", "/settings/", "/account/", ENROL, "/staff/"]
    assert [client.get(page).status_code for page in pages] == [200, 403, 403, 403, 403, 403]


def test_the_administrator_makes_the_rule_and_it_is_on_record(client, admin, manager):
    give_second_factor(admin)
    sign_in(client, admin)
    pass_second_step(client, admin)

    for typed in ({"requires_second_factor": "on"}, {"requires_second_factor": "on"}, {}):
        client.post("/settings/second-factor/", typed)

    told = AuditEntry.objects.filter(action=AuditAction.SECOND_FACTOR_RULE_CHANGED).order_by("pk").values_list("changes", flat=True)
    assert [change["企業管理者と店長の二段階認証"] for change in told] == [["任意", "必須"], ["必須", "任意"]]


def test_the_list_of_who_has_it_costs_the_same_for_one_and_for_three(client, admin, company, django_assert_num_queries):
    sign_in(client, admin)
    with django_assert_num_queries(10) as seen:
        client.get("/settings/second-factor/")
    for code in ("0201", "0202"):
        give_second_factor(make_person(company, code, "STORE_MANAGER", "店長"))

    with django_assert_num_queries(len(seen)):
        page = client.get("/settings/second-factor/")

    assert all(code in page.text for code in ("0201", "0202"))


def test_an_administrator_resets_a_persons_second_factor(client, admin, protected):
    browser = sign_in(Client(), admin)

    browser.post(f"/staff/{protected.pk}/second-factor/reset/")

    assert not SecondFactor.objects.exists()
    assert client.get("/account/").status_code == 302
    assert AuditEntry.objects.values_list("action", "actor", "subject")[0] == ("SECOND_FACTOR_REMOVED", admin.pk, "0101 渋谷 花子")


def test_nobody_resets_a_second_factor_without_the_right(client, rival_admin, clerk, admin, protected):
    path = f"/staff/{protected.pk}/second-factor/reset/"

    assert sign_in(Client(), rival_admin).post(path).status_code == 404
    assert sign_in(Client(), clerk).post(path).status_code == 403
    assert client.post(f"/staff/{admin.pk}/second-factor/reset/").status_code == 403
    assert SecondFactor.objects.exists()


def test_the_operator_takes_a_second_factor_off_and_the_company_sees_it(client_elsewhere, operator, protected, company):
    sign_in(client_elsewhere, operator)

    client_elsewhere.post("/admin/stores/staff/", {"action": "remove_second_factor", "_selected_action": [protected.pk]})

    assert not SecondFactor.objects.filter(person=protected).exists()
    assert AuditEntry.objects.filter(company=company, actor=operator, action=AuditAction.SECOND_FACTOR_REMOVED).count() == 1


def test_ending_the_other_sessions_leaves_this_one(client, client_elsewhere, clerk):
    sign_in(client_elsewhere, clerk)

    sign_in(client, clerk).post("/account/end-sessions/")

    assert (client.get("/account/").status_code, client_elsewhere.get("/account/").status_code) == (200, 302)
    assert actions() == [AuditAction.SESSIONS_ENDED]


def test_one_sees_ones_own_sign_ins_and_nobody_elses(client, clerk, manager, rival_admin):
    for company, code, password in [("1000", "0102", PASSWORD), ("1000", "0102", "x"), ("1000", "0101", PASSWORD), ("2000", "0001", "x")]:
        Client().post("/login/", {"company_code": company, "code": code, "password": password})

    shown = sign_in(client, clerk).get("/account/").context["sign_ins"]

    assert [entry.action for entry in shown] == ["SIGN_IN_FAILED", "SIGNED_IN"]


def test_the_page_to_set_up_shows_the_secret_as_picture_and_as_letters(client, clerk):
    page = sign_in(client, clerk).get(ENROL)

    assert page.context["image"].startswith("data:image/svg+xml")
    assert page.context["secret"] in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert offered_secret(client, clerk) != APP_SECRET


def test_who_runs_the_server_helps_an_operator_without_a_phone(operator, capsys):
    call_command("reset_second_factor", "operator")

    assert not SecondFactor.objects.exists()
    assert actions() == [AuditAction.SECOND_FACTOR_REMOVED]


@pytest.mark.parametrize("username", ["nobody", "1000/0101"])
def test_the_command_is_for_operators(protected, username):
    with pytest.raises(CommandError, match="運営担当者"):
        call_command("reset_second_factor", username)

    assert SecondFactor.objects.exists()
