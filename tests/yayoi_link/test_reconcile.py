from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closing.models import BusinessDay
from closing.month_locks import lock_month
from closing.signals import Wish
from closing.trading_day import close_again
from stores.models import AuditEntry, Register, Store
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link import rulings
from yayoi_link.importfile import Dialect, import_rows
from yayoi_link.models import Delivery

MAY = date(2026, 5, 1)
FOREIGN = "2000,7,,R.08/04/30,水道光熱費,,,課対仕入込10%適格,5500,500,普通預金,,,対象外,5500,0,4月分電気代,,,0,,,0,0,no\r\n".encode("cp932")


@pytest.fixture
def accountants(client, accountant):
    return sign_in(client, accountant)


@pytest.fixture
def delivered(delivery):
    return fates.deliver_it(delivery)


def rows_at_yayoi(*deliveries):
    """The rows of deliveries as Yayoi exports them: without our memo."""
    entries = [entry for delivery in deliveries for entry in delivery.entries]
    lines = b"".join(import_rows(entries, Dialect.DESKTOP).rows).decode("cp932").splitlines(keepends=True)
    return "".join(",".join([*line.split(",")[:21], "", *line.split(",")[22:]]) for line in lines).encode("cp932")


def upload(browser, content, **fields):
    file = SimpleUploadedFile("仕訳日記帳.txt", content)
    return browser.post("/reconcile/", {"file": file, "first": "", "last": "", "store": "", **fields})


def found_by(browser, content, **fields):
    """(count of each word, page) of an upload."""
    page = upload(browser, content, **fields).content.decode()
    words = {word: page.count(f"</svg>{word}</span>") for word in ("不足", "重複", "金額違い", "税額違い")}
    return {word: count for word, count in words.items() if count}, page


def test_what_was_sent_and_stands_in_the_books_agrees(accountants, delivered):
    problems, page = found_by(accountants, rows_at_yayoi(delivered) + FOREIGN)

    assert (problems, "一致 1" in page, "うち1行は" in page) == ({}, True, True)


def test_what_is_not_in_the_books_is_missing(accountants, delivered):
    problems, page = found_by(accountants, FOREIGN, first="2026-04-01")

    assert (problems, "現金売上10% 渋谷店 #0001-260401-1" in page, "未確定の取引" in page) == ({"不足": 1}, True, True)


def test_what_is_there_twice_is_double(accountants, delivered):
    problems, page = found_by(accountants, rows_at_yayoi(delivered, delivered))

    assert (problems, "ファイルの2行目" in page, "弥生でこの行を削除してください。" in page) == ({"重複": 1}, True, True)
    assert page.count("課税売上込10%") == 1


def test_another_amount_is_shown_beside_the_one_sent(accountants, delivered):
    problems, page = found_by(accountants, rows_at_yayoi(delivered).replace(b"1100", b"1200"))

    assert (problems, "¥1,100" in page, "¥1,200" in page) == ({"金額違い": 1}, True, True)


def test_another_tax_is_told_from_another_amount(accountants, delivered):
    content = rows_at_yayoi(delivered).decode("cp932").replace("課税売上込10%", "課税売上込軽減8%").encode("cp932")

    problems, page = found_by(accountants, content)

    assert (problems, "課税売上込軽減8%" in page) == ({"税額違い": 1}, True)


def test_days_outside_the_period_of_the_file_are_not_missed(accountants, shop, linked, delivered):
    fates.deliver_it(shop.close(linked, NEXT_DAY))

    assert found_by(accountants, rows_at_yayoi(delivered))[0] == {}


def test_the_books_settle_what_nobody_was_sure_of(accountants, delivery):
    unknown = fates.meet(delivery, fates.CUT)

    there, gone = (found_by(accountants, content, first="2026-04-01")[1] for content in (rows_at_yayoi(unknown), FOREIGN))

    assert ("全1行が弥生にあります" in there, "弥生に1行もありません" in gone) == (True, True)
    assert f"/deliveries/{unknown.pk}/" in there


def test_days_not_sent_yet_are_listed(accountants, delivery):
    problems, page = found_by(accountants, FOREIGN, first="2026-04-01")

    assert (problems, "まだ弥生に送っていない営業日" in page, f"/deliveries/{delivery.pk}/" in page) == ({}, True, True)


@pytest.mark.usefixtures("register")
def test_what_was_imported_by_hand_is_recognised(accountants, shop, shibuya):
    held = shop.close(shibuya)
    content = accountants.get("/days/0001/2026-04-01/export/").getvalue()

    problems, page = found_by(accountants, content)

    assert (problems, "手で取り込んだ行なら" in page, f"/deliveries/{held.pk}/" in page) == ({}, True, True)


def test_a_delivery_whose_rows_nobody_remembers_is_looked_at_by_eye(accountants, delivered):
    Delivery.objects.filter(pk=delivered.pk).update(state="unknown", body=None, gate_at=None)

    assert "送った内容がこの管理画面に残っていない" in found_by(accountants, FOREIGN, first="2026-04-01")[1]


