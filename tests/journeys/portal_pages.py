"""What people do in the portal, found as they find it: by label, role and word."""

from tests.cast import PASSWORD
from tests.journeys.words import word


def sign_in(page, portal, person):
    page.goto(portal.url)
    page.get_by_label(word("企業コード")).fill(person.company.code)
    page.get_by_label(word("担当者コード")).fill(person.code)
    page.get_by_label(word("パスワード")).fill(PASSWORD)
    page.get_by_role("button", name=word("ログイン")).click()
    page.get_by_role("heading", name=word("TOP")).wait_for()


def open_tab(page, name):
    page.get_by_role("navigation", name=word("メニュー")).get_by_role("link", name=word(name), exact=True).click()


def answer_question(page, question):
    page.get_by_role("dialog").get_by_text(question).wait_for()
    page.get_by_role("dialog").get_by_role("button", name=word("OK")).click()


def open_link_settings(page):
    page.get_by_role("button", name=word("運用管理")).click()
    page.get_by_role("link", name=word("運用管理設定")).click()
    page.get_by_role("link", name=word("弥生会計連携")).click()


def register_link(page, store, address):
    """Switch ON, paste, 「登録」, 「OK」."""
    page.get_by_role("switch", name=word("%(store)sの%(field)s", store=store.name, field=word("連携状態"))).check()
    page.get_by_label(word("%(store)sの%(field)s", store=store.name, field=word("接続先リンク"))).fill(address)
    page.get_by_role("button", name=word("登録")).click()
    answer_question(page, word("登録します。よろしいですか。"))
