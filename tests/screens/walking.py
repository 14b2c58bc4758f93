"""What each person opens: every kind of page that links lead to, and then what no link leads to."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Error

from tests.screens.addresses import kind_of
from tests.screens.beyond_links import AT_PORTAL, AT_TILL, WITHOUT_SIGN_IN

PASSWORD = "regi-demo"
UNVISITED = {"stores:sign_out", "set_language"}
# Most pages of a kind look alike; these have something else to say in each state.
SEVERAL = {"yayoi_link:delivery": 8, "closing:day": 3, "closing:slip": 3, "closing:result": 2}
LINKS = "links => links.map(link => link.getAttribute('href'))"
FRAGMENTS = "places => places.map(place => place.getAttribute('hx-get'))"
ENTER = "button.btn-primary"


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


def walk_as(person: Person, page, portal: str, album) -> None:
    sign_in(page, portal, person, album)
    walk(page, portal, person, album)
    for scene in AT_TILL if person.at_till else AT_PORTAL.get(person.name, ()):
        play(scene, page, portal, album, person.name)


def play(scene, page, portal: str, album, who: str) -> None:
    """Play the scene; one that no longer fits the pages is reported, and the others still are."""
    try:
        scene(page, portal, album, who)
    except Error as failure:
        album.broken[scene.__name__] = failure.message.splitlines()[0]


def sign_in(page, portal: str, person: Person, album) -> None:
    page.goto(f"{portal}/login/")
    album.take(page, "stores:sign_in", "anyone")
    for scene in WITHOUT_SIGN_IN:
        play(scene, page, portal, album, "anyone")
    page.goto(f"{portal}/login/")
    for name, typed in {"company_code": "1000", "code": person.code, "password": PASSWORD}.items():
        page.locator(f"[name={name}]").fill(typed)
    page.locator(f"main {ENTER}").click()
    page.wait_for_url(f"{portal}/")
    if person.at_till:
        page.goto(f"{portal}/register/")
        album.take(page, "closing:till", f"{person.name}-sign-in")
        if not page.locator("[name=password]").count():
            page.locator("main .menu-list a, main .menu-list button").first.click()
        page.locator("[name=password]").fill(PASSWORD)
        page.locator(f"main {ENTER}").first.click()
        page.wait_for_load_state()


def walk(page, portal: str, person: Person, album) -> None:
    """Visit a page or some of each kind that links lead to."""
    waiting, kinds, opened = [urlsplit(page.url).path], Counter(), set()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind is None or kind in UNVISITED or address in opened or kinds[kind] == SEVERAL.get(kind, 1):
            continue
        opened.add(address)
        kinds[kind] += 1
        if not is_page(page, portal + address, kind, album):
            continue
        album.take(page, kind, person.name if kinds[kind] == 1 else f"{person.name}-{kinds[kind]}")
        waiting += page.eval_on_selector_all("a[href]", LINKS)
        album.elsewhere |= {kind_of(part) for part in page.eval_on_selector_all("[hx-get]", FRAGMENTS)}


def is_page(page, address: str, kind: str, album) -> bool:
    """Open the address; a file that is to be saved is no page."""
    try:
        answer = page.goto(address)
    except Error as failure:
        if "Download is starting" not in failure.message:
            raise
        album.elsewhere.add(kind)
        return False
    if not answer.ok:
        album.broken[address] = answer.status
        return False
    page.wait_for_load_state("networkidle")
    return True
