"""A real Chromium, and a watch over everything that a page may do wrong without anybody seeing it."""

import contextlib
import os
import shutil
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.utils.translation import get_language
from playwright.sync_api import sync_playwright

from tests.accessibility import violations

CHROMIUMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LOOPBACK = {"127.0.0.1", "localhost"}
LOCALES = {"ja": "ja-JP", "en": "en-US"}
PARTS_OF_A_PAGE = {"stylesheet", "script", "image", "font"}


def chromium_path():
    found = [path for name in CHROMIUMS if (path := shutil.which(name))]
    if not found:
        pytest.fail("No Chromium on PATH: bin/test says what to install.")
    return found[0]


class Watch:
    """Collects what must not happen on any page: errors of scripts, blocked content, links and parts that lead nowhere, other hosts, server errors."""

    def __init__(self, page):
        self.complaints = []
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("request", self.see_request)
        page.on("response", self.see_response)

    def hear(self, message):
        # What is missing is reported here too; `see_response` knows its address.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")

    def see_request(self, request):
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.hostname not in LOOPBACK:
            self.complaints.append(f"request to another host: {address.hostname}")

    def see_response(self, response):
        is_followed = response.request.method == "GET" and response.request.resource_type in {"document", *PARTS_OF_A_PAGE}
        if response.status >= 500 or (is_followed and response.status >= 400):
            self.complaints.append(f"{response.status}: {response.url}")


@pytest.fixture(scope="session")
def chromium():
    # Chromium's sandbox refuses to work for root; only pages of this machine are opened.
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
        yield launched
        launched.close()
        # While Playwright's event loop is there, Django keeps connections of its own for it; nobody would close them afterwards.
        connections.close_all()


@contextlib.contextmanager
def watched_page(chromium, **context_options):
    """Open a page with cookies of its own, as another person at another machine would: in the language that is active."""
    usual = {"locale": LOCALES[get_language()], "timezone_id": "Asia/Tokyo", "viewport": {"width": 1280, "height": 800}}
    with contextlib.closing(chromium.new_context(**usual | context_options)) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield page, Watch(page)


@pytest.fixture
def open_page(chromium):
    """Return a function that opens a page of another person.

    Whatever a watch has heard fails the test, and so does what nobody could use of the page at which the test ends.
    """
    watches = {}
    with contextlib.ExitStack() as opened:

        def open_watched_page(**context_options):
            page, watch = opened.enter_context(watched_page(chromium, **context_options))
            watches[page] = watch
            return page

        yield open_watched_page
        heard = [complaint for watch in watches.values() for complaint in watch.complaints]
        seen = [fault for page in watches if not page.is_closed() for fault in violations(page)]
    assert (heard, seen) == ([], [])


@pytest.fixture
def page(open_page):
    return open_page()
