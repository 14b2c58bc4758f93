"""What the watch over a page hears: each of these would go unseen by whoever looks for words only."""

import pytest

from tests.accessibility import violations
from tests.browser import Watch

ADDRESS = "http://127.0.0.1/"
OWN_ONLY = {"Content-Security-Policy": "default-src 'self'; img-src *"}


@pytest.fixture
def show(chromium):
    """Return a function that shows a page as a server here would send it, and returns it with its watch."""
    context = chromium.new_context()
    page = context.new_page()
    watch = Watch(page)

    def show(body, *, status=200):
        answers = {ADDRESS: {"status": status, "headers": OWN_ONLY, "content_type": "text/html", "body": f"<!doctype html>{body}"}}
        page.route("**/*", lambda route: route.fulfill(**answers.get(route.request.url, {"status": 404})))
        page.goto(ADDRESS)
        return page, watch

    yield show
    context.close()


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<p style='color: red'>", "console: Applying inline style violates"),
        ("<script>document.title = 'changed'</script>", "console: Executing inline script violates"),
        ("<img src='missing.svg'>", "404: http://127.0.0.1/missing.svg"),
        ("<img src='http://127.0.0.2/mark.svg'>", "request to another host: 127.0.0.2"),
    ],
)
def test_what_a_page_may_not_do_is_heard(show, body, complaint):
    _, watch = show(body)

    assert watch.complaints[0].startswith(complaint)


def test_a_link_that_leads_nowhere_is_heard(show):
    _, watch = show("<p>Not found</p>", status=404)

    assert watch.complaints == ["404: http://127.0.0.1/"]


def test_a_page_that_is_as_it_should_be_is_let_pass(show):
    _, watch = show("<p>¥1,100</p>")

    assert watch.complaints == []


def test_axe_looks_at_a_page_whatever_its_policy_forbids(show):
    page, watch = show("<html lang='ja'><title>売上</title><main><h1>売上</h1><input></main>")

    found = violations(page)

    assert ([complaint.split(":")[0] for complaint in found], watch.complaints) == (["label"], [])
