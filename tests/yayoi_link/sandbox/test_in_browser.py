"""Manual 2-1 as a person does it, and 3-1, where the rows are looked at."""

import re

from tests.yayoi_link.sandbox.pages import issue_link, sign_in_as
from tests.yayoi_link.sandbox.postings import make_posting, make_transaction


def test_a_link_is_issued_and_shown_again_as_the_manual_says(sandbox, page):
    address = issue_link(page, sandbox.url, account="a browser")

    page.get_by_role("link", name="連携設定").click()
    page.get_by_role("button", name="次へ").click()

    assert page.get_by_label("接続先リンク").input_value() == address


def test_unwanted_rows_are_ticked_and_deleted_after_a_question(link, open_page):
    link.send(make_posting(make_transaction(key="1", description="残す"), make_transaction(key="2", description="消す")))
    page = open_page(viewport={"width": 360, "height": 740})
    sign_in_as(page, link.owner)

    page.get_by_label("消す").check()
    page.get_by_role("button", name="削除").click()
    page.get_by_role("dialog").get_by_role("button", name="OK").click()

    assert page.get_by_role("status").inner_text().strip() == "1件の取引を削除しました。"
    assert re.findall("残す|消す", page.get_by_role("table").inner_text()) == ["残す"]