@pytest.fixture
def corrected_after_the_lock(shop, linked, delivered):
    """A difference to April that was decided after April had been locked: its row is dated in May."""
    shop.sell(linked, DAY, "late", 550)
    held = shop.close_again(delivered)
    lock_month(shop.company, DAY, by=shop.by, today=MAY + timedelta(days=30))
    return fates.deliver_it(rulings.send_difference(fates.reread(held), by=shop.by))


def test_rows_of_a_locked_month_that_are_dated_later_are_looked_for_there(accountants, delivered, corrected_after_the_lock):
    april, may = rows_at_yayoi(delivered), rows_at_yayoi(corrected_after_the_lock)

    found = [found_by(accountants, content)[0] for content in (april, may, april + may)]

    assert found == [{}, {}, {}]


def test_such_rows_are_missed_in_their_own_month_only(accountants, delivered, corrected_after_the_lock):
    april = rows_at_yayoi(delivered)

    found = [found_by(accountants, april, first=first, last=last)[0] for first, last in ((DAY, DAY), (MAY, MAY))]

    assert found == [{}, {"不足": 1}]


def test_such_rows_are_not_foreign_to_their_day(accountants, delivered, corrected_after_the_lock):
    both = rows_at_yayoi(delivered, corrected_after_the_lock)

    assert found_by(accountants, both, first=DAY, last=DAY)[0] == {}


def test_another_date_is_told_from_the_one_it_was_sent_under(accountants, delivered, corrected_after_the_lock):
    april, may = rows_at_yayoi(delivered), rows_at_yayoi(corrected_after_the_lock)
    moved = may.replace(b"2026/05/01", b"2026/04/30")

    pages = [found_by(accountants, april + rows, first=DAY, last=MAY)[1] for rows in (may, moved)]

    assert ["送った日付（2026年5月1日(金)）と違います" in page for page in pages] == [False, True]


def test_a_difference_in_the_books_stands_beside_what_it_corrects(accountants, shop, linked, delivered):
    shop.sell(linked, DAY, "2", 2200)
    day = BusinessDay.objects.get(pk=delivered.day_id)
    more = fates.deliver_it(close_again(day, seen_revision=1, by=shop.by, wish=Wish.DIFFERENCE).deliveries.get())

    problems, page = found_by(accountants, rows_at_yayoi(delivered, more))

    assert (problems, "一致 2" in page) == ({}, True)


def test_bad_lines_are_named_and_the_rest_is_compared(accountants, delivered):
    problems, page = found_by(accountants, b"1,2,3\r\n" + rows_at_yayoi(delivered))

    assert (problems, "1行目: 項目の数が25または27ではありません（3）。" in page, "一致 1" in page) == ({}, True, True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "field-error"),
        (b"\r\n", "ファイルに仕訳がありません。"),
        (b"PK\x03\x04\0", "CSVファイルではありません。"),
        (b"\xff\xfe2\x000\x00", "CSVファイルではありません。"),
    ],
)
def test_a_file_of_another_kind_is_told_as_such(accountants, content, said):
    response = upload(accountants, content)

    assert (response.status_code, said in response.content.decode()) == (200, True)


def test_a_file_that_is_too_large_is_refused(accountants):
    page = upload(accountants, b"#" * (20 * 1024 * 1024 + 1)).content.decode()

    assert "ファイルは20 MBまでです。" in page


def test_nobody_is_told_of_the_file_but_that_it_was_compared(accountants, accountant, delivered):
    upload(accountants, rows_at_yayoi(delivered))

    entry = AuditEntry.objects.get(action="BOOKS_RECONCILED")
    assert (entry.actor, entry.subject, entry.changes) == (accountant, "2026-04-01 – 2026-04-01", {"行数": 1})


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["admin", "manager", "accountant"])
def test_managers_and_accountants_may_reconcile(client, request, person):
    assert sign_in(client, request.getfixturevalue(person)).get("/reconcile/").status_code == 200


def test_a_clerk_may_not(client, clerk):
    assert sign_in(client, clerk).get("/reconcile/").status_code == 403


@pytest.mark.usefixtures("rival_store")
def test_another_companys_rows_are_nobodys(client, rival_admin, delivered):
    problems, page = found_by(sign_in(client, rival_admin), rows_at_yayoi(delivered))

    assert (problems, "渋谷店" in page, "うち1行は" in page) == ({}, False, True)


def test_a_manager_sees_assigned_stores_only(client, manager, admin, company, shop):
    far = Store.objects.create(company=company, code="0009", name="鎌倉店")
    Register.objects.create(store=far, number=1)
    shop.link(far, "https://smart-import.example/link/far")
    content = rows_at_yayoi(fates.deliver_it(shop.close(far)))

    seen = ["鎌倉店" in found_by(sign_in(client, person), content)[1] for person in (manager, admin)]

    assert seen == [False, True]


def test_three_days_cost_no_more_queries_than_one(accountants, shop, linked, delivered):
    def queries(content):
        with CaptureQueriesContext(connection) as captured:
            assert upload(accountants, content).status_code == 200
        return len(captured)

    for_one = queries(rows_at_yayoi(delivered))
    others = [fates.deliver_it(shop.close(linked, DAY + timedelta(days=later))) for later in (1, 2)]
    assert queries(rows_at_yayoi(delivered, *others)) == for_one
