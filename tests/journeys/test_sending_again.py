"""Manual 4-1, word for word, after results that differ in what they leave at Yayoi."""

import pytest

from tests.journeys.chain import ONE_SALE, load_slips
from tests.journeys.portal_pages import open_tab, sign_in
from tests.journeys.till_pages import close_with_total, open_till, press_close, wait_for_outcome


@pytest.fixture
def at_the_till(portal, chain, page, tmp_path):
    """The clerk's browser, in which yesterday is open and has sold something."""
    load_slips(chain, tmp_path / "伝票.csv", ONE_SALE.format(day=chain.yesterday))
    open_till(page, portal, chain.clerk, chain.yesterday)
    return page


def test_after_an_unknown_result_the_rows_are_sent_twice_as_announced(portal, chain, link, at_the_till, managers_page):
    link.answer_with("book_and_cut", postings_left=1)
    close_with_total(at_the_till, "1100")
    wait_for_outcome(at_the_till, "結果不明")

    open_till(managers_page, portal, chain.manager, chain.yesterday)
    press_close(managers_page)
    managers_page.get_by_text("もう一度送ると、1行が弥生で重複します").wait_for()
    managers_page.get_by_label("全件を送る").check()
    managers_page.get_by_label("「重複」と入力してください").fill("重複")
    managers_page.get_by_role("button", name="確定").click()

    wait_for_outcome(managers_page, "連携済")
    sale = f"現金売上10% 渋谷店 #0001-{chain.yesterday:%y%m%d}"
    assert link.owner.transactions() == [f"{sale}-2", f"{sale}-1"]


def test_without_the_typed_word_nothing_is_sent_twice(portal, chain, link, at_the_till, managers_page):
    close_with_total(at_the_till, "1100")
    wait_for_outcome(at_the_till, "連携済")

    open_till(managers_page, portal, chain.manager, chain.yesterday)
    press_close(managers_page)
    managers_page.get_by_label("全件を送る").check()
    managers_page.get_by_role("button", name="確定").click()

    managers_page.get_by_text("「重複」と入力してください。").wait_for()
    assert link.owner.transactions() == [f"現金売上10% 渋谷店 #0001-{chain.yesterday:%y%m%d}-1"]


def test_after_a_plain_refusal_the_same_steps_leave_the_rows_there_once(portal, chain, link, at_the_till, managers_page):
    link.answer_with("404", postings_left=1)
    close_with_total(at_the_till, "1100")
    wait_for_outcome(at_the_till, "接続先リンクが無効です")

    open_till(managers_page, portal, chain.manager, chain.yesterday)
    press_close(managers_page)
    managers_page.get_by_label("全件を送る").check()
    managers_page.get_by_role("button", name="確定").click()

    wait_for_outcome(managers_page, "連携済")
    assert link.owner.transactions() == [f"現金売上10% 渋谷店 #0001-{chain.yesterday:%y%m%d}-2"]


def test_a_refused_day_is_sent_again_from_the_list_of_deliveries(portal, chain, link, at_the_till, managers_page):
    link.answer_with("404", postings_left=1)
    close_with_total(at_the_till, "1100")
    wait_for_outcome(at_the_till, "接続先リンクが無効です")

    sign_in(managers_page, portal, chain.manager)
    open_tab(managers_page, "連携状況")
    managers_page.get_by_role("link", name="原因を直して再連携").click()
    managers_page.get_by_role("link", name="再連携").click()
    managers_page.get_by_role("button", name="再連携").click()

    managers_page.get_by_text("連携済", exact=True).first.wait_for()
    assert link.owner.transactions() == [f"現金売上10% 渋谷店 #0001-{chain.yesterday:%y%m%d}-1"]
