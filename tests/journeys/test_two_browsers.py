"""Two people close the same day in the same minute."""

import re

from closing.models import Closing
from tests.journeys.chain import ONE_SALE, load_slips
from tests.journeys.till_pages import confirm_close, count_total, open_till, press_close


def test_one_wins_and_the_other_is_told_who_closed_and_when(portal, chain, page, managers_page, tmp_path):
    load_slips(chain, tmp_path / "伝票.csv", ONE_SALE.format(day=chain.today))
    for browser, person, amount in [(page, chain.clerk, "1100"), (managers_page, chain.manager, "1000")]:
        open_till(browser, portal, person, chain.today)
        press_close(browser)
        count_total(browser, amount)

    confirm_close(page)
    confirm_close(managers_page)

    told = managers_page.get_by_role("status").inner_text().strip()
    assert re.match(r"この営業日は、渋谷店のスタッフさんが\d{4}年\d+月\d+日\(.\) \d\d:\d\dに閉局しました。", told)
    assert "登録された実際のレジ内現金は¥1,100です。" in told
    assert [closing.actual_cash for closing in Closing.objects.filter(day__store=chain.store)] == [1100]
