"""A manager sets up an authenticator app, signs in with it, and later without the phone."""

import base64
import re

from django.utils import timezone

from stores.authenticator import code_of, step_at
from tests.cast import PASSWORD
from tests.journeys.portal_pages import sign_in

RECOVERY_CODE = re.compile(r"\b[a-y]{4}(?:-[a-y]{4}){3}\b")


class App:
    """The authenticator app on the manager's phone, each code of which is typed once."""

    def __init__(self, letters):
        self.secret = base64.b32decode(letters.replace(" ", ""))
        self.step = 0

    def next_code(self):
        self.step = max(self.step + 1, step_at(timezone.now()))
        return code_of(self.secret, self.step)


def set_up(page):
    page.locator(".site-person button").first.click()
    page.get_by_role("link", name="アカウント").click()
    page.get_by_role("link", name="二段階認証を設定する").click()
    app = App(page.get_by_text(re.compile(r"^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$")).inner_text())
    type_both(page, "000000")
    page.get_by_text("確認コードが正しくありません。").wait_for()
    type_both(page, app.next_code())
    page.get_by_role("heading", name="リカバリーコード").wait_for()
    return app, RECOVERY_CODE.findall(page.locator("main").inner_text())


def type_both(page, code):
    page.get_by_label("アプリに表示された6桁の確認コード").fill(code)
    page.get_by_label("現在のパスワード").fill(PASSWORD)
    page.get_by_role("button", name="設定する").click()


def sign_out(page):
    page.locator(".site-person button").first.click()
    page.get_by_role("button", name="ログアウト").click()
    page.get_by_role("heading", name="ログイン").wait_for()


def type_password(page, person):
    page.get_by_label("企業コード").fill(person.company.code)
    page.get_by_label("担当者コード").fill(person.code)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()


def type_code(page, code):
    page.get_by_label("確認コード").fill(code)
    page.get_by_role("button", name="ログイン").click()


def test_after_setting_up_the_app_the_password_alone_opens_nothing(page, portal, chain):
    sign_in(page, portal, chain.manager)
    app, recovery_codes = set_up(page)

    sign_out(page)
    type_password(page, chain.manager)
    page.goto(f"{portal.url}/settings/")
    page.get_by_role("heading", name="ログイン").wait_for()
    type_password(page, chain.manager)
    type_code(page, "000000")
    page.get_by_text("確認コードが正しくないか、すでに使われています。").wait_for()
    type_code(page, app.next_code())
    page.get_by_role("heading", name="運用管理設定").wait_for()

    sign_out(page)
    type_password(page, chain.manager)
    type_code(page, recovery_codes[0])
    page.get_by_role("heading", name="TOP").wait_for()
    page.goto(f"{portal.url}/account/")
    assert "使えるリカバリーコードは残り9個です。" in page.locator("main").inner_text()
