"""A company administrator opens a store with its register and a clerk, who works there from the paper that he was given."""

import re

from closing.models import BusinessDay
from tests.accessibility import violations
from tests.journeys.portal_pages import answer_question, sign_in
from tests.journeys.till_pages import choose_day, close_with_total, fill_drawer
from tests.journeys.words import sentence_about, word

OWN_PASSWORD = "kamakura-no-umi-7"


def register_store(page):
    page.get_by_role("button", name=word("マスタ")).click()
    page.get_by_role("link", name=word("店舗", context="plural"), exact=True).click()
    page.get_by_role("link", name=word("店舗を登録")).click()
    page.get_by_label(word("店舗コード")).fill("0003")
    page.get_by_label(word("店舗名")).fill("鎌倉店")
    page.get_by_role("button", name=word("登録")).click()
    page.get_by_role("link", name=word("レジを登録")).click()
    page.get_by_label(word("POS番号")).fill("1")
    page.get_by_role("button", name=word("登録")).click()
    page.get_by_text(word("レジを登録しました。マスタ同期を実施してください。")).wait_for()


def register_clerk(page):
    """Return the initial password, read from the notice."""
    page.get_by_role("button", name=word("マスタ")).click()
    page.get_by_role("link", name=word("担当者"), exact=True).click()
    page.get_by_role("link", name=word("担当者を登録")).click()
    page.get_by_label(word("担当者コード")).fill("0301")
    page.get_by_label(word("氏名")).fill("由比 浜子")
    page.get_by_label(word("権限")).select_option(label=word("スタッフ"))
    page.get_by_label("0003 鎌倉店").check()
    page.get_by_role("button", name=word("登録")).click()
    page.get_by_role("heading", name=word("ログインID通知書")).wait_for()
    return re.search(r"[a-z]{4}-[a-z]{4}-\d{4}", page.locator(".sign-in-notice").inner_text())[0]


def print_notice(page):
    page.evaluate("window.print = () => document.body.setAttribute('data-printed', '')")
    page.get_by_role("button", name=word("印刷")).click()
    page.locator("body[data-printed]").wait_for()


def sign_in_as_clerk(page, portal, company, password):
    page.goto(portal.url)
    page.get_by_label(word("企業コード")).fill(company.code)
    page.get_by_label(word("担当者コード")).fill("0301")
    page.get_by_label(word("パスワード")).fill(password)
    page.get_by_role("button", name=word("ログイン")).click()


def choose_password(page, initial):
    """Every other page leads here until it is done."""
    page.goto(page.url.replace("/password/", "/slips/"))
    page.get_by_label(word("現在のパスワード")).fill(initial)
    page.get_by_label(word("新しいパスワード"), exact=True).fill(OWN_PASSWORD)
    page.get_by_label(word("新しいパスワード（確認）")).fill(OWN_PASSWORD)
    page.get_by_role("button", name=word("変更")).click()
    page.get_by_text(word("パスワードを変更しました。")).wait_for()


def open_till(page, day):
    page.get_by_role("link", name=word("レジ業務")).click()
    page.get_by_label(word("パスワード")).fill(OWN_PASSWORD)
    page.get_by_role("button", name=word("ログイン")).click()
    choose_day(page, day)
    fill_drawer(page, "30000")


def enter_slip(page, amount):
    page.get_by_role("link", name=word("伝票を入力")).click()
    page.get_by_label(word("10%対象")).first.fill(amount)
    page.get_by_label("現金").first.fill(amount)
    page.get_by_role("button", name=word("確定"), exact=True).click()
    answer_question(page, word("伝票を登録します。よろしいですか。"))
    page.get_by_text(sentence_about("伝票 %(number)s（%(amount)s）を登録しました。")).wait_for()


def test_a_new_clerk_of_a_new_store_closes_its_first_day(portal, chain, language, page, open_page):
    sign_in(page, portal, chain.admin)
    register_store(page)
    initial = register_clerk(page)
    print_notice(page)

    till = open_page()
    sign_in_as_clerk(till, portal, chain.company, initial)
    choose_password(till, initial)
    open_till(till, chain.today)
    faults = violations(till)
    enter_slip(till, "1100")
    till.goto(f"{portal.url}/register/{chain.today}/")
    close_with_total(till, "31100")

    day = BusinessDay.objects.get(store__code="0003", store__company=chain.company)
    closing = day.closings.get()
    assert faults == []
    assert (day.is_open, closing.slip_count, closing.figures.gross_sales, closing.cash_difference) == (False, 1, 1100, 0)
