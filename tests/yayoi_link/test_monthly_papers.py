import io
import zipfile
from collections import Counter

import pytest
from django.db import connection
from django.db.models import F, Sum
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from closing.models import CashMovement, CashReason, KeptSlip, PaymentMethod, SlipTax
from closing.month_locks import lock_month
from closing.trading_day import close_day, open_day, record_movement
from stores.models import Register, Store
from tests.yayoi_link import fates
from tests.yayoi_link.paper_month import FOLDER, MONTH, NOON, bytes_of, opened, rows_of
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link.importfile import Dialect
from yayoi_link.models import Delivery
from yayoi_link.monthly_papers.cover import sum_concerns
from yayoi_link.monthly_papers.month_sums import MonthSums

SHIBUYA = ["0001", "渋谷店"]


@pytest.fixture
def files(april, accountant):
    return opened(bytes_of(accountant))


def test_the_same_state_makes_the_same_bytes(april, accountant):
    with translation.override("en"):
        in_english = bytes_of(accountant)

    assert bytes_of(accountant) == in_english


def test_the_names_of_the_files_are_japanese_and_sort_as_they_are_read(april, accountant):
    archive = zipfile.ZipFile(io.BytesIO(bytes_of(accountant)))

    names = sorted(name.removeprefix(f"{FOLDER}/") for name in archive.namelist())
    assert [name for name in names if name.endswith(".html") and "/" not in name] == [
        "00_表紙.html",
        "01_営業日一覧.html",
        "02_税額集計表.html",
        "03_過不足一覧.html",
        "04_後日入力一覧.html",
        "05_訂正一覧.html",
        "06_未送信・結果不明の連携一覧.html",
    ]
    assert [name for name in names if name.startswith(("07", "08"))] == [
        "07_弥生インポート形式/yayoi-1000-20260401-20260403-desktop.csv",
        *(f"08_日計/0001_渋谷店/2026-04-0{number}_日計.html" for number in (1, 2, 3)),
    ]
    assert all(entry.flag_bits & 0x800 for entry in archive.infolist())


def test_the_tax_table_says_what_the_slips_say(files, april):
    def of_slips(**kinds):
        found = SlipTax.objects.filter(slip__is_late=False, **kinds).aggregate(Sum("amount"), Sum("tax"))
        return [str(found["amount__sum"]), str(found["tax__sum"])]

    table = {row[2]: row[3:] for row in rows_of(files, "02_税額集計表_売上.csv")}

    assert table["8%対象（軽減）"] == ["2160", "160", "-1080", "-80", "-1080", "-80", "0", "0", "0"]
    for category, label in (("STANDARD_10", "10%対象"), ("REDUCED_8", "8%対象（軽減）")):
        assert table[label][:2] == of_slips(category=category, slip__kind="SALE")
        assert table[label][2:4] in (of_slips(category=category, slip__reason="MISTAKE"), ["0", "0"])
        assert table[label][4:6] == of_slips(category=category, slip__reason="RETURN")
    assert rows_of(files, "02_税額集計表_売上外.csv")[0] == [*SHIBUYA, "自社商品券販売", "3000", "0", "0", "3000"]


def test_the_days_are_listed_with_those_that_are_missing(files):
    rows = rows_of(files, "01_営業日一覧.csv")

    assert [(row[2], row[3]) for row in rows[:5]] == [
        ("2026/04/01", "閉局後に変更あり"),
        ("2026/04/02", "仮閉局（現金は未計数）"),
        ("2026/04/03", "仮閉局（現金は未計数）"),
        ("2026/04/04", "未閉局"),
        ("2026/04/05", "休業日 棚卸"),
    ]
    assert Counter(row[3] for row in rows[5:]) == {"記録なし（開局も休業日の登録もない）": 25, "利用開始前": 30}
    assert [row[-1] for row in rows[:4]] == ["一致", "一致", "一致", ""]


def test_a_shortage_stands_beside_what_was_found_out_later(files):
    short, *uncounted = rows_of(files, "03_過不足一覧_この月の過不足.csv")

    found = "2026/04/04 釣銭の渡し間違い 翌日返してもらった 100円"
    assert short == [*SHIBUYA, "2026/04/01", "1", "3280", "3180", "不足", "-100", "'=1+1 の渡し間違い", "100", "0", found]
    assert [row[6] for row in uncounted] == ["未計数", "未計数"]
    assert [row[2:4] for row in rows_of(files, "03_過不足一覧_この月に原因が判明したもの.csv")] == [["2026/04/04", "2026/04/01"]]


