"""What each person opens: every kind of page that links lead to, and then what no link leads to."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Error

from tests.screens import programme
from tests.screens.addresses import kind_of
from tests.screens.stage import Stage

UNVISITED = {"stores:sign_out", "set_language"}
# Most pages of a kind look alike; these have something else to say in each state.
SEVERAL = {"yayoi_link:delivery": 8, "closing:day": 3, "closing:slip": 3, "closing:result": 2}
LINKS = "links => links.map(link => link.getAttribute('href'))"
FRAGMENTS = "places => places.map(place => place.getAttribute('hx-get'))"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    code: str
    at_till: bool = False


PEOPLE = (
    Person("admin", "0001"),
    Person("manager", "0101"),
    Person("clerk", "0102"),
    Person("accountant", "0901"),
    Person("till", "0102", at_till=True),
    Person("till-manager", "0101", at_till=True),
)
NAMES = {person.code: person.name for person in reversed(PEOPLE)} | {"0103": "clerk-of-two"}


def walk_before_sign_in(stage: Stage) -> None:
    stage.open("/login/")
    stage.look()
    for scene in programme.WITHOUT_SIGN_IN:
        play(scene, stage)


def walk_as(person: Person, stage: Stage) -> None:
    stage.sign_in(person.code)
    if person.at_till:
        stage.enter_till()
    walk(stage)
    for scene in programme.BY_THE_WAY.get(person.name, ()):
        play(scene, stage)


def play(scene, stage: Stage) -> None:
    """Play the scene; one that no longer fits the pages is reported, and the others still are."""
    try:
        scene(stage)
    except Exception as failure:  # whatever it met is said at the end
        stage.album.broken[scene.__name__] = f"{type(failure).__name__}: {failure}".splitlines()[0]


def walk(stage: Stage) -> None:
    """Visit a page or some of each kind that links lead to."""
    page = stage.page
    waiting, kinds, opened = [urlsplit(page.url).path], Counter(), set()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind is None or kind in UNVISITED or address in opened or kinds[kind] == SEVERAL.get(kind, 1):
            continue
        opened.add(address)
        kinds[kind] += 1
        if not is_page(stage, address, kind):
            continue
        stage.album.take(page, kind, stage.who, "" if kinds[kind] == 1 else str(kinds[kind]))
        waiting += page.eval_on_selector_all("a[href]", LINKS)
        stage.album.elsewhere |= {kind_of(part) for part in page.eval_on_selector_all("[hx-get]", FRAGMENTS)}


def is_page(stage: Stage, address: str, kind: str) -> bool:
    """Open the address; a file that is to be saved is no page."""
    try:
        answer = stage.page.goto(stage.portal + address)
    except Error as failure:
        if "Download is starting" not in failure.message:
            raise
        stage.album.elsewhere.add(kind)
        return False
    if not answer.ok:
        stage.album.broken[address] = answer.status
        return False
    stage.page.wait_for_load_state("networkidle")
    return True
