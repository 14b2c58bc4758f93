from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from stores.audit import AuditAction, Origin
from stores.authenticator import code_of, in_words, step_at
from stores.factor_secret import unseal
from stores.models import AuditEntry, RecoveryCode, SecondFactor, Staff
from stores.models.second_factor import LOCKED_FOR, MOST_TRIES
from stores.second_factor import RECOVERY_CODES, enrol, remove_factor, use_code
from stores.staff_accounts import reset_password
from tests.cast import APP_SECRET, PASSWORD, give_second_factor, sign_in

NOW = "2026-04-01T23:40:00+09:00"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def protected(manager):
    """店長 with an authenticator app."""
    give_second_factor(manager)
    return manager


def current_code(secret=APP_SECRET):
    return code_of(secret, step_at(timezone.now()))


def type_password(client, code="0101", **more):
    return client.post("/login/", {"company_code": "1000", "code": code, "password": PASSWORD, **more})


def type_code(client, code):
    return client.post("/login/code/", {"code": code})


def is_signed_in(client):
    return client.get("/account/").status_code == 200


def pages():
    """The address of every page that needs a sign-in and no number."""
    found = [reverse(name) for name, view in named_views(get_resolver()) if getattr(view, "requires", "everyone") != "everyone"]
    assert len(found) > 20
    return found


def named_views(resolver, space=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from named_views(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif entry.name and not entry.pattern.converters:
            yield space + entry.name, entry.callback


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_the_password_alone_signs_nobody_in_who_has_a_second_factor(client, protected):
    response = type_password(client)

    assert response.url == "/login/code/"
    assert "_auth_user_id" not in client.session
    assert client.get("/").url == "/login/?next=/"


def test_the_code_opens_what_one_wanted_to_see(client, protected):
    type_password(client, next="/settings/")

    response = type_code(client, current_code())

    assert response.url == "/settings/"
    assert is_signed_in(client)


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", " {0}{1} "])
def test_a_code_may_be_typed_with_spaces(client, protected, typed):
    type_password(client)
    code = current_code()

    type_code(client, typed.format(code[:3], code[3:]))

    assert is_signed_in(client)


def test_a_code_may_be_typed_in_wide_digits(client, protected):
    type_password(client)

    type_code(client, current_code().translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}))

    assert is_signed_in(client)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_phone_may_be_half_a_minute_off(client, protected, steps):
    type_password(client)

    type_code(client, code_of(APP_SECRET, step_at(timezone.now()) + steps))

    assert is_signed_in(client)


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_of_another_minute_opens_nothing(client, protected, steps):
    type_password(client)

    type_code(client, code_of(APP_SECRET, step_at(timezone.now()) + steps))

    assert not is_signed_in(client)


def test_a_code_works_once(client, client_elsewhere, protected):
    code = current_code()
    type_password(client)
    type_code(client, code)

    type_password(client_elsewhere)
    response = type_code(client_elsewhere, code)

    assert "すでに使われています" in response.context["form"].errors["code"][0]
    assert not is_signed_in(client_elsewhere)


def test_a_code_older_than_the_last_one_used_opens_nothing(protected, moment):
    factor = protected.second_factor
    by = Origin(protected, timezone.now())

    assert use_code(factor, current_code(), by=by)
    assert not use_code(factor, code_of(APP_SECRET, step_at(timezone.now()) - 1), by=by)


@pytest.mark.parametrize("typed", ["000000", "12345", "", "確認コード", "１２３４５６７", "-", "a" * 40])
def test_what_is_no_code_opens_nothing(client, protected, typed):
    type_password(client)

    assert type_code(client, typed).status_code == 200
    assert not is_signed_in(client)


def test_after_five_wrong_codes_even_the_right_one_waits(client, protected, clock):
    type_password(client)
    for _ in range(MOST_TRIES):
        type_code(client, "000000")
    type_code(client, current_code())
    assert not is_signed_in(client)

    clock.shift(LOCKED_FOR + timedelta(seconds=1))
    type_password(client)
    type_code(client, current_code())
    assert is_signed_in(client)


def test_the_right_password_again_gives_no_new_tries(client, client_elsewhere, protected):
    for browser in (client, client_elsewhere):
        type_password(browser)
        for _ in range(MOST_TRIES):
            type_code(browser, "000000")

    assert actions().count(AuditAction.SECOND_STEP_FAILED) == MOST_TRIES
    assert actions()[-1] == AuditAction.SIGN_IN_LOCKED


def test_between_password_and_code_ten_minutes_may_pass(client, protected, clock):
    type_password(client)
    clock.shift(601)

    response = type_code(client, current_code())

    assert response.url == "/login/"


