"""A walk that looks at each kind of page, and closely at everything that no page before was made of."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import resolve

from tests.accessibility import OF_COLOURS, OF_WIDTH, lost_focus, sideways, violations
from tests.every_page.words import untranslated
from tests.journeys.walk import Walk

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 740}
SHAPES = (Path(__file__).parent / "shapes.js").read_text(encoding="utf-8")
SHIFTS = (Path(__file__).parent / "shifts.js").read_text(encoding="utf-8")
# What the web vitals call good. The columns of a long table find their width while it comes in.
MOST_SHIFTED = 0.1
EMPTY_FORM = (Path(__file__).parent / "empty_form.js").read_text(encoding="utf-8")
NEW = "[data-new]"
OPEN_ALL = "document.querySelectorAll('main details').forEach(details => (details.open = true))"
# The steps of a close are places of one page.
PLACES = "[...new Set([...document.querySelectorAll('main a[href^=\"#\"]')].map(link => link.hash))]"


@dataclass
class Album:
    """What was seen in one language, by whomever; complaints with the kind of page that gave cause first.

    `looks_at_what_is_new` are the closer looks, at places made of something that no page before had.
    """

    looks_at_what_is_new: tuple
    known_words: set | None = None
    shapes: set = field(default_factory=set)
    kinds: set = field(default_factory=set)
    # Files and parts of pages included.
    met: set = field(default_factory=set)
    sent_empty: set = field(default_factory=set)
    kinds_titled: dict = field(default_factory=lambda: defaultdict(set))
    complaints: dict = field(default_factory=dict)
    broken: dict = field(default_factory=dict)
    heard: list = field(default_factory=list)

    def note(self, kind, complaints):
        self.complaints |= {complaint: kind for complaint in complaints if complaint not in self.complaints}


class Inspection(Walk):
    most_of_a_kind = 1

    def __init__(self, page, album):
        super().__init__(page)
        self.album = album

    def follow_every_link(self, also=()):
        super().follow_every_link(also)
        self.album.broken |= self.broken
        self.album.met |= {kind_of(address) for method, address in self.met if method == "GET"}

    def look(self):
        kind = kind_of(self.page.url)
        self.album.kinds_titled[self.page.title()].add(kind)
        self.album.note(kind, shifted(self.page))
        self.page.evaluate(OPEN_ALL)
        self.look_closely()
        for place in self.page.evaluate(PLACES):
            self.page.evaluate("place => { location.hash = place }", place)
            self.look_closely()
        if kind not in self.album.sent_empty:
            self.album.sent_empty.add(kind)
            self.look_after_mistakes()

    def look_closely(self):
        kind = kind_of(self.page.url)
        new = self.page.evaluate(SHAPES, list(self.album.shapes))
        if new or kind not in self.album.kinds:
            self.album.note(kind, violations(self.page, but=OF_COLOURS))
        for look in self.album.looks_at_what_is_new if new else ():
            self.album.note(kind, look(self.page))
        if self.album.known_words:
            self.album.note(kind, untranslated(self.page, self.album.known_words))
        self.album.shapes.update(new)
        self.album.kinds.add(kind)

    def look_after_mistakes(self):
        """Send the first form of the page with nothing filled in, look at what comes back, and return."""
        here = self.page.url
        if not self.page.evaluate(EMPTY_FORM):
            return
        with self.page.expect_navigation():
            self.page.locator("form[data-empty]").evaluate("form => form.submit()")
        self.look_closely()
        self.page.goto(here)


def kind_of(address):
    return resolve(urlsplit(address).path).view_name


def shifted(page):
    share = page.evaluate(SHIFTS)
    return [f"moved by itself: {share:.0%} of the window"] if share > MOST_SHIFTED else []


def wrong_at_a_desk(page):
    yield from violations(page, OF_COLOURS, within=NEW)
    yield from lost_focus(page, NEW)


def wrong_in_the_dark(page):
    page.emulate_media(color_scheme="dark")
    yield from violations(page, OF_COLOURS, within=NEW)
    page.emulate_media(color_scheme="light")


def wrong_on_a_phone(page):
    page.set_viewport_size(NARROW)
    yield from violations(page, OF_WIDTH, within=NEW)
    yield from lost_focus(page, NEW)
    yield from sideways(page)
    page.set_viewport_size(WIDE)
