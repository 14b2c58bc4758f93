"""Forms after mistakes, open menus and dialogs, lists in which nothing is found, and errors."""

from django.template.loader import render_to_string

from tests.screens.stage import SUBMIT

ALONE = ("400", "403_csrf", "500", "503")
EMPTY_FORMS = (
    "/staff/new/",
    "/stores/new/",
    "/slips/upload/",
    "/slips/new/",
    "/reconcile/",
    "/masters/methods/new/",
    "/masters/csv/stores/",
)
EMPTY_LISTS = (
    "/days/?month=2001-01",
    "/deliveries/?period=all&month=2001-01",
    "/deliveries/calendar/?month=2001-01",
    "/slips/?number=999999999",
)


def refused_sign_in(stage):
    stage.open("/login/")
    stage.fill(company_code="1000", code="9999", password="wrong")
    stage.press()
    stage.look("refused")


def errors_alone(stage):
    """These need no server to be made; their styles come from the page that is open."""
    for name in ALONE:
        stage.open("/login/")
        stage.page.set_content(render_to_string(f"{name}.html"), wait_until="networkidle")
        stage.album.take(stage.page, f"error-{name}", stage.who)


def errors_in_place(stage):
    for name, path in {"404": "/nothing/", "403": "/staff/new/"}.items():
        stage.open(path)
        stage.album.take(stage.page, f"error-{name}", stage.who)


def open_menus(stage):
    stage.open("/")
    stage.page.locator(".site-person > button").click()
    stage.look("menu")


def empty_forms(stage):
    for path in EMPTY_FORMS:
        stage.open(path)
        stage.press_unchecked(SUBMIT)
        stage.look("mistakes")


def asked_before(stage):
    stage.open("/account/")
    stage.page.locator("form[data-confirm] button").first.click()
    stage.look("dialog")


def nothing_found(stage):
    for path in EMPTY_LISTS:
        stage.open(path)
        stage.look("nothing-found")


def nothing_in_audit(stage):
    stage.open("/audit/?until=2001-01-01")
    stage.look("nothing-found")


def help_without_answer(stage):
    for scene, words in {"search": "重複", "nothing-found": "zzzz"}.items():
        stage.open(f"/help/?q={words}")
        stage.look(scene)
