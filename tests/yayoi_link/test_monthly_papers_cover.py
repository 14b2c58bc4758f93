import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.db.models import F
from django.utils import timezone

from closing.models import BusinessDay, CashMovement, CashReason, KeptSlip, PaymentMethod, SlipTax
from closing.month_locks import lock_month
from closing.signals import Wish
from closing.trading_day import close_again, close_day, open_day, record_movement
from tests.yayoi_link import fates
from tests.yayoi_link.paper_month import AFTERWARDS, FIRST, FOLDER, MONTH, NOON, bytes_of, opened, rows_of
from yayoi_link import rulings
from yayoi_link.models import Delivery
from yayoi_link.monthly_papers.cover import sum_concerns
from yayoi_link.monthly_papers.month_sums import MonthSums

MAY = AFTERWARDS


def test_the_cover_says_aloud_what_is_unproven(papers):
    cover = papers["00_表紙.html"]

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


def test_the_cover_proves_that_all_sums_are_equal(papers):
    cover = papers["00_表紙.html"]

    # 2,200 and 1,080 sold, all brought back; a card of 1,080 was a mistake; 3,000 for the gift card; short 100.
    debit = 2200 + 1080 + 2200 + 1080 + 3000 + 100
    assert (cover.count("不一致"), "一致しない合計" in cover) == (0, False)
    assert f"借方の合計 ¥{debit:,}、貸方の合計 ¥{debit:,}" in cover


def test_the_cover_names_the_state_of_the_books_that_it_is_of(april, shop, accountant):
    def state():
        cover = opened(bytes_of(accountant))["00_表紙.html"]
        return re.search(r'<dd class="fingerprint">([0-9a-f]{64})</dd>', cover)[1], re.search(r"最後の閉局 ([\d/: ]+)）", cover)[1]

    before = state()
    later = replace(shop.by, at=shop.by.at + timedelta(days=9))
    close_again(BusinessDay.objects.get(date=FIRST), seen_revision=1, by=later, wish=Wish.SEND)
    after = state()

    assert before[0] != after[0]
    assert before[1] < after[1] == f"{timezone.localtime(later.at):%Y/%m/%d %H:%M:%S}"


def test_the_cover_warns_of_importing_what_was_sent(papers):
    assert "弥生に連携済みの営業日を取り込むと、二重に計上されます。" in papers["00_表紙.html"]


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


def test_a_row_that_a_posting_has_lost_is_noticed(april, accountant):
    first = Delivery.objects.get(day__date=MONTH)
    content = json.loads(bytes(first.body))
    content["transactions"].pop()
    Delivery.objects.filter(pk=first.pk).update(body=json.dumps(content, ensure_ascii=False).encode())

    assert "一致しない営業日が1日あります" in opened(bytes_of(accountant))["00_表紙.html"]


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

    assert [name for name in files if name.startswith("08")] == []
    assert "【重要】弥生インポート形式のCSVを作れませんでした。" in files["00_表紙.html"]
    assert "渋谷店 2026/04/01 「現金😀売上10%」に弥生で使えない文字「😀」があります。" in files["00_表紙.html"]


def test_what_is_written_in_other_characters_is_named(april, company, accountant):
    PaymentMethod.objects.filter(company=company, code="CASH").update(name="現金•店頭")
    april.name = "渋谷—本店"
    april.save()

    cover = opened(bytes_of(accountant))["00_表紙.html"]

    assert "「渋谷—本店」は弥生で使えない文字があるため「渋谷―本店」と書きました。" in cover


def test_a_slip_that_waits_in_hold_is_named(april, accountant):
    KeptSlip.objects.create(
        store=april, source="FILE", cause="INVALID", received={}, digest="x", content={"business_date": "2026-04-09"}, received_at=NOON
    )

    assert "【注意】判断待ちの保留の伝票が1件あります。" in opened(bytes_of(accountant))["00_表紙.html"]


@pytest.fixture
def dated_in_may(shop, linked, delivery):
    """What is missing of the 1st of April at Yayoi, decided on when April was locked already."""
    fates.deliver_it(delivery)
    shop.sell(linked, MONTH, "2", 550)
    held = shop.close_again(delivery)
    shop.close(linked, MAY)
    lock_month(shop.company, MONTH, by=shop.by, today=MAY)
    return rulings.send_difference(held, by=shop.by)


@pytest.mark.parametrize("month", [MONTH, MAY])
@pytest.mark.usefixtures("dated_in_may")
def test_a_difference_dated_in_another_month_is_named_in_the_papers_of_both(accountant, month):
    files = opened(bytes_of(accountant, month=month))

    listed = rows_of(files, "05_訂正一覧_別の月の日付の差分.csv")
    assert listed == [["0001", "渋谷店", "2026/04/01", "2026/05/01", "2", "送信待ち", "", "1", "550"]]
    assert "【注意】別の月の日付で弥生に送る差分が1件あります" in files["00_表紙.html"]


def test_the_cover_leads_to_files_that_are_there(page, april, accountant, tmp_path):
    with zipfile.ZipFile(io.BytesIO(bytes_of(accountant))) as archive:
        archive.extractall(tmp_path)
    page.goto((tmp_path / FOLDER / "00_表紙.html").as_uri())

    links = [unquote(urlsplit(link.get_property("href").json_value()).path) for link in page.query_selector_all("a")]

    assert links
    assert [link for link in links if not Path(link).exists()] == []
