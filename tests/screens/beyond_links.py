"""Pages that no link leads to: forms after mistakes, open menus and dialogs, results of a POST, errors.

A scene is a function of (page, portal, album, who) that leaves the person signed in.
"""

from django.template.loader import render_to_string

SUBMIT = "main form[method=post] button.btn-primary"


def refused_sign_in(page, portal, album, who):
    page.locator("[name=company_code]").fill("1000")
    page.locator("[name=code]").fill("9999")
    page.locator("[name=password]").fill("wrong")
    page.locator(SUBMIT).click()
    page.wait_for_load_state()
    album.take(page, "sign-in-refused", who)


def worst_pages(page, portal, album, who):
    """These three need no server to be made; their styles come from the page that is open."""
    for name in ("400", "500", "503"):
        page.goto(f"{portal}/login/")
        page.set_content(render_to_string(f"{name}.html"), wait_until="networkidle")
        album.take(page, f"error-{name}", who)


def missing_and_forbidden(page, portal, album, who):
    for name, path in {"404": "/nothing/", "403": "/staff/new/"}.items():
        page.goto(portal + path)
        album.take(page, f"error-{name}", who)


def open_menus(page, portal, album, who):
    page.goto(f"{portal}/")
    page.locator(".site-person > button").click()
    album.take(page, "menu-open", who)


def empty_forms(page, portal, album, who):
    for name, path in {"staff": "/staff/new/", "store": "/stores/new/", "upload": "/slips/upload/", "reconcile": "/reconcile/"}.items():
        page.goto(portal + path)
        page.evaluate("document.querySelectorAll('main form').forEach(form => (form.noValidate = true))")
        page.locator(SUBMIT).last.click()
        page.wait_for_load_state()
        album.take(page, f"mistakes-{name}", who)


def new_person(page, portal, album, who):
    page.goto(f"{portal}/staff/new/")
    page.locator("[name=code]").fill("0199")
    page.locator("[name=name]").fill("早乙女 真理子")
    page.locator("[name=role]").select_option("CLERK")
    page.locator("[name=stores]").first.check()
    page.locator(SUBMIT).last.click()
    page.wait_for_load_state()
    album.take(page, "sign-in-notice", who)


def asked_before(page, portal, album, who):
    page.goto(f"{portal}/account/")
    page.locator("form[data-confirm] button").first.click()
    album.take(page, "dialog-open", who)


def nothing_found(page, portal, album, who):
    for path in ("/days/?month=2001-01", "/deliveries/?period=all&month=2001-01", "/slips/?number=999999999", "/audit/?q=zzzz"):
        page.goto(portal + path)
        album.take(page, f"nothing-found{path.split('?')[0]}", who)


def close_with_mistakes(page, portal, album, who):
    """At the till: 「閉局」 of the day that is open, first with nothing typed, then with a count that is off."""
    page.goto(f"{portal}/register/")
    opened = page.locator("main a[href^='/register/20']")
    if not opened.count():
        return
    opened.first.click()
    day = page.url.split("#")[0]
    page.goto(f"{day}close/")
    page.evaluate("document.querySelectorAll('main form').forEach(form => (form.noValidate = true, delete form.dataset.confirm))")
    page.locator(SUBMIT).last.evaluate("button => button.form.submit()")
    page.wait_for_load_state("networkidle")
    album.take(page, "close-mistakes", who)


WITHOUT_SIGN_IN = (refused_sign_in, worst_pages)
AT_PORTAL = {
    "admin": (open_menus, asked_before, empty_forms, new_person, nothing_found),
    "manager": (open_menus, nothing_found),
    "clerk": (missing_and_forbidden, open_menus),
    "accountant": (nothing_found,),
}
AT_TILL = (close_with_mistakes,)
