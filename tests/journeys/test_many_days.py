"""連携の再実行 in bulk, as a manager sees it: the preview, the yes, the progress, the result."""

from tests.cast import PASSWORD
from tests.journeys.chain import ONE_SALE, load_slips
from tests.journeys.portal_pages import sign_in
from tests.journeys.till_pages import close_with_total, open_till, wait_for_outcome


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
    managers_page.get_by_text("弥生が受け取りました").wait_for()
    sale = f"現金売上10% 渋谷店 #0001-{chain.yesterday:%y%m%d}-1"
    assert link.owner.transactions() == [sale, sale]
