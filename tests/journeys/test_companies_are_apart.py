"""A person of one company tries every address that people of the other company have met."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from tests.journeys.chain import ONE_SALE, load_slips
from tests.journeys.portal_pages import sign_in
from tests.journeys.till_pages import close_with_total, open_till, wait_for_outcome
from tests.journeys.walk import Walk, address_on

AT_THE_TILL = "/register/"
# Parts of an address that say which page it is, and nothing of a company.
OF_EVERYBODY = {"act", "direction", "kind", "slug"}


@dataclass(frozen=True, slots=True)
class Visit:
    """One person in two browsers: in the portal, and at レジ業務 on a day of the store."""

    in_portal: Walk
    at_till: Walk

    @property
    def met(self):
        return sorted(self.in_portal.met | self.at_till.met)

    @property
    def broken(self):
        return self.in_portal.broken | self.at_till.broken

    def follow_every_link(self):
        self.at_till.follow_every_link()
        self.in_portal.follow_every_link()
        return self

    def answers_to(self, addresses):
        """Ask for each (method, address), that of レジ業務 from within it; return (method, address) → answer."""
        return {(method, path): self.ask(method, path) for method, path in addresses}

    def ask(self, method, path):
        page = (self.at_till if path.startswith(AT_THE_TILL) else self.in_portal).page
        (token,) = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken"]
        return page.request.fetch(address_on(page, path), method=method, headers={"X-CSRFToken": token}, max_redirects=0)


def visit(portal, person, day, open_page):
    in_portal, at_till = Walk(open_page()), Walk(open_page())
    sign_in(in_portal.page, portal, person)
    open_till(at_till.page, portal, person, day)
    return Visit(in_portal, at_till)


@pytest.fixture
def seen(portal, chain, link, open_page, tmp_path):
    """What the chain's administrator meets: yesterday is closed, fails while somebody watches, and is looked at from all sides."""
    load_slips(chain, tmp_path / "伝票.csv", ONE_SALE.format(day=chain.yesterday))
    seen = visit(portal, chain.admin, chain.yesterday, open_page)
    link.answer_with("book_and_cut", postings_left=1, delay_seconds=2)
    close_with_total(seen.at_till.page, "1100")
    wait_for_outcome(seen.at_till.page, "結果不明")
    return seen.follow_every_link()


@pytest.fixture
def stranger(portal, rival_chain, open_page):
    return visit(portal, rival_chain.admin, rival_chain.today, open_page).follow_every_link()


def without_query(asked):
    method, address = asked
    return method, address.split("?")[0]


def names_something(asked):
    """Whether the address is that of one thing; what is not, shows everybody his own."""
    _method, address = asked
    return bool(resolve(urlsplit(address).path).kwargs.keys() - OF_EVERYBODY)


def test_what_one_company_has_does_not_exist_for_another(seen, stranger):
    own = {without_query(asked) for asked in stranger.met}
    foreign = [asked for asked in seen.met if without_query(asked) not in own and names_something(asked)]
    shared = [asked for asked in seen.met if asked not in foreign and asked[0] == "GET"]

    refused = {asked: answer.status for asked, answer in stranger.answers_to(foreign).items()}
    texts = {asked: answer.text() for asked, answer in stranger.answers_to(shared).items()}

    assert (len(foreign) > 20, len(shared) > 10) == (True, True)
    assert refused == dict.fromkeys(foreign, 404)
    assert [asked for asked, text in texts.items() if "こもれび珈琲" in text or "渋谷店" in text] == []
    assert (seen.broken, stranger.broken) == ({}, {})