def test_what_came_late_stands_with_the_moment_it_came(files):
    assert rows_of(files, "04_後日入力一覧_伝票.csv") == [
        [*SHIBUYA, "2026/04/01", "2026/04/06 12:00:00", "1", "L1", "売上", "2026/04/06 12:00:00", "2200", "渋谷 花子", "未反映"]
    ]


def test_cash_that_moved_after_the_close_is_late_too(april, paid_out, accountant):
    [row] = rows_of(opened(bytes_of(accountant)), "04_後日入力一覧_入出金.csv")

    assert row[2:] == ["2026/04/01", "2026/04/06 12:00:00", "1", "出金", "消耗品", "道玄坂文具店", "880", "渋谷 花子", "未反映"]


def test_a_red_slip_stands_beside_what_it_takes_back(files):
    rows = rows_of(files, "05_訂正一覧_赤伝票・黒伝票.csv")

    assert [row[4:] for row in rows] == [
        ["赤伝票（支払取消）", "1", "3", "-1080", "-80", "打ち間違い・二重登録", "渋谷店", "2026/04/01", "1", "2", "1080", "渋谷 花子"],
        ["赤伝票（支払取消）", "1", "1", "-3280", "-280", "返品・返金", "渋谷店", "2026/04/01", "1", "1", "3280", "渋谷 花子"],
    ]


def test_unknown_and_unsent_deliveries_are_listed_apart(files):
    names = ("結果不明・応答未確認", "送信していないもの", "送信不要としたもの")
    tables = [rows_of(files, f"06_未送信・結果不明の連携一覧_{name}.csv") for name in names]

    assert [[(row[2], row[6]) for row in rows] for rows in tables] == [[("2026/04/02", "結果不明")], [("2026/04/03", "送信待ち")], []]


def test_the_cover_says_aloud_what_is_unproven(files):
    cover = files["00_表紙.html"]

    for sentence in (
        "【重要】閉局していない営業日が1日あります。",
        "【重要】閉局後に変更があった営業日が1日あります。",
        "【重要】弥生に届いたかどうか分からない連携が1件あります。",
        "【注意】弥生に送っていない連携が1件あります。",
        "【注意】現金を数えていない仮閉局の営業日が2日あります。",
        "【注意】開局も休業日の登録もない日が25日あります",
        "【注意】この月は月次締めをしていません。",
    ):
        assert sentence in cover


def test_the_cover_proves_that_all_sums_are_equal(files):
    cover = files["00_表紙.html"]

    # 2,200 and 1,080 sold, all brought back; a card of 1,080 was a mistake; 3,000 for the gift card; short 100.
    debit = 2200 + 1080 + 2200 + 1080 + 3000 + 100
    assert (cover.count("不一致"), "一致しない合計" in cover) == (0, False)
    assert f"借方の合計 ¥{debit:,}、貸方の合計 ¥{debit:,}" in cover


def test_a_slip_that_says_something_else_than_its_close_is_noticed(april, accountant):
    SlipTax.objects.filter(slip__number="1", slip__kind="SALE", category="REDUCED_8").update(amount=F("amount") + 1)

    cover = opened(bytes_of(accountant))["00_表紙.html"]

    assert ("【重要】一致しない合計が1件あります。" in cover, "不一致" in cover) == (True, True)


def test_a_posting_that_says_something_else_than_its_day_is_noticed(april, accountant):
    first = Delivery.objects.get(day__date=MONTH)
    Delivery.objects.filter(pk=first.pk).update(body=bytes(first.body).replace(b'"amount":2200', b'"amount":2201'))

    files = opened(bytes_of(accountant))

    assert "一致しない営業日が1日あります" in files["00_表紙.html"]
    assert [row[-1] for row in rows_of(files, "01_営業日一覧.csv")[:3]] == ["不一致", "一致", "一致"]


def test_what_is_not_sent_is_named_with_its_amount(shop, linked, company, accountant, state_dir):
    change = CashReason.objects.create(company=company, code="0001", name="両替金", for_paid_in=True, is_sent=False)
    day = open_day(linked, MONTH, by=shop.by, today=MONTH)
    paid_in = CashMovement(register=linked.registers.get(), direction="PAID_IN", reason=change, amount=5000)
    record_movement(day, paid_in, by=shop.by)
    close_day(day, counts=None, by=shop.by)

    cover = opened(bytes_of(accountant))["00_表紙.html"]

    assert "【注意】日計にあって仕訳にないものがあります（送らない設定）: 入金 両替金 5,000円" in cover


