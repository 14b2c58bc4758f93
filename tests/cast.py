"""The people and places of the tests: a chain of coffee shops, and a rival who must never see anything of it."""

import functools

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from stores.factor_secret import seal
from stores.models import Company, Register, Role, SecondFactor, Staff, Store
from stores.second_step import PASSED

PASSWORD = "regi-demo"
APP_SECRET = b"an authenticator app"


@functools.cache
def hashed_password():
    return make_password(PASSWORD)


def make_person(company, code, role, name, *stores):
    person = Staff(company=company, code=code, role=role, name=name, password=hashed_password())
    person.save()
    person.stores.set(stores)
    return person


def give_second_factor(person):
    """An authenticator app of the person, none of whose codes was used yet."""
    sealed = seal(APP_SECRET, person_id=person.pk)
    return SecondFactor.objects.create(person=person, sealed_secret=sealed, last_step=0, enrolled_at=timezone.now())


def sign_in(client, person):
    """Give the client a session of this person, as after a sign-in at the portal."""
    client.force_login(person)
    if person.company_id is None:
        pass_second_step(client, person)
    return client


def pass_second_step(client, person):
    """Let the client's session count as opened with the code, too."""
    session = client.session
    session[PASSED] = person.second_factor.pk
    session.save()


@pytest.fixture
def company(db):
    return Company.objects.create(code="1000", name="こもれび珈琲")


@pytest.fixture
def head_office(company):
    return Store.objects.create(company=company, code="0000", name="本部", kind=Store.Kind.HEAD_OFFICE)


@pytest.fixture
def shibuya(company):
    return Store.objects.create(company=company, code="0001", name="渋谷店")


@pytest.fixture
def kichijoji(company):
    return Store.objects.create(company=company, code="0002", name="吉祥寺店")


@pytest.fixture
def register(shibuya):
    return Register.objects.create(store=shibuya, number=1, name="1階レジ")


@pytest.fixture
def second_register(shibuya):
    return Register.objects.create(store=shibuya, number=2, name="2階レジ")


@pytest.fixture
def admin(company):
    return make_person(company, "0001", Role.COMPANY_ADMIN, "木漏 日向")


@pytest.fixture
def manager(company, shibuya, kichijoji):
    return make_person(company, "0101", Role.STORE_MANAGER, "渋谷 花子", shibuya, kichijoji)


@pytest.fixture
def clerk(company, shibuya):
    return make_person(company, "0102", Role.CLERK, "宮下 歩", shibuya)


@pytest.fixture
def accountant(company):
    return make_person(company, "0901", Role.ACCOUNTANT, "税所 計")


@pytest.fixture
def rival_company(db):
    return Company.objects.create(code="2000", name="となりの書店")


@pytest.fixture
def rival_store(rival_company):
    return Store.objects.create(company=rival_company, code="0001", name="本店")


@pytest.fixture
def rival_admin(rival_company):
    return make_person(rival_company, "0001", Role.COMPANY_ADMIN, "隣 文子")


@pytest.fixture
def operator(db):
    operator = Staff.objects.create_superuser("operator", PASSWORD)
    give_second_factor(operator)
    return operator
