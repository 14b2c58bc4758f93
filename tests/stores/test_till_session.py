import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import include, path

from stores.access import Ability, allowed_at_till, requires
from stores.models import AuditEntry
from stores.sign_in import SignInRefused, authenticate_staff, enter_till
from tests.cast import PASSWORD, sign_in


@requires(Ability.OPEN_DAY)
@allowed_at_till
def at_the_till(request):
    return HttpResponse(f"{request.user.name} {request.till_store.name}")


@requires(Ability.OPEN_DAY)
@allowed_at_till
def sign_in_at_till(request, pk):
    store = request.user.stores.get(pk=pk)
    operator = authenticate_staff(request, company_code="1000", code=request.POST["code"], password=request.POST["password"])
    enter_till(request, store, operator)
    return HttpResponse(status=204)


urlpatterns = [
    path("till/", at_the_till),
    path("till/<int:pk>/", sign_in_at_till),
    path("", include("regi_admin.urls")),
]


@pytest.fixture
def till(client, manager, clerk, shibuya, settings):
    """A shared till: the manager signed in at the portal, then the clerk at レジ業務."""
    settings.ROOT_URLCONF = __name__
    sign_in(client, manager).post(f"/till/{shibuya.pk}/", {"code": "0102", "password": PASSWORD})
    return client


def test_at_the_till_it_is_the_till_operator_who_acts(till):
    assert till.get("/till/").content.decode() == "宮下 歩 渋谷店"


def test_at_the_till_nothing_of_the_former_session_is_left(till, clerk, shibuya):
    assert (till.session["_auth_user_id"], till.session["till_store"]) == (str(clerk.pk), shibuya.pk)


@pytest.mark.parametrize("address", ["/", "/settings/", "/audit/", "/staff/"])
def test_a_till_session_opens_nothing_but_the_till(till, address):
    response = till.get(address)

    assert response.status_code == 403
    assert "管理画面にログインし直す" in response.content.decode()


def test_from_the_till_one_can_sign_in_at_the_portal_again(till, manager):
    till.post("/login/", {"company_code": "1000", "code": "0101", "password": PASSWORD})

    assert till.get("/settings/").status_code == 200


def test_an_initial_password_is_changed_before_anything_at_the_till(till, clerk):
    clerk.must_change_password = True
    clerk.save()

    assert till.get("/till/").url == "/password/"
    assert till.get("/password/").status_code == 200


def test_a_till_session_ends_with_its_store(till, shibuya, moment):
    shibuya.retired_on = moment.date()
    shibuya.save()

    assert till.get("/till/").url == "/login/"


def test_signing_in_at_the_till_is_on_record_with_its_store(till, clerk, shibuya):
    entry = AuditEntry.objects.get(action="SIGNED_IN_AT_TILL")

    assert (entry.actor, entry.store, entry.company) == (clerk, shibuya, shibuya.company)


def test_a_wrong_password_at_the_till_is_refused(clerk):
    request = RequestFactory().post("/till/")
    request.user = AnonymousUser()

    with pytest.raises(SignInRefused):
        authenticate_staff(request, company_code="1000", code="0102", password="wrong")


def test_a_portal_session_has_no_till_store(client, clerk, settings):
    assert sign_in(client, clerk).get("/").wsgi_request.till_store is None
