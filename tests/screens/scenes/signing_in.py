"""The first sign-in of a person and of a company, and 二段階認証."""

import base64
import re

from django.utils import timezone

from stores.authenticator import code_of, step_at
from stores.new_company import create_company
from tests.screens.stage import PASSWORD

SECRET = re.compile(r"\b(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}\b")
NEW_PASSWORD = "koboreru-hi-2026"
EMPTY = (
    *("/", "/register/", "/days/", "/days/calendar/", "/days/analysis/", "/days/months/", "/slips/", "/slips/kept/", "/handover/"),
    *("/deliveries/", "/deliveries/calendar/", "/settings/yayoi/", "/settings/accounts/", "/settings/master-sync/"),
    *("/stores/", "/staff/", "/jobs/", "/mornings/", "/days/differences/", "/days/receipts/"),
)


def new_person(stage):
    """ログインID通知書, and what its reader meets first."""
    stage.open("/staff/new/")
    stage.fill(code="0199", name="早乙女 真理子")
    stage.page.locator("[name=role]").select_option("CLERK")
    stage.page.locator("[name=stores]").first.check()
    stage.page.locator("main form[method=post] button.btn-primary").last.click()
    stage.page.wait_for_load_state("networkidle")
    stage.look("sign-in-notice")


def first_sign_in(stage):
    """A company that was made a minute ago: nothing is there yet, and each page says so."""
    administrator, password = create_company("3000", "あたらしい商店", at=timezone.now())
    stage.sign_in(administrator.code, password, administrator.company.code)
    stage.look("forced")
    stage.press_unchecked()
    stage.look("mistakes")
    stage.fill(current=password, new=NEW_PASSWORD, again=NEW_PASSWORD)
    stage.press()
    for path in EMPTY:
        stage.open(path)
        stage.look("of-new-company")


def second_factor(stage):
    stage.open("/account/second-factor/")
    secret = base64.b32decode(SECRET.search(stage.page.inner_text("main")).group().replace(" ", ""))
    stage.press_unchecked()
    stage.look("mistakes")
    stage.fill(code=code_of(secret, step_at(timezone.now())), password=PASSWORD)
    stage.press()
    stage.look("recovery-codes")
    for path in ("/account/", "/account/second-factor/codes/", "/account/second-factor/remove/", "/account/second-factor/"):
        stage.open(path)
        stage.look("with-factor")
    stage.sign_in("0901")
    stage.look()
    stage.fill(code="000000")
    stage.press()
    stage.look("mistakes")