def test_a_password_that_changed_in_between_ends_the_sign_in(client, protected):
    type_password(client)
    protected.set_password("kawaru-2026-haru")
    protected.save()

    assert type_code(client, current_code()).url == "/login/"


def test_nobody_comes_to_the_code_without_the_password(client, protected):
    assert client.get("/login/code/").url == "/login/"
    assert type_code(client, current_code()).url == "/login/"


def test_a_session_that_has_not_passed_the_code_ends(client, protected):
    client.force_login(protected)

    assert client.get("/settings/").url == "/login/"
    assert "_auth_user_id" not in client.session


def test_no_page_at_all_opens_to_such_a_session(client, protected):
    opened = []
    for path in pages():
        client.force_login(protected)
        if client.get(path).headers.get("Location") != "/login/":
            opened.append(path)

    assert opened == []


def test_a_recovery_code_works_once_and_the_rest_are_counted(client, client_elsewhere, manager, moment):
    factor, codes = enrol(manager, APP_SECRET, step=0, by=Origin(manager, moment))
    type_password(client)
    type_code(client, codes[0].upper().replace("-", " "))
    type_password(client_elsewhere)
    type_code(client_elsewhere, codes[0])

    assert (is_signed_in(client), is_signed_in(client_elsewhere)) == (True, False)
    assert (len(codes), factor.codes_left) == (RECOVERY_CODES, RECOVERY_CODES - 1)
    assert AuditEntry.objects.get(action=AuditAction.RECOVERY_CODE_USED).changes == {"残り": RECOVERY_CODES - 1}


def test_neither_secret_nor_recovery_code_is_in_the_database(manager, moment, tmp_path):
    _factor, codes = enrol(manager, APP_SECRET, step=0, by=Origin(manager, moment))

    call_command("dumpdata", "stores", "sessions", output=str(tmp_path / "everything.json"))

    everything = (tmp_path / "everything.json").read_text()
    secrets = [APP_SECRET.decode(), APP_SECRET.hex(), in_words(APP_SECRET), in_words(APP_SECRET).replace(" ", ""), *codes]
    assert [secret for secret in secrets if secret in everything] == []


def test_a_sealed_secret_opens_for_its_person_only(protected, clerk):
    factor = give_second_factor(clerk)
    SecondFactor.objects.filter(pk=factor.pk).update(sealed_secret=protected.second_factor.sealed_secret)
    factor.refresh_from_db()

    assert not use_code(factor, current_code(), by=Origin(clerk, timezone.now()))


def test_rotating_the_keys_takes_the_secrets_along(protected, capsys):
    with override_settings(LINK_KEYS=["new", "for-tests-only"]):
        call_command("rotate_link_keys")

    protected.second_factor.refresh_from_db()
    with override_settings(LINK_KEYS=["new"]):
        assert unseal(protected.second_factor.sealed_secret, person_id=protected.pk) == APP_SECRET


def test_a_factor_that_was_taken_away_takes_its_recovery_codes_along(manager, moment):
    enrol(manager, APP_SECRET, step=0, by=Origin(manager, moment))

    assert remove_factor(manager, by=Origin(manager, moment))

    assert (SecondFactor.objects.count(), RecoveryCode.objects.count()) == (0, 0)
    assert not remove_factor(manager, by=Origin(manager, moment))


def test_a_new_app_ends_what_the_old_one_opened(client, protected, moment):
    type_password(client)
    type_code(client, current_code())

    enrol(Staff.objects.get(pk=protected.pk), b"another secret of it", step=0, by=Origin(protected, moment))

    assert not is_signed_in(client)


def test_the_operator_needs_the_code_too(client, operator):
    response = client.post("/admin/login/", {"username": "operator", "password": PASSWORD, "next": "/admin/stores/company/"})

    assert response.url == "/login/code/"
    assert client.get("/admin/stores/company/").url == "/login/?next=/admin/stores/company/"
    assert type_code(client, current_code()).url == "/admin/stores/company/"
    assert client.get("/admin/stores/company/").status_code == 200


def test_a_new_password_from_the_administrator_gives_new_tries(admin, protected, moment):
    for _ in range(MOST_TRIES + 1):
        SecondFactor.objects.allow_try(protected.second_factor, at=timezone.now())

    reset_password(protected, by=Origin(admin, moment))

    assert SecondFactor.objects.allow_try(protected.second_factor, at=timezone.now())


def test_the_operator_gives_new_tries(client, operator, protected):
    for _ in range(MOST_TRIES + 1):
        SecondFactor.objects.allow_try(protected.second_factor, at=timezone.now())

    sign_in(client, operator).post("/admin/stores/staff/", {"action": "unlock", "_selected_action": [protected.pk]})

    assert SecondFactor.objects.allow_try(protected.second_factor, at=timezone.now())
