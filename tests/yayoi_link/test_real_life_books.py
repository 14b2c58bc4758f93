"""What the way a company keeps its books makes of its days, from the slips to what is sent and to the cells of the CSV."""

import csv
from dataclasses import replace

import pytest

from closing.categories import ReversalReason, SlipKind, TaxCategory
from closing.intake import book_slips
from closing.models import BusinessDay
from closing.signals import Wish
from closing.slip_content import OriginalSlip, PaymentPart, TaxPart
from closing.trading_day import close_day, open_day
from tests.closing.conftest import sale
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY
from yayoi_link.account_choices import DEFAULTS, Choice, sales_line
from yayoi_link.accounts import TaxAccounting
from yayoi_link.company_accounts import AccountSettings, save_settings
from yayoi_link.day_contents import contents_of_days
from yayoi_link.exporting import export_delivery
from yayoi_link.importfile import Column, Dialect
from yayoi_link.models import Delivery
from yayoi_link.proving import flaws_of_deliveries
from yayoi_link.states import State
from yayoi_link.views.deliveries import sheet_of

TEN, EIGHT = TaxCategory.STANDARD_10, TaxCategory.REDUCED_8


@pytest.fixture
def keep_books(shop, company):
    """Return a function that says how the company keeps its books, or what a store has otherwise."""

    def save(choices=None, *, store=None, **settings):
        save_settings(company, AccountSettings(choices or {}, **settings), store=store, applies_from=DAY, by=shop.by)

    return save


@pytest.fixture
def sell(shop, linked, state_dir):
    """Return a function that books a sale for cash, of (category, amount, tax), on the day of 渋谷店."""

    def book(number, *parts, **changes):
        open_day(linked, DAY, by=shop.by, today=DAY)
        taxes = tuple(TaxPart(*part) for part in parts)
        payments = (PaymentPart("CASH", sum(part.amount for part in taxes)),)
        book_slips(linked, [sale(number, taxes=taxes, payments=payments, **changes)], by=shop.by, today=DAY)

    return book


@pytest.fixture
def take_back(sell, linked):
    """Return a function that takes a sale back, all of it."""

    def book(number, *parts, reason=ReversalReason.RETURN):
        original = OriginalSlip(linked.code, 1, DAY, number)
        negative = [(category, -amount, -tax) for category, amount, tax in parts]
        sell(f"9{number}", *negative, kind=SlipKind.REVERSAL, reason=reason, original=original)

    return book


@pytest.fixture
def close(shop, linked):
    """Return a function that closes the day and lets its delivery arrive; later ones it only makes, as wished."""

    def close_or_close_again(wish=None):
        day = BusinessDay.objects.get(store=linked, date=DAY)
        if wish is None:
            return fates.deliver_it(close_day(day, counts=None, by=shop.by).deliveries.get())
        return shop.close_again(day.deliveries.latest("pk"), seen_revision=day.revision, wish=wish)

    return close_or_close_again


def posted(delivery):
    """What is sent, by key: (account, 税区分) of the sales side, amount and tax."""
    entries = Delivery.objects.get(pk=delivery.pk).entries
    return {entry.key: (entry.counter.account, entry.counter.tax_category, entry.amount, entry.tax_amount) for entry in entries}


def cells(delivery):
    """What the CSV says, row by row: (税区分, amount, tax) of the debit and of the credit."""
    [part] = export_delivery(fates.reread(delivery), Dialect.DESKTOP).parts
    debit = (Column.DEBIT_TAX_CATEGORY, Column.DEBIT_AMOUNT, Column.DEBIT_TAX)
    credit = (Column.CREDIT_TAX_CATEGORY, Column.CREDIT_AMOUNT, Column.CREDIT_TAX)
    rows = csv.reader(part.content.decode("cp932").splitlines())
    return [(tuple(row[column] for column in debit), tuple(row[column] for column in credit)) for row in rows]


def flaws(delivery):
    return list(flaws_of_deliveries(delivery.day))


def test_a_difference_keeps_the_accounts_of_the_first_posting_after_the_mapping_has_changed(keep_books, sell, close):
    sell("1", (TEN, 1100, 100))
    close()
    keep_books({sales_line(TEN): Choice("店頭売上高", "渋谷")})
    sell("2", (TEN, 550, 50))

    newer = close(Wish.DIFFERENCE)

    assert posted(newer) == {"sales/CASH/STANDARD_10": ("売上高", "課税売上込10%", 550, 0)}
    assert flaws(newer) == []


