"""What a page says before a close of what Yayoi will get."""

from closing.trading_day import open_day
from tests.yayoi_link.shop import DAY
from yayoi_link.account_choices import Choice
from yayoi_link.company_accounts import AccountSettings, save_settings

PAGE = "/register/2026-04-01/close/"


def page_of(browser):
    return browser.get(PAGE).content.decode()


def test_the_cash_difference_is_announced_only_where_it_is_sent(at_till, clerk, shop, linked, company):
    open_day(linked, DAY, by=shop.by, today=DAY)
    shop.sell(linked, DAY, "1")
    browser = at_till(clerk)
    before = page_of(browser)

    unsent = AccountSettings({"over_short": Choice("現金過不足", is_sent=False)})
    save_settings(company, unsent, store=None, applies_from=DAY, by=shop.by)

    assert ["現金差異は、レジ内現金を確定すると加わります。" in page for page in (before, page_of(browser))] == [True, False]
