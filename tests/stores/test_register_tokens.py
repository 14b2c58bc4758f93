import re
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stores.audit import Origin
from stores.models import AuditEntry, RegisterToken
from stores.models.tokens import MOST_CALLS
from stores.register_tokens import find_token, issue_token, revoke_token
from tests.cast import sign_in

TOKEN = re.compile(r"regi_[\w-]{43}")


@pytest.fixture
def browser(client, admin):
    return sign_in(client, admin)


@pytest.fixture
def origin(admin, moment):
    return Origin(admin, moment, "127.0.0.1")


@pytest.fixture
def secret(register, origin):
    return issue_token(register, by=origin)


@pytest.fixture
def token(secret):
    return RegisterToken.objects.get()


def issue(browser, register):
    return browser.post(f"/stores/registers/{register.pk}/tokens/issue/")


def test_a_token_is_shown_once(browser, register):
    (shown,) = TOKEN.findall(issue(browser, register).content.decode())

    assert find_token(shown).register == register
    assert TOKEN.findall(browser.get(f"/stores/registers/{register.pk}/tokens/").content.decode()) == []


def test_the_page_that_shows_a_token_is_kept_by_no_browser(browser, register):
    assert "no-store" in issue(browser, register)["Cache-Control"]


def test_only_the_digest_of_a_token_is_stored(secret, token):
    stored = {field.attname: getattr(token, field.attname) for field in token._meta.concrete_fields}

    assert (stored["digest"], stored["hint"]) == (sha256(secret.encode()).hexdigest(), secret[-4:])
    assert [name for name, value in stored.items() if secret in str(value)] == []


def test_who_issued_and_revoked_a_token_is_on_record_without_it(browser, register, admin):
    (shown,) = TOKEN.findall(issue(browser, register).content.decode())
    browser.post(f"/stores/registers/tokens/{RegisterToken.objects.get().pk}/revoke/")

    entries = AuditEntry.objects.order_by("pk").values_list("action", "actor", "subject", "changes")
    subject = f"0001 渋谷店 レジ1 …{shown[-4:]}"
    assert list(entries) == [("TOKEN_ISSUED", admin.pk, subject, {}), ("TOKEN_REVOKED", admin.pk, subject, {})]


def test_a_revoked_token_opens_nothing(secret, token, origin):
    revoke_token(token, by=origin)

    assert find_token(secret) is None


def test_a_token_is_revoked_once(token, origin):
    assert [revoke_token(token, by=origin), revoke_token(token, by=origin)] == [True, False]
    assert AuditEntry.objects.filter(action="TOKEN_REVOKED").count() == 1


@pytest.mark.parametrize("wrong", ["", "regi_", "日本", "\udcff", "x" * 10_000])
def test_anything_else_is_no_token(token, wrong):
    assert find_token(wrong) is None


def test_the_page_tells_when_a_token_was_last_used(browser, register, token, moment):
    RegisterToken.objects.allow_call(token, at=moment)

    page = browser.get(f"/stores/registers/{register.pk}/tokens/").content.decode()

    assert "まだ使われていません" not in page
    assert RegisterToken.objects.get().last_used_at == moment


def test_a_token_is_stopped_until_the_minute_is_over(token, moment):
    calls = [RegisterToken.objects.allow_call(RegisterToken.objects.get(), at=moment) for _ in range(3)]
    RegisterToken.objects.update(calls=MOST_CALLS)

    later = [RegisterToken.objects.allow_call(RegisterToken.objects.get(), at=moment + timedelta(seconds=after)) for after in (59, 60)]

    assert (calls, later) == ([True] * 3, [False, True])


def test_a_clock_that_was_set_back_stops_no_register(token, moment):
    RegisterToken.objects.update(calls=MOST_CALLS, window_began_at=moment + timedelta(hours=1))

    assert RegisterToken.objects.allow_call(RegisterToken.objects.get(), at=moment)


def test_a_register_of_another_company_has_no_tokens(client, rival_admin, register, token):
    stranger = sign_in(client, rival_admin)

    answers = [
        stranger.get(f"/stores/registers/{register.pk}/tokens/"),
        stranger.post(f"/stores/registers/{register.pk}/tokens/issue/"),
        stranger.post(f"/stores/registers/tokens/{token.pk}/revoke/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert list(RegisterToken.objects.in_force()) == [token]


@pytest.mark.parametrize("name", ["manager", "clerk", "accountant"])
def test_only_an_administrator_issues_tokens(client, request, register, name):
    answer = issue(sign_in(client, request.getfixturevalue(name)), register)

    assert (answer.status_code, RegisterToken.objects.count()) == (403, 0)


def test_the_page_of_tokens_takes_as_many_queries_for_three_as_for_one(browser, register, secret, origin, django_assert_num_queries):
    path = f"/stores/registers/{register.pk}/tokens/"
    with CaptureQueriesContext(connection) as for_one:
        browser.get(path)
    for _ in range(2):
        issue_token(register, by=origin)

    with django_assert_num_queries(len(for_one)):
        page = browser.get(path)

    assert page.text.count("/revoke/") == 3