@pytest.mark.parametrize("wish", [Wish.DIFFERENCE, Wish.NOTHING, Wish.SEND])
def test_the_file_of_a_day_keeps_the_accounts_under_which_it_was_sent(keep_books, sell, close, linked, wish):
    sell("1", (TEN, 1100, 100))
    close()
    keep_books({sales_line(TEN): Choice("店頭売上高", "渋谷"), sales_line(EIGHT): Choice("店頭売上高", "軽減")})
    sell("2", (TEN, 550, 50), (EIGHT, 108, 8))
    close(wish)

    [content] = contents_of_days([linked], first=DAY, last=DAY)

    assert {entry.key: (entry.counter.account, entry.amount) for entry in content.entries} == {
        "sales/CASH/STANDARD_10": ("売上高", 1650),
        "sales/CASH/REDUCED_8": ("店頭売上高", 108),
    }


def test_a_day_that_no_file_and_no_posting_told_yet_is_written_with_the_accounts_of_today(keep_books, sell, close, linked, shop):
    shop.switch_off(linked)
    sell("1", (TEN, 1100, 100))
    close_day(BusinessDay.objects.get(store=linked, date=DAY), counts=None, by=shop.by)
    keep_books({sales_line(TEN): Choice("店頭売上高", "渋谷")})
    close(Wish.SEND)

    [content] = contents_of_days([linked], first=DAY, last=DAY)

    assert [entry.counter.account for entry in content.entries] == ["店頭売上高"]


def test_everything_sent_anew_takes_the_accounts_of_today(keep_books, sell, close):
    sell("1", (TEN, 1100, 100))
    close()
    keep_books({sales_line(TEN): Choice("店頭売上高", "渋谷")})
    sell("2", (TEN, 550, 50))

    newer = close(Wish.EVERYTHING)

    assert posted(newer) == {"sales/CASH/STANDARD_10": ("店頭売上高", "課税売上込10%", 1650, 0)}
    assert flaws(newer) == []


def test_net_of_tax_a_day_carries_the_sum_of_its_receipts_and_not_the_tax_of_its_total(keep_books, sell, take_back, close):
    """Three times 105 yen hold 9 yen of tax each, 27 together; in 315 yen there are 28."""
    keep_books(tax_accounting=TaxAccounting.EXCLUSIVE)
    for number in "123":
        sell(number, (TEN, 105, 9))
    take_back("3", (TEN, 105, 9))

    sent = close()

    assert posted(sent) == {
        "returns/CASH/STANDARD_10": ("売上高", "課税売返内10%", 105, 9),
        "sales/CASH/STANDARD_10": ("売上高", "課税売上内10%", 315, 27),
    }
    assert cells(sent) == [
        (("課税売返内10%", "105", "9"), ("対象外", "105", "0")),
        (("対象外", "315", "0"), ("課税売上内10%", "315", "27")),
    ]
    assert flaws(sent) == []


def test_tax_included_the_same_day_carries_no_tax(sell, close):
    sell("1", (TEN, 105, 9))

    sent = close()

    assert cells(sent) == [(("対象外", "105", "0"), ("課税売上込10%", "105", "0"))]


def test_who_pays_no_consumption_tax_posts_and_exports_all_of_it_out_of_scope(keep_books, sell, take_back, close):
    keep_books({sales_line(TEN): replace(DEFAULTS[sales_line(TEN)], tax_category="課税売上外10%")}, tax_accounting=TaxAccounting.NONE)
    sell("1", (TEN, 1100, 100), (EIGHT, 1080, 80))
    take_back("1", (EIGHT, 1080, 80))

    sent = close()

    assert cells(sent) == [
        (("対象外", "1080", "0"), ("対象外", "1080", "0")),
        (("対象外", "1080", "0"), ("対象外", "1080", "0")),
        (("対象外", "1100", "0"), ("対象外", "1100", "0")),
    ]
    assert flaws(sent) == []


def of_business(category, business_type):
    return {sales_line(category): replace(DEFAULTS[sales_line(category)], business_type=business_type)}


