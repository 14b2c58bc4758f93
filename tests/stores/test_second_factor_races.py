"""The same code typed in several browsers in the same moment lets one of them in, on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from stores.audit import Origin
from stores.authenticator import code_of, step_at
from stores.models import Company, Role, SecondFactor
from stores.models.second_factor import MOST_TRIES
from stores.second_factor import enrol, use_code
from tests.cast import APP_SECRET, make_person

BROWSERS = 6
PATIENCE = 30  # seconds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(transactional_db):
    return make_person(Company.objects.create(code="1000", name="こもれび珈琲"), "0001", Role.COMPANY_ADMIN, "木漏 日向")


def at_once(action):
    """Run the action in every browser's thread, begun together, and return what they return."""
    start = threading.Barrier(BROWSERS)

    def run():
        try:
            start.wait(PATIENCE)
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(BROWSERS) as threads:
        return [future.result() for future in [threads.submit(run) for _browser in range(BROWSERS)]]


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_many_who_type_the_same_code_one_gets_in(person, kind):
    at = timezone.now()
    factor, codes = enrol(person, APP_SECRET, step=0, by=Origin(person, at))
    code = codes[0] if kind == "recovery" else code_of(APP_SECRET, step_at(at))

    opened = at_once(lambda: use_code(factor, code, by=Origin(person, at)))

    assert sorted(opened) == [False] * (BROWSERS - 1) + [True]


def test_of_many_tries_in_the_same_moment_no_more_go_on_than_may(person):
    at = timezone.now()
    factor, _codes = enrol(person, APP_SECRET, step=0, by=Origin(person, at))

    allowed = at_once(lambda: SecondFactor.objects.allow_try(factor, at=at))

    assert allowed.count(True) == MOST_TRIES


def test_who_sets_it_up_twice_in_the_same_moment_has_it_once(person):
    by = Origin(person, timezone.now())

    at_once(lambda: enrol(type(person).objects.get(pk=person.pk), APP_SECRET, step=0, by=by))

    assert (SecondFactor.objects.count(), SecondFactor.objects.get().codes_left) == (1, 10)
