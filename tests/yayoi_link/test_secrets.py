"""The link's secret appears nowhere but in its ciphertext: not on pages, not in messages, sessions, history or error reports."""

import json

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import serializers
from django.test import Client

from stores.models import Company
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.conftest import LINK, TOKEN

PAGE = "/settings/yayoi/"
PAGES = [
    "/",
    PAGE,
    "/settings/",
    "/settings/master-sync/",
    "/audit/",
    "/deliveries/?period=all&state=all",
    "/deliveries/{delivery}/",
    "/deliveries/{delivery}/resend-doubled/",
    "/deliveries/{delivery}/settle/",
    "/days/",
    "/days/0001/2026-04-01/",
    "/stores/",
]


class Broken:
    """Stands in for a database that fails in the middle of registering."""

    def __call__(self, *args, **kwargs):
        raise RuntimeError("broken on purpose")


def posted(store, link=LINK):
    return {f"store-{store.pk}-seen": "OFF", f"store-{store.pk}-is_enabled": "on", f"store-{store.pk}-url": link}


@pytest.fixture
def unknown(delivery):
    return fates.ten_minutes_later(fates.meet(delivery, fates.CUT))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", ["admin", "manager", "clerk", "accountant"])
def test_no_page_shows_it(client, unknown, role, path, request):
    response = sign_in(client, request.getfixturevalue(role)).get(path.format(delivery=unknown.pk))

    assert TOKEN not in response.content.decode()


def test_neither_the_answer_nor_the_session_holds_what_was_pasted(client, manager, shibuya):
    browser = sign_in(client, manager)

    first = browser.post(PAGE, posted(shibuya))
    second = browser.get(PAGE)

    traces = [str(first.headers), str(first.cookies), first.content.decode(), second.content.decode(), str(second.context["rows"])]
    sessions = [json.dumps(session.get_decoded(), default=str) for session in Session.objects.all()]
    assert [trace for trace in (*traces, *sessions) if TOKEN in trace] == []


def test_a_form_with_a_mistake_does_not_give_it_back(client, manager, shibuya, kichijoji):
    browser = sign_in(client, manager)

    page = browser.post(PAGE, posted(shibuya) | posted(kichijoji, "nonsense")).content.decode()

    assert ("もう一度貼り付けてください" in page, TOKEN in page) == (True, False)


@pytest.mark.parametrize("debug", [True, False])
def test_an_error_report_shows_nothing_of_it(manager, shibuya, settings, monkeypatch, debug):
    settings.DEBUG = debug
    monkeypatch.setattr("stores.audit.record", Broken())
    browser = sign_in(Client(raise_request_exception=False), manager)

    response = browser.post(PAGE, posted(shibuya))

    assert (response.status_code, TOKEN in response.content.decode()) == (500, False)


def test_an_error_report_shows_no_typed_value(manager, unknown, settings, monkeypatch):
    settings.DEBUG = True
    monkeypatch.setattr("yayoi_link.presence.past_postings", Broken())
    monkeypatch.setattr("yayoi_link.views.rulings.past_postings", Broken())
    browser = sign_in(Client(raise_request_exception=False), manager)

    response = browser.post(f"/deliveries/{unknown.pk}/resend-doubled/", {"password": "typed-in-secret"})

    assert (response.status_code, "typed-in-secret" in response.content.decode()) == (500, False)


@pytest.mark.usefixtures("unknown")
def test_no_row_of_the_database_holds_it_in_clear():
    rows = [row for model in apps.get_models() for row in serializers.serialize("python", model.objects.all())]

    assert [row["model"] for row in rows if TOKEN in str(row)] == []


@pytest.mark.parametrize("path", ["/admin/", "/admin/stores/store/", "/admin/stores/company/"])
def test_the_operators_admin_shows_nothing_of_links(client, operator, unknown, path):
    sign_in(client, operator)

    response = client.get(path)

    assert (response.status_code, TOKEN in response.content.decode(), Company.objects.exists()) == (200, False, True)
    assert "yayoi_link" not in response.content.decode()
