"""A clerk's whole day, from 開局 to the rows at Yayoi."""

from tests.journeys.chain import load_slips
from tests.journeys.till_pages import (
    confirm_close,
    count_pieces,
    fill_drawer,
    open_till,
    pay_out,
    press_close,
    wait_for_outcome,
)
from tests.yayoi_link.sandbox.pages import sign_in_as, unconfirmed_transactions

# fmt: off
SLIPS = """\
伝票番号,種別,営業日,日時,POS番号,担当者コード,元伝票,理由,10%対象額,10%消費税,8%(軽減)対象額,8%(軽減)消費税,お預り,お釣り,支払:CASH,支払:VISA,支払:PAYPAY
000001,売上,{day},{day}T10:05:00+09:00,1,0102,,,1100,100,,,2000,900,1100,,
000002,売上,{day},{day}T11:40:00+09:00,1,0102,,,2200,200,1080,80,,,,3280,
000003,売上,{day},{day}T12:15:00+09:00,1,0102,,,,,540,40,,,,,540
000004,売上,{day},{day}T12:31:00+09:00,1,0102,,,,,756,56,1000,244,756,,
000005,売上,{day},{day}T15:02:00+09:00,1,0102,,,550,50,,,550,0,550,,
000006,赤,{day},{day}T15:04:00+09:00,1,0102,0001-1-{compact}-000005,打ち間違い,-550,-50,,,,,-550,,
000007,赤,{day},{day}T17:20:00+09:00,1,0102,0001-1-{compact}-000004,返品,,,-756,-56,,,-756,,
"""

# In the drawer: 30,000 + 1,100 + 756 + 550 - 550 - 756 - 880 = 30,220; counted: 30,210.
PIECES = {"¥10,000": 2, "¥5,000": 1, "¥1,000": 5, "¥100": 2, "¥10": 1}

ROWS = [
    ("出金 消耗品の購入10% 文具店 {receipt} ペン 渋谷店 {ref}", "支出", "¥880", "現金", "消耗品費", "課対仕入込10%適格"),
    ("現金返品8%軽減 渋谷店 {ref}", "支出", "¥756", "現金", "売上高", "課税売返込軽減8%"),
    ("PayPay売上8%軽減 渋谷店 {ref}", "収入", "¥540", "売掛金", "売上高", "課税売上込軽減8%"),
    ("クレジットカード売上10% 渋谷店 {ref}", "収入", "¥2,200", "売掛金", "売上高", "課税売上込10%"),
    ("クレジットカード売上8%軽減 渋谷店 {ref}", "収入", "¥1,080", "売掛金", "売上高", "課税売上込軽減8%"),
    ("現金不足 渋谷店 {ref}", "支出", "¥10", "現金", "現金過不足", "対象外"),
    ("現金売上10% 渋谷店 {ref}", "収入", "¥1,100", "現金", "売上高", "課税売上込10%"),
    ("現金売上8%軽減 渋谷店 {ref}", "収入", "¥756", "現金", "売上高", "課税売上込軽減8%"),
]
# fmt: on


def test_a_day_closed_by_the_clerk_is_in_the_books_to_the_yen(portal, chain, link, page, bookkeepers_page, tmp_path):
    open_till(page, portal, chain.clerk, chain.today)
    fill_drawer(page, "30000")
    load_slips(chain, tmp_path / "伝票.csv", SLIPS.format(day=chain.today, compact=f"{chain.today:%Y%m%d}"))
    pay_out(page, **{"reason": "消耗品の購入", "金額": "880", "内容": "ペン", "支払先": "文具店", "登録番号（": "T6012345678901"})

    press_close(page)
    count_pieces(page, PIECES)
    page.locator("#preview").get_by_text("不足 ¥10", exact=True).first.wait_for()
    confirm_close(page)

    wait_for_outcome(page, "連携済")
    sign_in_as(bookkeepers_page, link.owner)
    words = {"ref": f"#0001-{chain.today:%y%m%d}-1", "receipt": f"{chain.today:%y/%m/%d}"}
    expected = [(text.format(**words), *rest) for text, *rest in ROWS]
    assert sorted(unconfirmed_transactions(bookkeepers_page)) == sorted(expected)
