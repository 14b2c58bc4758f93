"""Manual 2-1 as a person does it, and 3-1, where the rows are looked at."""

import re

from tests.yayoi_link.sandbox.postings import make_posting, make_transaction


def follow_the_manual_to_the_sign_in(page):
    page.get_by_text("設定メニュー").click()
    page.get_by_role("link", name="サービスの連携").click()
    page.get_by_role("link", name="連携先を追加する").click()
    page.get_by_role("link", name="連携する").click()
    page.get_by_label("新しい認証を追加").check()
    page.get_by_role("button", name="次へ").click()


def sign_in_and_choose_the_books(page, account):
    page.get_by_label("アカウント").fill(account)
    page.get_by_label("パスワード").fill("regi-demo")
    page.get_by_role("main").get_by_role("button", name="ログイン").click()
    page.get_by_role("button", name="同意の上連携する").click()
    page.get_by_label("弥生会計 オンライン").check()
    page.get_by_role("button", name="次へ").click()


def test_a_link_is_issued_and_shown_again_as_the_manual_says(sandbox, page):
    page.goto(f"{sandbox.url}/services/")
    follow_the_manual_to_the_sign_in(page)
    sign_in_and_choose_the_books(page, "a browser")
    address = page.get_by_label("接続先リンク").input_value()
    page.get_by_role("button", name="完了").click()
    page.get_by_role("dialog").get_by_role("link", name="OK").click()

    page.get_by_role("link", name="連携設定").click()
    page.get_by_role("button", name="次へ").click()

    assert page.get_by_label("接続先リンク").input_value() == address


def test_unwanted_rows_are_ticked_and_deleted_after_a_question(link, open_page):
    link.send(make_posting(make_transaction(key="1", description="残す"), make_transaction(key="2", description="消す")))
    page = open_page(viewport={"width": 360, "height": 740})
    page.context.add_cookies(
        [{"name": cookie.name, "value": cookie.value, "url": link.owner.sandbox.url} for cookie in link.owner.session.cookies]
    )
    page.goto(f"{link.owner.sandbox.url}/transactions/")

    page.get_by_label("消す").check()
    page.get_by_role("button", name="削除").click()
    page.get_by_role("dialog").get_by_role("button", name="OK").click()

    assert page.get_by_role("status").inner_text().strip() == "1件の取引を削除しました。"
    assert re.findall("残す|消す", page.get_by_role("table").inner_text()) == ["残す"]
