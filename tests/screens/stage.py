"""Where a scene is played: the page of a person who is signed in, and the album for its pictures."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.screens.addresses import kind_of
from tests.screens.album import Album

PASSWORD = "regi-demo"
COMPANY = "1000"
SUBMIT = "main form[method=post] button.btn-primary"
LET_GO = "document.querySelectorAll('main form').forEach(form => { form.noValidate = true; delete form.dataset.confirm })"


@dataclass(frozen=True, slots=True)
class Stage:
    """`who` names the folder of the pictures."""

    page: Page
    portal: str
    album: Album
    who: str

    def open(self, path: str) -> None:
        self.page.goto(self.portal + path)

    def look(self, scene: str = "") -> None:
        """Take the page that is open, under the name of its kind and of the scene."""
        self.album.take(self.page, kind_of(urlsplit(self.page.url).path), self.who, scene)

    def fill(self, **typed: str) -> None:
        for name, text in typed.items():
            self.page.locator(f"main [name={name}]").first.fill(text)

    def press(self, button: str = SUBMIT) -> None:
        """Press the button and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.locator(button).first.click()
        self.page.wait_for_load_state("networkidle")

    def press_unchecked(self, button: str = SUBMIT) -> None:
        """Press it although the browser knows better: the server has to say what is missing."""
        self.page.evaluate(LET_GO)
        self.press(button)

    def answer_yes(self) -> None:
        """Press OK in the dialog that asks, and wait for the page that follows."""
        self.press("dialog[open] [value=ok]")

    def sign_in(self, code: str, password: str = PASSWORD, company: str = COMPANY) -> None:
        self.page.context.clear_cookies()
        self.open("/login/")
        self.fill(company_code=company, code=code, password=password)
        self.press()

    def enter_till(self, date: str = "") -> None:
        """レジ業務 as the person who is signed in, and the day when one is named."""
        self.open("/register/")
        if not self.page.locator("main [name=password]").count():
            self.press("main .menu-list a, main .menu-list button")
        self.fill(password=PASSWORD)
        self.press()
        if date:
            self.open(f"/register/{date}/")
