"""A browser that remembers every address it has met, and can follow every link there is."""

from urllib.parse import urlsplit

LINKS = "[...document.querySelectorAll('a[href]')].map(link => link.href)"
FORMS = "[...document.querySelectorAll('form[method=post]')].map(form => form.action)"
FRAGMENTS = "[...document.querySelectorAll('[hx-get]')].map(place => new URL(place.getAttribute('hx-get'), location).href)"
ASKED_BY_A_PERSON = {"document", "xhr", "fetch"}


class Walk:
    """`met` holds each (method, path and query) that was asked for or offered, `broken` the answers that were errors."""

    def __init__(self, page):
        self.page = page
        self.opened = set()
        self.met = set()
        self.broken = {}
        page.on("request", self.remember)

    def remember(self, request):
        if request.resource_type in ASKED_BY_A_PERSON:
            self.met.add((request.method, local(request.url)))

    def follow_every_link(self):
        """Open all pages that can be reached from the one that is open."""
        ahead = [local(self.page.url)]
        while ahead:
            address = ahead.pop()
            if address not in self.opened:
                self.open(address)
                ahead += self.offered(LINKS)

    def open(self, address):
        answer = self.page.goto(address_on(self.page, address), wait_until="domcontentloaded")
        self.opened.add(address)
        if not answer.ok:
            self.broken[address] = answer.status
        self.met |= {("POST", form) for form in self.offered(FORMS)} | {("GET", part) for part in self.offered(FRAGMENTS)}

    def offered(self, what):
        own = urlsplit(self.page.url).netloc
        return [local(address) for address in self.page.evaluate(what) if urlsplit(address).netloc == own]


def local(address):
    return urlsplit(address)._replace(scheme="", netloc="", fragment="").geturl()


def address_on(page, address):
    here = urlsplit(page.url)
    return f"{here.scheme}://{here.netloc}{address}"
