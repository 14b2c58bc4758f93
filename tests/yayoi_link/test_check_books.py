"""check_books on books that add up, and on books that somebody changed behind the portal's back."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from closing import mismatch_words
from closing.mismatch import Subject
from closing.models import CashMovement, CashReason, Closing
from closing.signals import Wish
from closing.trading_day import close_day, open_day, record_movement
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link import rulings
from yayoi_link.account_choices import Choice
from yayoi_link.company_accounts import AccountSettings, save_settings
from yayoi_link.management.commands import check_books
from yayoi_link.models import Delivery
from yayoi_link.proving import days_to_prove, flaws_of_books

HERE = "1000 0001 渋谷店 2026-04-01"
# SQL that no portal would run, and what it then says.
CHANGES = {
    "a slip's number": ("closing_slip SET number = '7'", "伝票7 の内容が、登録されたときと違います"),
    "a slip's time": ("closing_slip SET issued_at = '2026-04-01 00:00:00+00:00'", "伝票1 の内容が、登録されたときと違います"),
    "who sold": ("closing_slip SET staff_code = '77'", "伝票1 の内容が、登録されたときと違います"),
    "the guests": ("closing_slip SET guests = 5", "伝票1 の内容が、登録されたときと違います"),
    "a slip's total": ("closing_slip SET total = total + 1", "伝票1 の税区分・支払・内訳の合計が一致しません"),
    "cash of a slip": ("closing_slip SET cash_sales = cash_sales + 1", "伝票1 の現金の額が、支払と一致しません"),
    "cash of a drawer": ("closing_slip SET cash_sales = cash_sales + 1", "レジ別の現金の動きが一致しません"),
    "a discount": ("closing_slip SET discount = 5", "伝票の件数と値引が一致しません"),
    "a digest": ("closing_slip SET digest_low = digest_low + 1", "閉局したときの伝票と、いまの伝票が違います"),
    "the order of entries": ("closing_slip SET entry = 99", "入力順の番号が、営業日の入力数を超えています"),
    "a taxed amount": ("closing_sliptax SET amount = amount + 1", "伝票1 の税区分・支払・内訳の合計が一致しません"),
    "the tax in it": ("closing_sliptax SET tax = tax + 1", "税区分別の合計が一致しません"),
    "a tax category": ("closing_sliptax SET category = 'REDUCED_8'", "伝票1 の内容が、登録されたときと違います"),
    "a tax category that is none": ("closing_sliptax SET category = '?'", "伝票1 の税区分・支払・内訳の合計が一致しません"),
    "a payment": ("closing_slippayment SET amount = amount + 1", "支払方法別の件数と金額が一致しません"),
    "what was tendered": ("closing_slippayment SET tendered = 2000", "伝票1 の内容が、登録されたときと違います"),
    "the change given": ("closing_slippayment SET change = 900", "伝票1 の内容が、登録されたときと違います"),
    "an overage": ("closing_slippayment SET overage = 1", "金券等差額が一致しません"),
    "a split": ("closing_slipsplit SET amount = amount + 1", "支払方法と税区分の内訳が一致しません"),
    "the tax of a split": ("closing_slipsplit SET tax = tax - 1", "伝票1 の税区分・支払・内訳の合計が一致しません"),
    "the day of a split": ("closing_slipsplit SET date = '2026-04-02'", "別の店舗・営業日・入力順になっています"),
    "the entry of a split": ("closing_slipsplit SET entry = 9", "別の店舗・営業日・入力順になっています"),
    "what a split means": ("closing_slipsplit SET nature = 'RETURN'", "別の店舗・営業日・入力順になっています"),
    "the day's slip count": ("closing_businessday SET slip_count = 7", "営業日の伝票数が一致しません（記録 7、計算 1）"),
    "the day's sales": ("closing_businessday SET sales_total = 7", "営業日の売上が一致しません（記録 7、計算 1,100）"),
    "the day's revision": ("closing_businessday SET revision = 2", "営業日の回数が一致しません（記録 1 2、計算 1）"),
    "what the closing saw": ("closing_businessday SET closed_entries = 0", "最後の閉局までの入力数が一致しません"),
    "the closing's entries": ("closing_closing SET entries = 0", "伝票数が一致しません（記録 1、計算 0）"),
    "the closing's slips": ("closing_closing SET slip_count = 2", "伝票数が一致しません（記録 2、計算 1）"),
    "the closing's sales": ("closing_closing SET sales_total = 2", "総売上が一致しません（記録 2、計算 1,100）"),
    "the closing's cash": ("closing_closing SET expected_cash = 2", "想定レジ金額が一致しません（記録 2、計算 1,100）"),
    "the closing's count": ("closing_closing SET actual_cash = 3", "実際のレジ内現金が一致しません"),
    "what a day came to": ("closing_closing SET figures_frozen = '{\"lines\": 5}'", "日計または伝票に、読み取れない値があります"),
    "a category that is none": ("closing_slipsplit SET category = '?'", "日計または伝票に、読み取れない値があります"),
    "a line": ("closing_closingline SET tax = 99", "日計の明細が一致しません"),
    "a register": ("closing_closingregister SET expected_cash = 9", "日計のレジ別現金が一致しません"),
    "the day of a register": (
        "closing_closingregister SET date = '2026-04-02'",
        "レジ別現金の営業日が一致しません（記録 1: 2026-04-02、計算 1: ",
    ),
    "what was frozen to be sent": ("yayoi_link_delivery SET body_sha256 = 'x'", "送信内容が、凍結したときから変わっています"),
    "the rows sent": ("yayoi_link_delivery SET row_count = 9", "送信内容の見出し"),
    "that nothing was to be sent": (
        "yayoi_link_delivery SET is_empty = true",
        "「取引なし」として送信していませんが、送る取引があります（支払方法CASH 1,100円と0円",
    ),
    "which delivery counts": ("yayoi_link_delivery SET is_current = false", "最新の連携が、最後の閉局のものではありません"),
}
MOVEMENT_CHANGES = [
    "amount = 881",
    "reduced_amount = 5",
    "payee = '別の店'",
    "receipt_date = '2026-03-01'",
    "registration_no = 'T1'",
    "memo = 'x'",
]


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


@pytest.fixture
def movement(shop, linked, state_dir):
    """A day with one sale and one 出金, closed."""
    opened = open_day(linked, DAY, by=shop.by, today=DAY)
    shop.sell(linked, DAY, "1")
    reason = CashReason.objects.create(
        company=shop.company, code="0003", name="消耗品", for_paid_out=True, is_expense=True, account="消耗品費"
    )
    paid = CashMovement(register=linked.registers.get(), direction="PAID_OUT", reason=reason, amount=880, payee="文具店", receipt_date=DAY)
    movement = record_movement(opened, paid, by=shop.by)
    close_day(opened, counts=None, by=shop.by)
    return movement


@pytest.fixture
def taken_back(shop, linked, state_dir):
    """A day with one sale, of which slip 91 took all back, closed."""
    opened = open_day(linked, DAY, by=shop.by, today=DAY)
    shop.take_back(linked, shop.sell(linked, DAY, "1"))
    return close_day(opened, counts=None, by=shop.by)


@pytest.fixture
def difference(shop, delivery, linked):
    """The second revision of a day that is at Yayoi, as 差分 of 550 yen that waits for the worker."""
    fates.deliver_it(delivery)
    shop.sell(linked, DAY, "2", 550)
    return shop.close_again(delivery, wish=Wish.DIFFERENCE)


def rewrite(delivery, old, new):
    Delivery.objects.filter(pk=delivery.pk).update(body=bytes(delivery.body).replace(old, new))


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


@pytest.mark.parametrize("change", MOVEMENT_CHANGES)
def test_a_change_of_a_cash_movement_is_named(movement, unguarded, change):
    unguarded(f"closing_cashmovement SET {change}")

    assert f"{HERE} 1回目: 入出金が一致しません" in flaws()


def test_the_entries_of_a_day_are_numbered_once(movement, unguarded):
    unguarded("closing_cashmovement SET entry = 1")

    assert f"{HERE}: 同じ入力順の番号が二度使われています" in flaws()


def test_a_red_slip_that_takes_back_more_than_there_was_is_named(taken_back, unguarded):
    unguarded("closing_slip SET total = -1101 WHERE kind = 'REVERSAL'")

    assert f"{HERE}: 伝票1 の取消の超過が一致しません（記録 0円、計算 1円）" in flaws()


@pytest.mark.parametrize("change", ["reason = 'RETURN'", "original_reference = '0001-1-20260401-8'", "total = -1099"])
def test_a_change_of_a_red_slip_is_named(taken_back, unguarded, change):
    unguarded(f"closing_slip SET {change} WHERE number = '91'")

    assert f"{HERE}: 伝票91 " in flaws()


def test_a_red_slip_that_points_at_another_slip_is_named(shop, taken_back, linked, unguarded):
    shop.sell(linked, DAY, "2")

    unguarded("closing_slip SET original_id = (SELECT id FROM closing_slip WHERE number = '2') WHERE number = '91'")

    assert f"{HERE}: 伝票91 が、別の元伝票を指しています" in flaws()


def test_every_slip_of_a_large_day_is_read(shop, delivery, linked, unguarded, monkeypatch):
    monkeypatch.setattr("closing.proving_slips.ENTRIES_AT_ONCE", 2)
    for number in range(2, 8):
        shop.sell(linked, DAY, str(number))

    unguarded("closing_slip SET guests = 3")

    assert [line.split()[4] for line in flaws().splitlines() if "登録されたときと" in line] == [f"伝票{number}" for number in range(1, 8)]


def test_a_posting_that_says_something_else_than_its_closing_is_named(delivery, unguarded):
    body = bytes(Delivery.objects.get().body).replace(b'"amount":1100', b'"amount":1101')
    Delivery.objects.update(body=body)

    differs = "支払方法CASH 1,100円と1,101円 / 税区分「10%対象」 1,100円と1,101円"
    assert f"{HERE} 1回目: 連携1（全件）: 仕訳が日計と一致しません（{differs}）" in flaws()


def test_there_are_words_for_everything_that_is_added_up():
    assert set(mismatch_words.SUBJECTS) == set(Subject)


def test_a_posting_of_another_date_is_named(delivery):
    body = bytes(Delivery.objects.get().body).replace(b'"date":"2026-04-01"', b'"date":"2026-04-02"')
    Delivery.objects.update(body=body)

    assert f"{HERE} 1回目: 連携1（全件）: 仕訳の日付が、営業日と違います" in flaws()


def test_a_day_that_comes_to_nothing_has_nothing_to_send(taken_back, unguarded):
    before = check()
    frozen = Closing.objects.get().figures_frozen
    frozen["lines"][0]["amount"] += 1

    Closing.objects.update(figures_frozen=frozen)

    assert before == "1日分の帳簿は、すべて一致しています。\n"
    assert "「取引なし」として送信していませんが、送る取引があります" in flaws()


def test_a_day_of_which_its_company_sends_nothing_has_nothing_to_send(shop, linked, unguarded, state_dir):
    unsent = AccountSettings({"money/CASH": Choice("現金", is_sent=False)})
    save_settings(shop.company, unsent, applies_from=DAY, by=shop.by)
    shop.close(linked)
    before = check()

    unguarded("yayoi_link_delivery SET left_out = '[]'")

    assert (before, Delivery.objects.get().is_empty) == ("1日分の帳簿は、すべて一致しています。\n", True)
    assert "「取引なし」として送信していませんが、送る取引があります" in flaws()


def test_a_difference_that_came_to_nothing_says_what_the_books_have(shop, delivery, linked, unguarded):
    fates.deliver_it(delivery)
    shop.close_again(delivery, wish=Wish.DIFFERENCE)
    before = check()

    unguarded("yayoi_link_delivery SET is_empty = true WHERE mode = 'full'")

    assert (before, Delivery.objects.get(mode=Delivery.Mode.DIFFERENCE).is_empty) == ("1日分の帳簿は、すべて一致しています。\n", True)
    assert "連携1（全件）: 「取引なし」として送信していませんが、送る取引があります" in flaws()


def test_a_difference_comes_to_the_new_revision_with_what_was_there_before(difference):
    assert check() == "1日分の帳簿は、すべて一致しています。\n"


def test_the_rest_of_a_posting_that_arrived_in_part_comes_to_its_revision(shop, unknown_of_two_rows):
    rest = rulings.settle_in_part(unknown_of_two_rows, found_keys=["sales/CASH/STANDARD_10"], reason="カードの行がない", by=shop.by)
    before = check()
    rewrite(rest, b'"amount":2200', b'"amount":2201')

    assert before == "1日分の帳簿は、すべて一致しています。\n"
    assert f"{HERE} 1回目: 連携1（差分）: 仕訳が日計と一致しません（支払方法VISA 2,200円と2,201円" in flaws()


def test_a_difference_that_does_not_come_to_the_new_revision_is_named(difference):
    rewrite(difference, b'"amount":550', b'"amount":551')

    assert f"{HERE} 2回目: 連携1（差分）: 仕訳が日計と一致しません" in flaws()


def test_a_difference_that_nobody_sent_proves_nothing(shop, difference, linked):
    shop.sell(linked, DAY, "3")
    shop.close_again(difference, seen_revision=2, wish=Wish.DIFFERENCE)

    rewrite(difference, b'"amount":550', b'"amount":551')

    assert "仕訳が日計と" not in flaws()


def test_a_posting_that_nobody_can_read_is_named(delivery):
    Delivery.objects.update(body=b"{}")

    assert f"{HERE} 1回目: 連携1（全件）: 送信内容または日計を読み取れません" in flaws()


def test_a_closing_without_a_delivery_is_named(delivery):
    Delivery.objects.all().delete()

    assert flaws() == f"{HERE} 1回目: 連携がありません\n"


def test_a_day_that_is_traded_on_meanwhile_is_read_again(shop, delivery, linked):
    shop.close(linked, NEXT_DAY)
    proved = flaws_of_books(days_to_prove())
    next(proved)

    shop.sell(linked, NEXT_DAY, "2")

    assert [found for _day, found in proved] == [[], []]


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


def test_the_way_is_told_by_days_and_slips(shop, delivery, linked, monkeypatch):
    monkeypatch.setattr(check_books, "SLIPS_BETWEEN_REPORTS", 2)
    shop.sell(linked, DAY, "2")
    shop.close(linked, NEXT_DAY)
    told = StringIO()

    call_command("check_books", stdout=StringIO(), stderr=told)

    assert told.getvalue() == "2日のうち 1日（伝票 2件）を確かめました。\n"