def test_simplified_taxation_tells_eating_in_from_taking_out_in_one_store(keep_books, linked, sell, take_back, close):
    """The company sells goods (第二種); in this store what is at 10 % is eaten in (第四種)."""
    keep_books(of_business(TEN, "二") | of_business(EIGHT, "二"), is_simplified=True)
    keep_books(of_business(TEN, "四"), store=linked, is_simplified=True)
    sell("1", (TEN, 1100, 100), (EIGHT, 1080, 80))
    take_back("1", (EIGHT, 108, 8))

    sent = close()

    assert {key: tax_category for key, (_, tax_category, _, _) in posted(sent).items()} == {
        "returns/CASH/REDUCED_8": "課税売返込二軽減8%",
        "sales/CASH/REDUCED_8": "課税売上込二軽減8%",
        "sales/CASH/STANDARD_10": "課税売上込四10%",
    }


@pytest.fixture
def tax_alone_changed(sell, take_back, close):
    """A receipt of 1,000 yen over 90 yen of tax is taken back as a mistake, after its day was sent, and keyed again over 91."""
    sell("1", (TEN, 1000, 90))
    close()
    take_back("1", (TEN, 1000, 90), reason=ReversalReason.MISTAKE)
    sell("2", (TEN, 1000, 91))


def test_net_of_tax_a_revision_that_changes_tax_alone_reverses_the_line_and_posts_it_anew(keep_books, request, close):
    keep_books(tax_accounting=TaxAccounting.EXCLUSIVE)
    request.getfixturevalue("tax_alone_changed")

    newer = close(Wish.DIFFERENCE)

    assert posted(newer) == {
        "sales/CASH/STANDARD_10": ("売上高", "課税売上内10%", 1000, 91),
        "sales/CASH/STANDARD_10/reversal": ("売上高", "課税売上内10%", 1000, 90),
    }
    assert cells(newer) == [
        (("対象外", "1000", "0"), ("課税売上内10%", "1000", "91")),
        (("課税売上内10%", "1000", "90"), ("対象外", "1000", "0")),
    ]
    sheet = sheet_of(fates.reread(newer))
    assert (sheet.adds_up, sheet.sales, sheet.tax) == (True, 1000, 91)
    assert flaws(newer) == []


def test_tax_included_a_revision_that_changes_tax_alone_sends_nothing(tax_alone_changed, close):
    newer = close(Wish.DIFFERENCE)

    assert (newer.state, newer.is_empty) == (State.WAIVED, True)


def test_a_category_that_is_not_sent_is_left_out_and_the_books_still_add_up(keep_books, sell, close):
    keep_books({sales_line(EIGHT): Choice("売上高", is_sent=False)})
    sell("1", (TEN, 1100, 100), (EIGHT, 540, 40))

    sent = close()

    assert posted(sent) == {"sales/CASH/STANDARD_10": ("売上高", "課税売上込10%", 1100, 0)}
    assert sent.left_out == [{"key": "sales/CASH/REDUCED_8", "phrase": "現金売上8%軽減", "amount": 540, "tax": 0}]
    assert flaws(sent) == []


def test_a_day_of_which_nothing_is_sent_says_so_before_and_after_its_close(keep_books, sell, linked, shop, at_till, clerk):
    keep_books({sales_line(TEN): Choice("売上高", is_sent=False)})
    sell("1", (TEN, 1100, 100))

    page = at_till(clerk).get("/register/2026-04-01/close/").content.decode()
    sent = close_day(BusinessDay.objects.get(store=linked, date=DAY), counts=None, by=shop.by).deliveries.get()

    assert [words in page for words in ("弥生への送信はありません。", "弥生には含まれません。", "現金売上10%")] == [True] * 3
    assert (sent.state, sent.is_empty) == (State.WAIVED, True)


def test_a_row_that_is_neither_sent_nor_left_out_by_choice_is_a_flaw(keep_books, sell, close):
    keep_books({sales_line(EIGHT): Choice("売上高", is_sent=False)})
    sell("1", (TEN, 1100, 100), (EIGHT, 540, 40))
    sent = close()
    Delivery.objects.filter(pk=sent.pk).update(left_out=[])

    [flaw] = flaws(sent)

    assert "税区分「8%対象（軽減）」 540円と0円" in flaw.what


def test_a_line_that_is_sent_no_more_is_taken_back_by_the_difference(keep_books, sell, close):
    sell("1", (TEN, 1100, 100), (EIGHT, 540, 40))
    close()
    keep_books({sales_line(EIGHT): Choice("売上高", per_store=True, is_sent=False)})

    newer = close(Wish.DIFFERENCE)

    assert posted(newer) == {"sales/CASH/REDUCED_8": ("売上高", "課税売上込軽減8%", 540, 0)}
    assert flaws(newer) == []
