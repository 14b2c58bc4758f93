"""check_books on books that add up, and on books that somebody changed behind the portal's back."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link.models import Delivery

HERE = "1000 0001 渋谷店 2026-04-01"
# SQL that no portal would run, and what it then says.
CHANGES = {
    "a slip's total": ("closing_slip SET total = total + 1", " 伝票1 の税区分・支払・内訳の合計が一致しません"),
    "a tax": ("closing_sliptax SET tax = tax + 1", "税区分別の合計が一致しません"),
    "a payment": ("closing_slippayment SET amount = amount + 1", "支払方法別の件数と金額が一致しません"),
    "a split": ("closing_slipsplit SET amount = amount + 1", "支払方法と税区分の内訳が一致しません"),
    "the day of a split": ("closing_slipsplit SET date = '2026-04-02'", "別の店舗・営業日・入力順になっています"),
    "a digest": ("closing_slip SET digest_low = digest_low + 1", "閉局したときの伝票と、いまの伝票が違います"),
    "cash of a slip": ("closing_slip SET cash_sales = cash_sales + 1", "レジ別の現金の動きが一致しません"),
    "a discount": ("closing_slip SET discount = 5", "伝票の件数と値引が一致しません"),
    "the day's slip count": ("closing_businessday SET slip_count = 7", "営業日の伝票数が一致しません（記録 7、計算 1）"),
    "the day's sales": ("closing_businessday SET sales_total = 7", "営業日の売上が一致しません（記録 7、計算 1,100）"),
    "the day's revision": ("closing_businessday SET revision = 2", "営業日の回数が一致しません（記録 1 2、計算 1）"),
    "what the closing saw": ("closing_businessday SET closed_entries = 0", "最後の閉局までの入力数が一致しません"),
    "the order of entries": ("closing_slip SET entry = 99", "入力順の番号が、営業日の入力数を超えています"),
    "the closing's slips": ("closing_closing SET slip_count = 2", "伝票数が一致しません（記録 2、計算 1）"),
    "the closing's sales": ("closing_closing SET sales_total = 2", "総売上が一致しません（記録 2、計算 1,100）"),
    "the closing's cash": ("closing_closing SET expected_cash = 2", "想定レジ金額が一致しません（記録 2、計算 1,100）"),
    "a line": ("closing_closingline SET tax = 99", "日計の明細が一致しません"),
    "a register": ("closing_closingregister SET expected_cash = 9", "日計のレジ別現金が一致しません"),
    "what was frozen to be sent": ("yayoi_link_delivery SET body_sha256 = 'x'", "送信内容が、凍結したときから変わっています"),
    "the rows sent": ("yayoi_link_delivery SET row_count = 9", "送信内容の見出し"),
}


@pytest.fixture
def unguarded(db):
    """Changes rows with SQL, the triggers that would refuse it dropped for this test."""
    with connection.cursor() as cursor:
        drop_triggers(cursor)
        yield lambda change: cursor.execute(f"UPDATE {change}")


def drop_triggers(cursor):
    if connection.vendor == "sqlite":
        for (name,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
        return
    cursor.execute("SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
    for name, table in cursor.fetchall():
        cursor.execute(f"DROP TRIGGER {name} ON {table}")


def check(**options):
    said = StringIO()
    call_command("check_books", stdout=said, stderr=StringIO(), **options)
    return said.getvalue()


def flaws(**options):
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("check_books", stdout=said, stderr=StringIO(), **options)
    return said.getvalue()


def test_books_that_nobody_touched_add_up(shop, delivery, linked):
    shop.close(linked, NEXT_DAY)
    shop.sell(linked, DAY, "2")
    shop.close_again(delivery)

    assert check() == "2日分の帳簿は、すべて一致しています。\n"


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_behind_the_portals_back_is_named(delivery, unguarded, change):
    sql, complaint = CHANGES[change]

    unguarded(sql)

    said = flaws()
    assert said.startswith(HERE)
    assert complaint in said


def test_a_posting_that_says_something_else_than_its_closing_is_named(delivery, unguarded):
    body = bytes(Delivery.objects.get().body).replace(b'"amount":1100', b'"amount":1101')
    Delivery.objects.update(body=body)

    assert f"{HERE} 1回目: 連携1（全件）: 仕訳が日計と一致しません" in flaws()


def test_a_posting_that_nobody_can_read_is_named(delivery):
    Delivery.objects.update(body=b"{}")

    assert f"{HERE} 1回目: 連携1（全件）: 送信内容を読み取れません" in flaws()


def test_a_closing_without_a_delivery_is_named(delivery):
    Delivery.objects.all().delete()

    assert flaws() == f"{HERE} 1回目: 連携がありません\n"


def test_each_revision_answers_for_itself(shop, delivery, linked, unguarded):
    shop.sell(linked, DAY, "2")
    shop.close_again(delivery)

    unguarded("closing_closing SET sales_total = 5 WHERE revision = 2")

    assert flaws() == f"{HERE} 2回目: 総売上が一致しません（記録 5、計算 2,200）\n"


def test_only_the_days_and_the_company_asked_for_are_checked(delivery, rival_company, unguarded):
    unguarded("closing_closing SET sales_total = 5")

    assert check(company="2000") == check(first=NEXT_DAY) == "0日分の帳簿は、すべて一致しています。\n"
    assert "総売上" in flaws(company="1000", first=DAY, last=DAY)


def test_an_unknown_company_is_refused(db):
    with pytest.raises(CommandError, match="企業コード「9」の企業がありません"):
        check(company="9")
