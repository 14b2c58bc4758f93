"""One portal with its worker and its sandbox for all stories; each story has companies of its own."""

import itertools
import threading
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import translation

from tests.journeys.chain import connect, found_chain
from tests.running_portal import kept_database, running_portal
from tests.stores.mail_server import MailServer
from tests.yayoi_link.sandbox.running import Visitor
from yayoi_link import gate_journal

company_codes = map(str, itertools.count(1000))


@pytest.fixture(scope="package")
def transactional_db(django_db_setup, django_db_blocker):
    yield from kept_database(django_db_blocker)


@pytest.fixture(scope="package")
def post_office():
    """Takes the mails of all stories; people without an address get none."""
    with MailServer() as server, pytest.MonkeyPatch.context() as environment:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment.setenv("MAILER_URL", f"smtp://127.0.0.1:{server.server_address[1]}")
        environment.setenv("MAIL_FROM", "regi@portal.example")
        yield server
        server.shutdown()


@pytest.fixture(scope="package")
def portal(transactional_db, static_files, post_office, tmp_path_factory):
    directory = tmp_path_factory.mktemp("portal")
    with override_settings(STATE_DIR=directory / "state"):
        gate_journal.create_empty()
        with running_portal(directory) as portal:
            yield portal


@pytest.fixture(autouse=True)
def books_add_up(portal):
    """Whatever a story did, at its end each yen of the whole database is where it belongs."""
    yield
    call_command("check_books")


@pytest.fixture(params=["ja", "en"])
def language(request):
    """What a story is told in: its people read the screens in it, and it looks for the words there."""
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def chain(portal):
    return found_chain(next(company_codes), "こもれび珈琲", "渋谷店")


@pytest.fixture
def rival_chain(portal):
    return found_chain(next(company_codes), "となりの書店", "本店")


@pytest.fixture
def bookkeeper(portal, chain):
    """Whoever keeps the chain's books at Yayoi, signed in there."""
    bookkeeper = Visitor(SimpleNamespace(url=portal.sandbox_url))
    bookkeeper.sign_in(f"経理 {chain.company.code}")
    return bookkeeper


@pytest.fixture
def connected_since(chain):
    return chain.yesterday


@pytest.fixture
def link(chain, bookkeeper, connected_since):
    """What the chain's store is connected to."""
    link = bookkeeper.issue_link(chain.store.name)
    connect(chain, link.address, since=connected_since)
    return link


@pytest.fixture
def bookkeepers_page(open_page):
    return open_page()


@pytest.fixture
def managers_page(open_page):
    return open_page()
