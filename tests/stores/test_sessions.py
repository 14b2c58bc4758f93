import pytest
from django.test import Client

from stores.audit import Origin
from stores.models import Role
from stores.staff_accounts import change_own_password, reset_password
from tests.cast import PASSWORD, sign_in

NEW_PASSWORD = "kawaru-2026-haru"


def change(client, current=PASSWORD, new=NEW_PASSWORD, again=NEW_PASSWORD):
    return client.post("/password/", {"current": current, "new": new, "again": again})


@pytest.fixture
def newcomer(clerk):
    clerk.must_change_password = True
    clerk.save()
    return clerk


@pytest.mark.parametrize("path", ["/", "/settings/", "/stores/", "/settings/master-sync/"])
def test_with_an_initial_password_every_page_leads_to_its_change(client, newcomer, path):
    response = sign_in(client, newcomer).get(path)

    assert (response.status_code, response.url) == (302, "/password/")


def test_changing_the_initial_password_opens_the_portal_in_the_same_session(client, newcomer):
    response = change(sign_in(client, newcomer))

    assert response.url == "/"
    assert client.get("/").status_code == 200


def test_with_an_initial_password_one_can_still_sign_out_and_change_the_language(client, newcomer):
    sign_in(client, newcomer)

    assert client.post("/language/", {"language": "en", "next": "/password/"}).url == "/password/"
    assert client.post("/logout/").url == "/login/"


def test_the_new_password_must_differ_and_be_typed_twice(client, newcomer):
    same = change(sign_in(client, newcomer), new=PASSWORD, again=PASSWORD).context["form"].errors
    mistyped = change(client, again="something-else").context["form"].errors

    assert same == {"new": ["現在のパスワードとは違うものにしてください。"]}
    assert mistyped == {"again": ["新しいパスワードと一致しません。もう一度入力してください。"]}


def test_a_weak_password_is_refused_in_japanese(client, newcomer):
    errors = change(sign_in(client, newcomer), new="12345678", again="12345678").context["form"].errors

    assert errors["new"] == ["このパスワードは一般的すぎます。", "このパスワードは数字しか使われていません。"]


def test_a_wrong_current_password_changes_nothing(client, newcomer):
    errors = change(sign_in(client, newcomer), current="wrong").context["form"].errors

    assert errors == {"current": ["現在のパスワードが正しくありません。"]}
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)


def test_changing_the_password_ends_the_other_sessions(client, client_elsewhere, clerk):
    sign_in(client_elsewhere, clerk)

    change(sign_in(client, clerk))

    assert (client.get("/").status_code, client_elsewhere.get("/").status_code) == (200, 302)


def test_new_rights_end_the_sessions_that_had_the_old_ones(client, client_elsewhere, admin, clerk, kichijoji):
    sign_in(client_elsewhere, clerk)

    sign_in(client, admin).post(f"/staff/{clerk.pk}/", {"name": clerk.name, "role": Role.CLERK, "stores": [kichijoji.pk]})

    assert client_elsewhere.get("/").url == "/login/?next=/"


def test_a_new_name_ends_no_session(client, client_elsewhere, admin, clerk, shibuya):
    sign_in(client_elsewhere, clerk)

    sign_in(client, admin).post(f"/staff/{clerk.pk}/", {"name": "宮下 渚", "role": Role.CLERK, "stores": [shibuya.pk]})

    assert "宮下 渚" in client_elsewhere.get("/").content.decode()


def test_a_reset_password_ends_the_sessions(client_elsewhere, admin, clerk, moment):
    sign_in(client_elsewhere, clerk)

    reset_password(clerk, by=Origin(admin, moment))

    assert client_elsewhere.get("/").status_code == 302


def test_a_person_or_company_taken_out_of_use_is_signed_out(client_elsewhere, clerk, company):
    sign_in(client_elsewhere, clerk)

    company.is_active = False
    company.save()

    assert client_elsewhere.get("/").status_code == 302


def test_a_password_is_kept_as_argon2_at_the_recommended_cost(clerk, moment):
    change_own_password(clerk, NEW_PASSWORD, by=Origin(clerk, moment))

    clerk.refresh_from_db()
    assert clerk.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_knowing_who_asks_costs_no_extra_query_for_the_epoch(clerk, django_assert_num_queries):
    browser = sign_in(Client(), clerk)

    # The session, the person with the company, and for the top of the page whether anything waits to be sent or has ended.
    with django_assert_num_queries(4):
        page = browser.get("/password/")

    assert page.context["user"] == clerk
