"""What people do at レジ業務, found as they find it: by label, role and word."""

import re

from tests.cast import PASSWORD
from tests.journeys.portal_pages import answer_question, sign_in
from tests.journeys.words import sentence_about, word


def sign_in_at_till(page, person):
    page.get_by_role("link", name=word("レジ業務"), exact=True).click()
    enter_operator(page, person)


def enter_operator(page, person):
    page.get_by_label(word("担当者選択")).select_option(label=f"{person.code} {person.name}")
    page.get_by_label(word("パスワード")).fill(PASSWORD)
    page.get_by_role("button", name=word("ログイン")).click()


def choose_day(page, day):
    page.get_by_label(word("開始営業日")).fill(day.isoformat())
    page.get_by_role("button", name=word("確定")).click()
    page.get_by_role("heading", name=word("ここまでの売上")).wait_for()


def open_till(page, portal, person, day):
    sign_in(page, portal, person)
    sign_in_at_till(page, person)
    choose_day(page, day)


def fill_drawer(page, amount):
    page.get_by_label(word("釣銭準備金")).fill(amount)
    page.get_by_role("button", name=word("変更")).click()
    page.get_by_text(sentence_about("%(register)sの釣銭準備金を%(amount)sにしました（%(compared)s）。")).wait_for()


def pay_out(page, *, reason, **typed):
    page.get_by_role("link", name=word("出金")).click()
    page.get_by_label(word("理由")).select_option(label=reason)
    for label, text in typed.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name=word("確定")).click()
    page.get_by_text(sentence_about("%(title)s %(amount)sを登録しました。")).wait_for()


def press_close(page):
    page.get_by_role("link", name=word("閉局"), exact=True).click()


def count_pieces(page, pieces):
    """金種別入力: {"¥10,000": 2}; then 弥生に送る内容."""
    page.get_by_role("link", name=word("次へ：現金を数える")).click()
    page.get_by_label(word("金種別入力")).check()
    for coin, number in pieces.items():
        page.get_by_role("textbox", name=re.compile(rf"^{re.escape(coin)}( |$)")).fill(str(number))
    look_at_preview(page)


def count_total(page, amount):
    page.get_by_role("link", name=word("次へ：現金を数える")).click()
    page.get_by_label(word("直接入力")).check()
    page.get_by_label(word("実際のレジ内現金")).fill(amount)
    look_at_preview(page)


def look_at_preview(page):
    page.get_by_role("button", name=word("次へ：弥生に送る内容")).click()
    page.get_by_role("button", name=word("確定")).wait_for()


def confirm_close(page):
    page.get_by_role("button", name=word("確定")).click()
    answer_question(page, sentence_about("%(date)sを閉局します。よろしいですか。"))
    page.get_by_role("heading", name=word("閉局結果")).wait_for()


def close_with_total(page, amount):
    press_close(page)
    count_total(page, amount)
    confirm_close(page)


def wait_for_outcome(page, outcome):
    """See a text that begins with the outcome appear on the result page, which nobody loads again."""
    page.get_by_role("region", name=word("弥生への連携")).get_by_text(re.compile(rf"^\s*{re.escape(word(outcome))}")).first.wait_for()
