import io
import zipfile
from collections import Counter
from datetime import date
from urllib.parse import urlsplit

import time_machine
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from closing.models import BusinessDay, CashMovement, SlipTax
from closing.movement_corrections import cancel_movement, correct_movement
from closing.register_closing import recount
from closing.register_settlement import RegisterCount
from closing.signals import Wish
from closing.trading_day import close_again
from stores.models import Register, Store
from tests.yayoi_link.paper_month import FOLDER, MONTH, NOON, bytes_of, opened, rows_of
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link.importfile import Dialect

SHIBUYA = ["0001", "渋谷店"]


def test_the_same_state_makes_the_same_bytes(april, accountant):
    assert bytes_of(accountant) == bytes_of(accountant)


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
        "07_登録番号要確認一覧.html",
    ]
    assert [name for name in names if name.startswith(("08", "09"))] == [
        "08_弥生インポート形式/yayoi-1000-20260401-20260403-desktop.csv",
        *(f"09_日計/0001_渋谷店/2026-04-0{number}_日計.html" for number in (1, 2, 3)),
    ]
    assert all(entry.flag_bits & 0x800 for entry in archive.infolist())


def test_the_tax_table_says_what_the_slips_say(papers, april):
    def of_slips(**kinds):
        found = SlipTax.objects.filter(slip__is_late=False, **kinds).aggregate(Sum("amount"), Sum("tax"))
        return [str(found["amount__sum"]), str(found["tax__sum"])]

    table = {row[2]: row[3:] for row in rows_of(papers, "02_税額集計表_売上.csv")}

    assert table["8%対象（軽減）"] == ["2160", "160", "-1080", "-80", "-1080", "-80", "0", "0", "0"]
    for category, label in (("STANDARD_10", "10%対象"), ("REDUCED_8", "8%対象（軽減）")):
        assert table[label][:2] == of_slips(category=category, slip__kind="SALE")
        assert table[label][2:4] in (of_slips(category=category, slip__reason="MISTAKE"), ["0", "0"])
        assert table[label][4:6] == of_slips(category=category, slip__reason="RETURN")
    assert rows_of(papers, "02_税額集計表_売上外.csv")[0] == [*SHIBUYA, "自社商品券販売", "3000", "0", "0", "3000"]


def test_the_days_are_listed_with_those_that_are_missing(papers):
    rows = rows_of(papers, "01_営業日一覧.csv")

    assert [(row[2], row[3]) for row in rows[:5]] == [
        ("2026/04/01", "閉局後に変更あり"),
        ("2026/04/02", "仮閉局（現金は未計数）"),
        ("2026/04/03", "仮閉局（現金は未計数）"),
        ("2026/04/04", "未閉局"),
        ("2026/04/05", "休業日 棚卸"),
    ]
    assert Counter(row[3] for row in rows[5:]) == {"記録なし（開局も休業日の登録もない）": 25, "利用開始前": 30}
    assert [row[-1] for row in rows[:4]] == ["一致", "一致", "一致", ""]


def test_a_date_that_is_not_over_is_not_missing(april, accountant):
    files = opened(bytes_of(accountant, today=date(2026, 4, 9)))

    rows = rows_of(files, "01_営業日一覧.csv")
    assert Counter(row[3] for row in rows[5:30]) == {"記録なし（開局も休業日の登録もない）": 3, "これから（まだ開局していない）": 22}
    assert "【注意】開局も休業日の登録もない日が3日あります" in files["00_表紙.html"]


def test_a_difference_that_was_explained_stays_in_the_list_when_a_recount_leaves_none(april, shop, accountant):
    day = BusinessDay.objects.get(date=MONTH)
    with time_machine.travel(NOON, tick=False):
        recount(day, [RegisterCount(1, 5480, 3000)], seen_revision=1, by=shop.by)
        close_again(day, seen_revision=1, by=shop.by, wish=Wish.SEND)

    [row, *_uncounted] = rows_of(opened(bytes_of(accountant)), "03_過不足一覧_この月の過不足.csv")

    found = "2026/04/04 釣銭の渡し間違い 翌日返してもらった 100円"
    assert row == [*SHIBUYA, "2026/04/01", "1", "5480", "5480", "差異なし", "0", "", "100", "100", found]


def test_a_receipt_whose_number_nobody_has_decided_is_named(april, paid_out, accountant):
    CashMovement.objects.filter(pk=paid_out.pk).update(is_registration_unclear=True, receipt_date=MONTH, reduced_amount=108)

    files = opened(bytes_of(accountant))

    [row] = rows_of(files, "07_登録番号要確認一覧.csv")
    assert row == [*SHIBUYA, "2026/04/01", "1", "消耗品", "道玄坂文具店", "", "2026/04/01", "880", "108", "渋谷 花子"]
    assert "【注意】登録番号が要確認の出金が1件あります。" in files["00_表紙.html"]


def test_a_receipt_that_was_decided_or_cancelled_is_named_no_longer(april, paid_out, shop, accountant):
    CashMovement.objects.filter(pk=paid_out.pk).update(is_registration_unclear=True)
    with time_machine.travel(NOON, tick=False):
        cancel_movement(paid_out, reason="二重に入力", by=shop.by)

    files = opened(bytes_of(accountant))

    assert (rows_of(files, "07_登録番号要確認一覧.csv"), "登録番号が要確認の出金が" in files["00_表紙.html"]) == ([], False)


