from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.db import connections

from stores.models import SignInThrottle
from stores.models.sign_in import MOST_FAILURES
from stores.passwords import initial_password


@pytest.fixture
def crowd(monkeypatch):
    """How many hashes were under way whenever one began."""
    seen, under_way, lock = [], [], Lock()
    encode = Argon2PasswordHasher.encode

    def counted(self, password, salt):
        with lock:
            under_way.append(password)
            seen.append(len(under_way))
        try:
            return encode(self, password, salt)
        finally:
            with lock:
                under_way.remove(password)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted)
    return seen


def test_at_most_two_hashes_run_at_a_time(crowd):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(make_password, "abcdefghijklmnop"))

    assert len(crowd) == 16
    assert max(crowd) <= 2


@pytest.mark.django_db(transaction=True)
def test_many_tries_at_once_get_no_more_than_the_limit(moment):
    def try_once(_):
        try:
            return SignInThrottle.objects.allow_try("1000/0102", "", at=moment)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(try_once, range(24)))

    assert sum(allowed) == MOST_FAILURES


def test_an_initial_password_can_be_read_from_paper():
    passwords = {initial_password() for _ in range(200)}

    assert len(passwords) == 200
    assert set("".join(passwords)).isdisjoint("0O1lI5S2Z")


def test_a_hash_recognises_its_password_and_no_other():
    kept = make_password("regi-demo")

    assert (check_password("regi-demo", kept), check_password("regi-Demo", kept)) == (True, False)