def test_books_that_moved_while_the_papers_were_made_are_said_to_have():
    assert [concern.look for concern in sum_concerns(MonthSums(), [], [], has_changed=True)] == ["bad"]


def test_the_csv_is_the_one_that_the_portal_exports(client, april, accountant, files):
    client.force_login(accountant)

    exported = client.get("/deliveries/export/download/?first=2026-04-01&last=2026-04-30&store=&dialect=desktop")

    assert b"".join(exported.streaming_content).decode("cp932") == files["07_弥生インポート形式/yayoi-1000-20260401-20260403-desktop.csv"]


def test_a_day_report_is_read_without_the_portal(files):
    page = files["08_日計/0001_渋谷店/2026-04-01_日計.html"]

    parts = ["精算No.", "総売上（税込）", "売上外", "支払方法別", "赤伝票", "<h3>入出金", "想定レジ金額", "現金差異", "弥生に送る仕訳"]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    assert ("src=" in page, "http" in page, "<link" in page, "閉局したあとに" in page) == (False, False, False, True)


def test_a_locked_month_in_which_everything_arrived_is_proved_whole(shop, linked, delivery, company, accountant):
    fates.deliver_it(delivery)
    days = [MONTH.replace(day=number) for number in range(2, 31)]
    linked.holidays.bulk_create(linked.holidays.model(store=linked, date=day) for day in days)
    lock_month(company, MONTH, by=shop.by, today=MONTH.replace(month=5))

    cover = opened(bytes_of(accountant))["00_表紙.html"]

    # Nobody counted the drawer: that alone is left.
    assert (cover.count("【重要】"), cover.count("【注意】"), "月次締め 2" in cover) == (0, 1, True)


def test_what_yayoi_cannot_hold_leaves_the_csv_out_and_is_named(shop, shibuya, register, company, accountant):
    PaymentMethod.objects.filter(company=company).update(name="現金😀")
    shop.close(shibuya)

    files = opened(bytes_of(accountant))

    assert [name for name in files if name.startswith("07")] == []
    assert "【重要】弥生インポート形式のCSVを作れませんでした。" in files["00_表紙.html"]
    assert "渋谷店 2026/04/01 「現金😀売上10%」に弥生で使えない文字「😀」があります。" in files["00_表紙.html"]


def test_a_slip_that_waits_in_hold_is_named(april, accountant):
    KeptSlip.objects.create(
        store=april, source="FILE", cause="INVALID", received={}, digest="x", content={"business_date": "2026-04-09"}, received_at=NOON
    )

    assert "【注意】判断待ちの保留の伝票が1件あります。" in opened(bytes_of(accountant))["00_表紙.html"]


def test_one_store_alone_says_that_it_is_not_the_company(april, kichijoji, shop, accountant):
    Register.objects.create(store=kichijoji, number=1)
    shop.close(kichijoji)

    files = opened(bytes_of(accountant, store=kichijoji, dialect=Dialect.ONLINE))

    assert "会社の全店舗ではありません。" in files["00_表紙.html"]
    assert not [text for text in files.values() if "渋谷店" in text]
    assert "07_弥生インポート形式/yayoi-1000-0002-20260401-online.csv" in files


def test_days_cost_no_more_queries_than_one(shop, linked, delivery, accountant):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            bytes_of(accountant)
        return len(captured)

    for_one = queries()
    for number in (2, 3):
        shop.close(linked, DAY.replace(day=number))

    assert queries() == for_one


def test_days_of_a_store_without_link_cost_no_more_queries_than_one(shop, shibuya, register, accountant, state_dir):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            bytes_of(accountant)
        return len(captured)

    shop.close(shibuya)
    for_one = queries()
    shop.close(shibuya, NEXT_DAY)

    assert queries() == for_one


def test_a_store_that_traded_and_was_retired_is_in_the_papers(april, accountant):
    Store.objects.filter(pk=april.pk).update(retired_on=MONTH.replace(day=10))

    rows = rows_of(opened(bytes_of(accountant)), "01_営業日一覧.csv")

    assert [row[3] for row in rows[8:11]] == ["記録なし（開局も休業日の登録もない）", "利用終了", "利用終了"]
