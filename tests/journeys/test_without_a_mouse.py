"""A day is sold, closed and, after it failed, sent again with nothing but keys."""

import re

import pytest

from tests.accessibility import violations
from tests.cast import PASSWORD
from tests.journeys.chain import ONE_SALE, load_slips
from tests.journeys.keyboard import Keyboard
from tests.journeys.till_pages import wait_for_outcome
from tests.journeys.words import word

# What has the focus is in sight at once, and not only when the page has come to rest.
WITHOUT_MOTION = {"reduced_motion": "reduce"}
HAS_FOCUS = "element => element === document.activeElement"


@pytest.fixture
def clerks(open_page):
    return Keyboard(open_page(**WITHOUT_MOTION))


@pytest.fixture
def managers(open_page):
    return Keyboard(open_page(**WITHOUT_MOTION))


def field(keys, label):
    return keys.page.get_by_label(word(label), exact=True)


def button(keys, name):
    return keys.page.get_by_role("main").get_by_role("button", name=word(name), exact=True)


def way(keys, name):
    return keys.page.get_by_role("link", name=re.compile(f"^{re.escape(word(name))}")).first


def sign_in(keys, portal, person):
    keys.page.goto(portal.url)
    keys.type_into(field(keys, "企業コード"), person.company.code)
    keys.type_into(field(keys, "担当者コード"), person.code)
    keys.type_into(field(keys, "パスワード"), PASSWORD)
    keys.press("Enter")


def open_today(keys):
    keys.press("Enter", way(keys, "レジ業務"))
    keys.type_into(field(keys, "パスワード"), PASSWORD)
    keys.press("Enter")
    keys.press("Enter", button(keys, "確定"))
    keys.page.get_by_role("heading", name=word("ここまでの売上")).wait_for()


def close_with_total(keys, amount):
    keys.press("Enter", way(keys, "閉局"))
    keys.press("Enter", way(keys, "次へ：現金を数える"))
    keys.type_into(keys.page.get_by_label(word("実際のレジ内現金")), amount)
    keys.press("Enter", button(keys, "次へ：弥生に送る内容"))
    keys.press("Enter", button(keys, "確定"))
    keys.page.get_by_role("dialog").wait_for()
    keys.press("Enter")
    keys.page.get_by_role("heading", name=word("閉局結果")).wait_for()


def send_again(keys):
    keys.press("Enter", way(keys, "連携状況"))
    keys.press("Enter", way(keys, "原因を直して再連携"))
    keys.press("Enter", way(keys, "再連携"))
    keys.press("Enter", button(keys, "再連携"))
    keys.page.get_by_text(word("連携済"), exact=True).first.wait_for()


def test_a_day_is_closed_and_sent_again_without_a_mouse(portal, chain, link, clerks, managers, tmp_path):
    link.answer_with("404", postings_left=1)
    sign_in(clerks, portal, chain.clerk)
    open_today(clerks)
    load_slips(chain, tmp_path / "伝票.csv", ONE_SALE.format(day=chain.today))
    close_with_total(clerks, "1100")
    wait_for_outcome(clerks.page, "接続先リンクが無効です")

    sign_in(managers, portal, chain.manager)
    send_again(managers)

    assert link.owner.transactions() == [f"現金売上10% 渋谷店 #0001-{chain.today:%y%m%d}-1"]


def test_menus_and_questions_close_with_escape_and_give_the_focus_back(portal, chain, managers):
    sign_in(managers, portal, chain.manager)
    menu = managers.page.get_by_role("button", name=word("運用管理"))
    managers.press("Enter", menu)
    managers.press("ArrowDown")
    managers.press("Escape")
    is_back_at_menu = menu.evaluate(HAS_FOCUS)

    managers.press("Enter", menu)
    managers.press("Enter", way(managers, "運用管理設定"))
    managers.press("Enter", way(managers, "弥生会計連携"))
    managers.press("Enter", button(managers, "登録"))
    managers.page.get_by_role("dialog").wait_for()
    faults = violations(managers.page)
    managers.press("Escape")

    assert (is_back_at_menu, faults) == (True, [])
    assert button(managers, "登録").evaluate(HAS_FOCUS)


def test_the_first_stop_of_every_page_leads_to_its_content(portal, chain, managers):
    sign_in(managers, portal, chain.manager)
    managers.page.get_by_role("heading", name=word("TOP")).wait_for()

    managers.press("Tab")
    managers.press("Enter")

    assert managers.page.get_by_role("main").evaluate(HAS_FOCUS)
