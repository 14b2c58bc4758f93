"""What a corrected 出金 posts once its day is at Yayoi: the old rows away, the right ones anew."""

import pytest

from closing.models import BusinessDay, CashMovement, CashReason
from closing.movement_corrections import cancel_movement, copy_of, correct_movement
from closing.signals import Wish
from closing.trading_day import close_day, open_day, record_movement
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY
from yayoi_link.models import Delivery
from yayoi_link.proving import flaws_of_deliveries


@pytest.fixture
def bought(shop, linked, company, state_dir):
    """880 yen for paper whose 登録番号 is 要確認, on a day that is at Yayoi."""
    reason = CashReason.objects.create(company=company, code="0003", name="消耗品", for_paid_out=True, is_expense=True, account="消耗品費")
    day = open_day(linked, DAY, by=shop.by, today=DAY)
    paper = CashMovement(register=linked.registers.get(number=1), direction="PAID_OUT", reason=reason, amount=880, payee="文具店")
    paper.receipt_date, paper.is_registration_unclear = DAY, True
    record_movement(day, paper, by=shop.by)
    fates.deliver_it(close_day(day, counts=None, by=shop.by).deliveries.get())
    return paper


def posted_again(shop, movement):
    """Close the day again with 差分, and return what is sent: side of the money, 税区分, amount, 摘要."""
    newer = shop.close_again(Delivery.objects.get(day=movement.day), wish=Wish.DIFFERENCE)
    assert list(flaws_of_deliveries(BusinessDay.objects.get(pk=movement.day_id))) == []
    entries = Delivery.objects.get(pk=newer.pk).entries
    return sorted((entry.money_on_debit, entry.counter.tax_category, entry.amount, entry.description) for entry in entries)


def test_a_number_found_later_reverses_the_row_without_it(shop, bought):
    right = copy_of(bought)
    right.registration_no, right.is_registration_unclear = "T6012345678901", False
    correct_movement(bought, right, reason="領収書を確認", by=shop.by)

    rows = posted_again(shop, bought)

    assert rows == [
        (False, "課対仕入込10%適格", 880, "出金 消耗品10% 訂正 文具店 26/04/01 渋谷店 #0001-260401-2"),
        (True, "課対仕入込10%区分80%", 880, "出金 消耗品10% 訂正 要確認 文具店 26/04/01 渋谷店 #0001-260401-2"),
    ]


def test_a_cancelled_payment_is_posted_back(shop, bought):
    cancel_movement(bought, reason="二重に入力", by=shop.by)

    assert [(is_income, amount) for is_income, _category, amount, _text in posted_again(shop, bought)] == [(True, 880)]


def test_the_report_says_that_only_a_difference_goes_to_yayoi(client, manager, shop, bought):
    cancel_movement(bought, reason="二重に入力", by=shop.by)
    shop.close_again(Delivery.objects.get(day=bought.day), wish=Wish.DIFFERENCE)
    sign_in(client, manager)

    pages = [client.get(f"/days/{bought.day.store.code}/{DAY}/", {"revision": revision}).content.decode() for revision in (1, 2)]

    assert ["弥生には差分だけを送ります" in page for page in pages] == [False, True]
