from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.template import engines

from regi_admin.checks import check_delivery_lease, check_demo_passwords, check_durability, refuse_demo_passwords


@pytest.fixture
def served_to_others(settings):
    settings.DEBUG = False
    settings.SERVED_ON_LOOPBACK_ONLY = False


@pytest.mark.django_db
def test_the_portal_passes_its_own_checks(monkeypatch):
    # The tests' own way to find names that nothing fills.
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")

    assert run_checks(databases=["default"]) == []


def test_a_lease_must_last_twice_the_deadline(settings):
    settings.DELIVERY_LEASE = timedelta(seconds=59)

    assert [error.id for error in check_delivery_lease(None)] == ["regi_admin.E001"]


@pytest.mark.django_db
def test_the_database_keeps_what_it_committed():
    assert check_durability(None) == []


@pytest.mark.django_db
def test_a_database_that_forgets_commits_is_refused(connection_that_forgets):
    assert [error.id for error in check_durability(None)] == ["regi_admin.E003"]


@pytest.mark.django_db
def test_the_password_of_the_demo_is_refused_where_others_can_use_it(admin, served_to_others):
    with pytest.raises(ImproperlyConfigured, match="1000/0001 still has the password of the demo"):
        refuse_demo_passwords()


@pytest.mark.django_db
def test_the_password_of_the_demo_is_fine_on_this_machine(admin, settings):
    settings.DEBUG = False

    assert check_demo_passwords(None) == []


@pytest.mark.django_db
def test_an_administrator_with_a_password_of_his_own_is_let_through(admin, served_to_others):
    admin.set_password("another-one-20260401")
    admin.save()

    assert check_demo_passwords(None) == []


@pytest.fixture
def connection_that_forgets(transactional_db):
    from django.db import connection

    forgets, keeps = ("PRAGMA synchronous=OFF", "PRAGMA synchronous=FULL")
    if connection.vendor == "postgresql":
        forgets, keeps = ("SET synchronous_commit = off", "SET synchronous_commit = on")
    with connection.cursor() as cursor:
        cursor.execute(forgets)
        yield
        cursor.execute(keeps)
