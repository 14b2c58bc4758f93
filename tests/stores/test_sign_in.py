from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from stores.models import AuditEntry, SignInThrottle
from stores.models.sign_in import LOCKED_FOR, MOST_FAILURES
from stores.passwords import PortalArgon2Hasher
from tests.cast import PASSWORD

SIGN_IN = "/login/"


def try_sign_in(client, company="1000", code="0102", password=PASSWORD, **more):
    return client.post(SIGN_IN, {"company_code": company, "code": code, "password": password, **more})


def fail_until_locked(client, code="0102"):
    for _ in range(MOST_FAILURES):
        try_sign_in(client, code=code, password="wrong")


def is_signed_in(client):
    return "_auth_user_id" in client.session


@pytest.fixture
def hashes(monkeypatch):
    """What the hasher was asked for; it still does its work."""
    asked = []

    def noting(method):
        def noted(self, password, known):
            asked.append(method.__name__)
            return method(self, password, known)

        return noted

    monkeypatch.setattr(PortalArgon2Hasher, "encode", noting(PortalArgon2Hasher.encode))
    monkeypatch.setattr(PortalArgon2Hasher, "verify", noting(PortalArgon2Hasher.verify))
    return asked


def test_the_right_three_words_lead_to_the_top_page(client, clerk):
    response = try_sign_in(client)

    assert (response.status_code, response.url) == (302, reverse("top"))
    assert is_signed_in(client)


def test_the_page_uses_the_words_of_the_notice(client, db):
    page = client.get(SIGN_IN).content.decode()

    assert [word in page for word in ("企業コード", "担当者コード", "パスワード", "ログイン")] == [True] * 4


def test_after_signing_in_one_is_where_one_wanted_to_go(client, clerk):
    response = try_sign_in(client, next="/settings/")

    assert response.url == "/settings/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(client, clerk, target):
    assert try_sign_in(client, next=target).url == reverse("top")


def test_every_failure_has_the_same_words(client, clerk, admin, operator):
    admin.is_active = False
    admin.save()
    attempts = [("1000", "0102", "wrong"), ("1000", "9999", PASSWORD), ("9999", "0102", PASSWORD), ("1000", "0001", PASSWORD)]

    errors = [try_sign_in(client, *attempt).context["form"].non_field_errors() for attempt in attempts]
    fail_until_locked(client)
    errors.append(try_sign_in(client).context["form"].non_field_errors())

    assert len({tuple(error) for error in errors}) == 1
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("company_code", "code"), [("1000", "0102"), ("1000", "9999"), ("9999", "0102"), ("1000", "0901"), ("", "operator")]
)
def test_a_failure_costs_one_hash_whoever_was_named(client, clerk, accountant, operator, hashes, company_code, code):
    accountant.is_active = False
    accountant.save()
    hashes.clear()

    try_sign_in(client, company_code or "operator", code, "wrong")

    assert len(hashes) == 1


def test_success_and_lockout_cost_one_hash_too(client, clerk, hashes):
    fail_until_locked(client)
    hashes.clear()

    try_sign_in(client)

    assert len(hashes) == 1
    SignInThrottle.objects.forget(clerk.username)
    try_sign_in(client)
    assert len(hashes) == 2


def test_an_account_is_locked_for_a_while_after_repeated_failures(client, clerk, time_machine):
    time_machine.move_to(datetime(2026, 4, 1, 12, 0, tzinfo=UTC))
    fail_until_locked(client)

    try_sign_in(client)

    assert not is_signed_in(client)
    time_machine.shift(LOCKED_FOR + timedelta(seconds=1))
    try_sign_in(client)
    assert is_signed_in(client)


def test_a_lockout_from_elsewhere_does_not_reach_a_known_browser(client, client_elsewhere, clerk):
    try_sign_in(client)
    client.post("/logout/")

    fail_until_locked(client_elsewhere)
    try_sign_in(client_elsewhere)
    try_sign_in(client)

    assert (is_signed_in(client_elsewhere), is_signed_in(client)) == (False, True)


def test_a_known_browser_has_its_own_limit(client, clerk):
    try_sign_in(client)
    client.post("/logout/")
    fail_until_locked(client)

    try_sign_in(client)

    assert not is_signed_in(client)


def test_a_browser_is_known_only_for_who_signed_in_there(client, clerk, manager):
    try_sign_in(client)
    client.post("/logout/")

    fail_until_locked(client, code="0101")

    assert SignInThrottle.objects.get(account=manager.username).device == ""


def test_a_forged_device_cookie_counts_as_none(client, clerk):
    client.cookies["regi_device"] = "forged:cookie"

    try_sign_in(client, password="wrong")

    assert SignInThrottle.objects.get().device == ""


def test_failures_of_one_person_lock_nobody_else(client, clerk, manager):
    fail_until_locked(client)

    try_sign_in(client, code="0101")

    assert is_signed_in(client)


def test_nobody_of_a_company_out_of_use_gets_in(client, company, clerk):
    company.is_active = False
    company.save()

    try_sign_in(client)

    assert not is_signed_in(client)


def test_the_operator_has_no_door_in_the_portal(client, operator):
    try_sign_in(client, "operator", "operator")

    assert not is_signed_in(client)


def test_signing_in_begins_a_new_session(client, clerk):
    client.get(SIGN_IN)
    client.session["left_behind"] = "by a stranger"

    try_sign_in(client)

    assert "left_behind" not in client.session
    assert Session.objects.count() == 1


def test_what_happened_at_the_door_is_on_record(client, clerk):
    fail_until_locked(client)
    SignInThrottle.objects.forget(clerk.username)
    try_sign_in(client)
    client.post("/logout/")

    recorded = list(AuditEntry.objects.order_by("pk").values_list("action", "actor", "company", "address"))
    failure = ("SIGN_IN_FAILED", None, clerk.company_id, "127.0.0.1")
    assert recorded == [
        *[failure] * MOST_FAILURES,
        ("SIGN_IN_LOCKED", None, clerk.company_id, "127.0.0.1"),
        ("SIGNED_IN", clerk.pk, clerk.company_id, "127.0.0.1"),
        ("SIGNED_OUT", clerk.pk, clerk.company_id, "127.0.0.1"),
    ]


def test_what_an_unknown_visitor_typed_is_kept_nowhere(client, clerk):
    try_sign_in(client, code="my-password-by-mistake")

    assert not AuditEntry.objects.exists()


def test_the_company_is_remembered_on_the_next_visit(client, clerk):
    try_sign_in(client)
    client.post("/logout/")

    assert 'value="1000"' in client.get(SIGN_IN).content.decode()