def test_a_shortage_stands_beside_what_was_found_out_later(papers):
    short, *uncounted = rows_of(papers, "03_過不足一覧_この月の過不足.csv")

    found = "2026/04/04 釣銭の渡し間違い 翌日返してもらった 100円"
    assert short == [*SHIBUYA, "2026/04/01", "1", "3280", "3180", "不足", "-100", "'=1+1 の渡し間違い", "100", "0", found]
    assert [row[6] for row in uncounted] == ["未計数", "未計数"]
    assert [row[2:4] for row in rows_of(papers, "03_過不足一覧_この月に原因が判明したもの.csv")] == [["2026/04/04", "2026/04/01"]]


def test_what_came_late_stands_with_the_moment_it_came(papers):
    assert rows_of(papers, "04_後日入力一覧_伝票.csv") == [
        [*SHIBUYA, "2026/04/01", "2026/04/06 12:00:00", "1", "L1", "売上", "2026/04/06 12:00:00", "2200", "渋谷 花子", "未反映"]
    ]


def test_cash_that_moved_after_the_close_is_late_too(april, paid_out, accountant):
    [row] = rows_of(opened(bytes_of(accountant)), "04_後日入力一覧_入出金.csv")

    assert row[2:] == ["2026/04/01", "2026/04/06 12:00:00", "1", "出金", "消耗品", "道玄坂文具店", "880", "渋谷 花子", "未反映"]


def test_a_red_slip_stands_beside_what_it_takes_back(papers):
    rows = rows_of(papers, "05_訂正一覧_赤伝票・黒伝票.csv")

    assert [row[4:] for row in rows] == [
        ["赤伝票（支払取消）", "1", "3", "-1080", "-80", "打ち間違い・二重登録", "渋谷店", "2026/04/01", "1", "2", "1080", "渋谷 花子"],
        ["赤伝票（支払取消）", "1", "1", "-3280", "-280", "返品・返金", "渋谷店", "2026/04/01", "1", "1", "3280", "渋谷 花子"],
    ]


def test_cash_that_did_not_move_is_named_with_what_stands_in_its_place(april, paid_out, shop, accountant):
    instead = CashMovement(register=paid_out.register, direction="PAID_OUT", reason=paid_out.reason, amount=808)
    with time_machine.travel(NOON, tick=False):
        correct_movement(paid_out, instead, reason="打ち間違い", by=shop.by)

    papers = opened(bytes_of(accountant))

    [row] = rows_of(papers, "05_訂正一覧_取り消した入出金.csv")
    assert row[4:] == ["1", "出金", "消耗品", "道玄坂文具店", "880", "2026/04/06 12:00:00", "打ち間違い", "渋谷 花子", "808", "消耗品"]
    assert [row[-1] for row in rows_of(papers, "04_後日入力一覧_入出金.csv")] == ["取り消し済み（訂正一覧）", "未反映"]


def test_unknown_and_unsent_deliveries_are_listed_apart(papers):
    names = ("結果不明・応答未確認", "送信していないもの", "送信不要としたもの")
    tables = [rows_of(papers, f"06_未送信・結果不明の連携一覧_{name}.csv") for name in names]

    assert [[(row[2], row[6]) for row in rows] for rows in tables] == [[("2026/04/02", "結果不明")], [("2026/04/03", "送信待ち")], []]


def test_the_csv_is_the_one_that_the_portal_exports(client, april, accountant, papers):
    client.force_login(accountant)

    exported = client.get("/deliveries/export/download/?first=2026-04-01&last=2026-04-30&store=&dialect=desktop")

    assert b"".join(exported.streaming_content).decode("cp932") == papers["08_弥生インポート形式/yayoi-1000-20260401-20260403-desktop.csv"]


def test_a_day_report_is_read_without_the_portal(papers):
    page = papers["09_日計/0001_渋谷店/2026-04-01_日計.html"]

    parts = ["精算No.", "総売上（税込）", "売上外", "支払方法別", "赤伝票", "<h3>入出金", "想定レジ金額", "現金差異", "弥生に送る仕訳"]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    assert ("src=" in page, "http" in page, "<link" in page, "閉局したあとに" in page) == (False, False, False, True)


def test_one_store_alone_says_that_it_is_not_the_company(april, kichijoji, shop, accountant):
    Register.objects.create(store=kichijoji, number=1)
    shop.close(kichijoji)

    files = opened(bytes_of(accountant, store=kichijoji, dialect=Dialect.ONLINE))

    assert "会社の全店舗ではありません。" in files["00_表紙.html"]
    assert not [text for text in files.values() if "渋谷店" in text]
    assert "08_弥生インポート形式/yayoi-1000-0002-20260401-online.csv" in files


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


def test_every_paper_opens_in_a_browser_that_is_offline(page, april, accountant, tmp_path):
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).scheme))
    with zipfile.ZipFile(io.BytesIO(bytes_of(accountant))) as archive:
        archive.extractall(tmp_path)
    papers = sorted(tmp_path.rglob("*.html"))

    headings = [page.goto(paper.as_uri()) and page.get_by_role("heading").first.inner_text() for paper in papers]

    assert (headings[0], headings[-1], set(asked), len(asked)) == (
        "税理士向け月次資料 2026年4月",
        "渋谷店 2026年4月3日(金)",
        {"file"},
        len(papers),
    )
