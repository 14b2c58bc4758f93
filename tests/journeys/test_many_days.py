"""連携の再実行 in bulk, as a manager sees it: the choice, the preview, the yes, the progress, the result."""

import pytest

from closing.templatetags.figures import jdate
from stores.models import Register, Store
from tests.cast import PASSWORD
from tests.journeys.chain import ONE_SALE, load_slips
from tests.journeys.portal_pages import sign_in
from tests.journeys.till_pages import close_with_total, open_till, wait_for_outcome
from tests.yayoi_link.shop import Shop
from tests.yayoi_link.worker_process import eventually
from yayoi_link.models import Delivery


def test_delivered_days_are_sent_again_knowing_what_doubles(portal, chain, link, page, managers_page, tmp_path):
    load_slips(chain, tmp_path / "伝票.csv", ONE_SALE.format(day=chain.yesterday))
    open_till(page, portal, chain.clerk, chain.yesterday)
    close_with_total(page, "1100")
    wait_for_outcome(page, "連携済")

    sign_in(managers_page, portal, chain.manager)
    managers_page.goto(f"{portal.url}/deliveries/bulk/resend/")
    managers_page.get_by_role("button", name="内容を確認").click()
    managers_page.get_by_role("row", name="弥生にあります。").get_by_role("button", name="すべて選ぶ").click()
    managers_page.get_by_text("1日分・1行が弥生で重複します").wait_for()
    managers_page.get_by_label("「重複」と入力してください").fill("重複")
    managers_page.get_by_label("あなたのパスワード").fill(PASSWORD)
    managers_page.get_by_role("button", name="開始").click()

    # The page watches by itself and says when it is done.
    managers_page.get_by_role("link", name="結果を見る").click()
    managers_page.get_by_text("受け付けました").first.wait_for()
    managers_page.get_by_role("rowheader").get_by_role("link").click()
    managers_page.get_by_role("heading", name="弥生が受け取りました").wait_for()
    sale = f"現金売上10% 渋谷店 #0001-{chain.yesterday:%y%m%d}-1"
    assert link.owner.transactions() == [sale, sale]


@pytest.fixture
def failed_night(chain, bookkeeper, link):
    """Two stores whose links were refused last night. Returns the links."""
    shop = Shop(chain.company, chain.manager)
    kichijoji = Store.objects.create(company=chain.company, code="0002", name="吉祥寺店")
    Register.objects.create(store=kichijoji, number=1)
    chain.manager.stores.add(kichijoji)
    other = bookkeeper.issue_link(kichijoji.name)
    shop.link(kichijoji, other.address)
    for store, its_link in ((chain.store, link), (kichijoji, other)):
        its_link.answer_with("404", postings_left=1)
        shop.close(store, chain.yesterday)
    eventually(lambda: Delivery.objects.filter(day__store__company=chain.company, state="rejected").count() == 2)
    return link, other


def test_a_failed_night_is_chosen_in_the_calendar_and_sent_again(portal, chain, failed_night, managers_page):
    sign_in(managers_page, portal, chain.manager)
    managers_page.goto(f"{portal.url}/deliveries/calendar/?month={chain.yesterday:%Y-%m}")

    # The head of a day chooses it for all stores.
    managers_page.get_by_role("columnheader", name=jdate(chain.yesterday)).click()
    managers_page.get_by_text("2日を選択中").wait_for()
    managers_page.get_by_role("button", name="連携の再実行 (2)").click()
    managers_page.get_by_role("row", name="拒否・不明").get_by_role("button", name="すべて選ぶ").click()
    managers_page.get_by_label("「重複」と入力してください").fill("重複")
    managers_page.get_by_label("あなたのパスワード").fill(PASSWORD)
    managers_page.get_by_role("button", name="開始").click()

    eventually(lambda: Delivery.objects.filter(day__store__company=chain.company, state="delivered").count() == 2)
    managers_page.goto(f"{portal.url}/deliveries/calendar/?month={chain.yesterday:%Y-%m}")
    assert managers_page.get_by_role("grid").get_by_role("link", name="連携済").count() == 2
    assert [len(link.owner.transactions(link)) for link in failed_night] == [1, 1]
