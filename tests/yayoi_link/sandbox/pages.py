"""What people do in the sandbox' pages, found as they find it: by label, role and word."""


def follow_the_manual_to_the_sign_in(page):
    """Manual 2-1, ① to ④."""
    page.get_by_text("設定メニュー").click()
    page.get_by_role("link", name="サービスの連携").click()
    page.get_by_role("link", name="連携先を追加する").click()
    page.get_by_role("link", name="連携する").click()
    page.get_by_label("新しい認証を追加").check()
    page.get_by_role("button", name="次へ").click()


def sign_in_and_choose_the_books(page, account):
    """Manual 2-1, ⑤ to ⑦."""
    page.get_by_label("アカウント").fill(account)
    page.get_by_label("パスワード").fill("regi-demo")
    page.get_by_role("main").get_by_role("button", name="ログイン").click()
    page.get_by_role("button", name="同意の上連携する").click()
    page.get_by_label("弥生会計 オンライン").check()
    page.get_by_role("button", name="次へ").click()


def keep_the_link(page):
    """Manual 2-1, ⑧ and ⑨."""
    address = page.get_by_label("接続先リンク").input_value()
    page.get_by_role("button", name="完了").click()
    page.get_by_role("dialog").get_by_role("link", name="OK").click()
    return address


def issue_link(page, url, *, account):
    page.goto(url)
    follow_the_manual_to_the_sign_in(page)
    sign_in_and_choose_the_books(page, account)
    return keep_the_link(page)


def sign_in_as(page, visitor):
    """Continue in the browser as somebody who is signed in already."""
    url = visitor.sandbox.url
    page.context.add_cookies([{"name": cookie.name, "value": cookie.value, "url": url} for cookie in visitor.session.cookies])
    page.goto(url)


def unconfirmed_transactions(page):
    """Return 未確定の取引 as listed: (摘要, 収入・支出, 金額, 取引手段, 勘定科目, 税区分)."""
    page.get_by_role("link", name="未確定の取引").click()
    page.get_by_role("heading", name="未確定の取引").wait_for()
    rows = page.get_by_role("row").filter(has=page.get_by_role("cell"))
    return [tuple(cell.split("\n")[0] for cell in row.get_by_role("cell").all_inner_texts()[2:8]) for row in rows.all()]
