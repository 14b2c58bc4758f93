"""A browser that remembers every address it has met, and opens some of each kind of page."""

from collections import Counter
from urllib.parse import urlsplit

from django.urls import resolve
from playwright.sync_api import Error

LINKS = "[...document.querySelectorAll('a[href]')].map(link => link.href)"
FORMS = "[...document.querySelectorAll('form[method=post]')].map(form => form.action)"
FRAGMENTS = "[...document.querySelectorAll('[hx-get]')].map(place => new URL(place.getAttribute('hx-get'), location).href)"
# A calendar leads to the month before without end, and one page of a kind is like another.
MOST_OF_A_KIND = 3
ASKED_BY_A_PERSON = {"document", "xhr", "fetch"}


class Walk:
    """`met` holds each (method, path and query) that was asked for or offered, `broken` the answers that were errors."""

    most_of_a_kind = MOST_OF_A_KIND

    def __init__(self, page):
        self.page = page
        self.opened = set()
        self.kinds = Counter()
        self.met = set()
        self.broken = {}
        page.on("request", self.remember)

    def remember(self, request):
        if request.resource_type in ASKED_BY_A_PERSON:
            self.met.add((request.method, local(request.url)))

    def follow_every_link(self, also=()):
        """Open the pages that can be reached from the one that is open, some of each kind, and all of these addresses."""
        ahead = [*also, local(self.page.url)]
        while ahead:
            address = ahead.pop()
            kind = resolve(urlsplit(address).path).view_name
            if address in self.opened or (self.kinds[kind] >= self.most_of_a_kind and address not in also):
                continue
            self.kinds[kind] += 1
            ahead += self.open(address)

    def open(self, address):
        """Open the page and return the addresses to which it leads; a file to be saved leads nowhere."""
        self.opened.add(address)
        try:
            answer = self.page.goto(address_on(self.page, address), wait_until="domcontentloaded")
        except Error as failure:
            if "Download is starting" not in failure.message:
                raise
            return []
        if not answer.ok:
            self.broken[address] = answer.status
        self.look()
        links = self.offered(LINKS)
        self.met |= {("POST", form) for form in self.offered(FORMS)}
        self.met |= {("GET", address) for address in [*links, *self.offered(FRAGMENTS)]}
        return links

    def look(self):
        """A walk that wants more of each page than its links looks at it here."""

    def offered(self, what):
        own = urlsplit(self.page.url).netloc
        return [local(address) for address in self.page.evaluate(what) if urlsplit(address).netloc == own]


def local(address):
    return urlsplit(address)._replace(scheme="", netloc="", fragment="").geturl()


def address_on(page, address):
    here = urlsplit(page.url)
    return f"{here.scheme}://{here.netloc}{address}"
