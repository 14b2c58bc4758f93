import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing.categories import MovementDirection, Nature, PaymentKind, TaxCategory
from closing.figures import DayFigures, MovementLine, RegisterCash, SalesLine, VoucherOverage
from closing.mismatch import Subject, Sums
from tests.days import trading_days
from yayoi_link.accounts import Account, Mapping, ReasonAccount, TaxAccounting
from yayoi_link.descriptions import WIDTH, description
from yayoi_link.journal import JournalContext, JournalEntry, LeftOut, Missing, Side, journal, ordinary_parts
from yayoi_link.journal_proof import disagreements
from yayoi_link.writable import columns

DAY = date(2026, 4, 1)
SHIBUYA = JournalContext("1000", "0001", "渋谷店", DAY, 1)
REASONS = {
    "0001": ReasonAccount(Account("普通預金")),
    "0002": ReasonAccount(None, is_sent=False),
    "0003": ReasonAccount(Account("消耗品費", per_store=True), is_expense=True),
}
MAPPING = Mapping(reasons=REASONS)
NET_OF_TAX = Mapping(reasons=REASONS, tax_accounting=TaxAccounting.EXCLUSIVE)
TAX_FREE = Mapping(reasons=REASONS, tax_accounting=TaxAccounting.NONE)
CASH = Side("現金", department="渋谷店")
METHODS = {
    "CASH": ("現金", PaymentKind.CASH),
    "VISA": ("VISA", PaymentKind.CREDIT),
    "OWN": ("自社商品券", PaymentKind.OWN_VOUCHER),
    "GIFT": ("商品券", PaymentKind.OTHER_VOUCHER),
}


def sold(method, category, amount, tax=0, nature=Nature.SALE):
    return SalesLine(method, *METHODS[method], TaxCategory(category), nature, amount, tax)


def entries_of(*lines, mapping=MAPPING, context=SHIBUYA, **figures):
    return {entry.key: entry for entry in journal(DayFigures(lines=lines, **figures), context, mapping).entries}


def accounts_of(entry):
    return (entry.debit.account, entry.debit.tax_category, entry.credit.account, entry.credit.tax_category, entry.amount)


def test_a_cash_sale_is_cash_against_sales_of_the_store():
    [entry] = entries_of(sold("CASH", "STANDARD_10", 110000, 10000)).values()

    assert entry == JournalEntry(
        key="sales/CASH/STANDARD_10",
        date=DAY,
        debit=CASH,
        credit=Side("売上高", department="渋谷店", tax_category="課税売上込10%"),
        amount=110000,
        tax_amount=0,
        description="現金売上10% 渋谷店 #0001-260401-1",
        money_on_debit=True,
    )


@pytest.mark.parametrize(
    ("method", "category", "debit", "credit", "tax_category"),
    [
        ("VISA", "REDUCED_8", Side("売掛金", "VISA", "渋谷店"), "売上高", "課税売上込軽減8%"),
        ("GIFT", "EXEMPT", Side("売掛金", "商品券", "渋谷店"), "売上高", "非課売上"),
        ("OWN", "EXPORT", Side("前受金"), "売上高", "輸出売上"),
        ("CASH", "OUT_OF_SCOPE", CASH, "売上高", "対象外"),
        ("CASH", "NON_SALES_VOUCHER", CASH, "前受金", "対象外"),
        ("CASH", "NON_SALES_DEPOSIT", CASH, "前受金", "対象外"),
        ("CASH", "NON_SALES_CUSTODY", CASH, "預り金", "対象外"),
        ("CASH", "NON_SALES_ADVANCE", CASH, "立替金", "対象外"),
    ],
)
def test_each_kind_of_payment_and_category_has_its_accounts(method, category, debit, credit, tax_category):
    entry = entries_of(sold(method, category, 1000))[f"sales/{method}/{category}"]

    assert (entry.debit, entry.credit.account, entry.credit.tax_category) == (debit, credit, tax_category)


def test_mistakes_of_the_same_day_are_netted_with_the_sales():
    entries = entries_of(sold("CASH", "STANDARD_10", 1100, 100), sold("CASH", "STANDARD_10", -300, -27, Nature.MISTAKE))

    assert {key: entry.amount for key, entry in entries.items()} == {"sales/CASH/STANDARD_10": 800}


def test_a_day_of_more_mistakes_than_sales_swaps_the_sides():
    [entry] = entries_of(sold("CASH", "STANDARD_10", -300, -27, Nature.MISTAKE)).values()

    assert accounts_of(entry) == ("売上高", "課税売上込10%", "現金", "対象外", 300)


def test_what_nets_to_zero_is_left_out():
    assert entries_of(sold("CASH", "STANDARD_10", 300, 27), sold("CASH", "STANDARD_10", -300, -27, Nature.MISTAKE)) == {}


def test_returns_are_returns_and_earlier_mistakes_are_reversals():
    entries = entries_of(
        sold("CASH", "REDUCED_8", -108, -8, Nature.RETURN),
        sold("CASH", "EXEMPT", -500, 0, Nature.RETURN),
        sold("VISA", "STANDARD_10", -110, -10, Nature.EARLIER_MISTAKE),
    )

    assert {key: accounts_of(entry) for key, entry in entries.items()} == {
        "mistakes/VISA/STANDARD_10": ("売上高", "課税売上込10%", "売掛金", "対象外", 110),
        "returns/CASH/EXEMPT": ("売上高", "非課売返", "現金", "対象外", 500),
        "returns/CASH/REDUCED_8": ("売上高", "課税売返込軽減8%", "現金", "対象外", 108),
    }
    assert entries["returns/CASH/REDUCED_8"].is_reduced_rate


def test_what_a_voucher_exceeds_the_bill_by_is_other_income():
    entries = entries_of(overages=(VoucherOverage("GIFT", *METHODS["GIFT"], 20),))

    assert accounts_of(entries["overage/GIFT"]) == ("売掛金", "対象外", "雑収入", "対象外", 20)


def test_registers_over_and_short_are_posted_both():
    registers = (RegisterCash(1, actual_cash=100), RegisterCash(2, opening_float=90, actual_cash=0))

    entries = entries_of(registers=registers)

    assert {key: accounts_of(entry) for key, entry in entries.items()} == {
        "over": ("現金", "対象外", "現金過不足", "対象外", 100),
        "short": ("現金過不足", "対象外", "現金", "対象外", 90),
    }


def paid(direction, reason, amount, **rest):
    return MovementLine("m1", 1, direction, reason, "消耗品", amount, **rest)


@pytest.mark.parametrize(
    ("receipt_date", "registration_no", "suffix"),
    [
        (DAY, "T1234567890123", "適格"),
        (date(2026, 9, 30), "", "区分80%"),
        (date(2026, 10, 1), "", "区分70%"),
        (date(2028, 10, 1), "", "区分50%"),
        (date(2030, 10, 1), "", "区分30%"),
        (date(2031, 10, 1), "", ""),
        (None, "", "区分80%"),
    ],
)
def test_an_expense_is_posted_per_rate_by_its_receipt(receipt_date, registration_no, suffix):
    movement = paid(
        MovementDirection.PAID_OUT, "0003", 1000, reduced_amount=400, receipt_date=receipt_date, registration_no=registration_no
    )

    entries = entries_of(movements=(movement,))

    assert {key: accounts_of(entry) for key, entry in entries.items()} == {
        "paid_out/m1/REDUCED_8": ("消耗品費", f"課対仕入込軽減8%{suffix}", "現金", "対象外", 400),
        "paid_out/m1/STANDARD_10": ("消耗品費", f"課対仕入込10%{suffix}", "現金", "対象外", 600),
    }


def test_a_receipt_with_a_date_from_before_the_present_rates_stops_nothing():
    movement = paid(MovementDirection.PAID_OUT, "0003", 1100, receipt_date=date(2009, 4, 1))

    [entry] = entries_of(movements=(movement,), mapping=NET_OF_TAX).values()

    assert (entry.amount, entry.tax_amount) == (1100, 100)


def test_an_expense_names_payee_receipt_date_and_content():
    movement = paid(MovementDirection.PAID_OUT, "0003", 1000, payee="文具店", receipt_date=DAY, memo="ペン")

    [entry] = entries_of(movements=(movement,)).values()

    assert entry.description == "出金 消耗品10% 文具店 26/04/01 ペン 渋谷店 #0001-260401-1"


def test_cash_in_and_out_that_is_no_expense_is_one_line_out_of_scope():
    paid_in = entries_of(movements=(paid(MovementDirection.PAID_IN, "0001", 5000),))
    paid_out = entries_of(movements=(paid(MovementDirection.PAID_OUT, "0001", 5000),))

    assert accounts_of(paid_in["paid_in/m1"]) == ("現金", "対象外", "普通預金", "対象外", 5000)
    assert accounts_of(paid_out["paid_out/m1/OUT_OF_SCOPE"]) == ("普通預金", "対象外", "現金", "対象外", 5000)


@pytest.mark.parametrize(
    ("mapping", "written", "expected"),
    [
        (MAPPING, "課税売上込10%", ("課税売上込10%", 0)),
        (NET_OF_TAX, "課税売上内10%", ("課税売上内10%", 100)),
        (NET_OF_TAX, "課税売上内軽減8%", ("課税売上内軽減8%", 81)),
        (NET_OF_TAX, "非課売上", ("非課売上", 0)),
        (NET_OF_TAX, "", ("対象外", 0)),
        (TAX_FREE, "課税売上込10%", ("対象外", 0)),
    ],
)
def test_a_tax_category_written_for_a_reason_an_overage_or_a_difference_is_the_one_of_its_line(mapping, written, expected):
    reason = ReasonAccount(Account("雑収入"), tax_category=written)
    own = dataclasses.replace(mapping, reasons={"0006": reason}, overage_tax_category=written, over_short_tax_category=written)

    entries = entries_of(
        movements=(paid(MovementDirection.PAID_IN, "0006", 1100),),
        overages=(VoucherOverage("GIFT", *METHODS["GIFT"], 1100),),
        registers=(RegisterCash(1, paid_in=1100, actual_cash=2200),),
        mapping=own,
    )

    shown = {key: (entry.counter.tax_category, entry.tax_amount) for key, entry in entries.items()}
    assert shown == dict.fromkeys(("paid_in/m1", "overage/GIFT", "over"), expected)


def test_a_tax_category_written_for_an_expense_goes_before_the_one_of_its_receipt():
    stamps = ReasonAccount(Account("通信費"), is_expense=True, tax_category="非課仕入")

    entries = entries_of(
        movements=(paid(MovementDirection.PAID_OUT, "0003", 1000, reduced_amount=400),),
        mapping=dataclasses.replace(NET_OF_TAX, reasons={"0003": stamps}),
    )

    assert {key: (entry.debit.tax_category, entry.amount, entry.tax_amount) for key, entry in entries.items()} == {
        "paid_out/m1/REDUCED_8": ("非課仕入", 400, 0),
        "paid_out/m1/STANDARD_10": ("非課仕入", 600, 0),
    }


A_DAY_OF_EVERYTHING = DayFigures(
    lines=(
        sold("CASH", "STANDARD_10", 1100, 100),
        sold("GIFT", "STANDARD_10", 330, 30),
        sold("VISA", "EXPORT", 500),
        sold("VISA", "STANDARD_10", -110, -10, Nature.RETURN),
    ),
    overages=(VoucherOverage("GIFT", *METHODS["GIFT"], 20),),
    movements=(paid(MovementDirection.PAID_OUT, "0002", 5000),),
    registers=(RegisterCash(1, actual_cash=100),),
)
UNSENT_REASON = LeftOut("paid_out/m1/OUT_OF_SCOPE", "出金 消耗品", -5000)


@pytest.mark.parametrize(
    ("chosen", "left_out"),
    [
        ({}, []),
        (
            {"unsent_kinds": frozenset({PaymentKind.CREDIT})},
            [
                LeftOut("returns/VISA/STANDARD_10", "VISA返品10%", -110),
                LeftOut("sales/VISA/EXPORT", "VISA売上免税", 500),
            ],
        ),
        (
            {"methods_sent": {"GIFT": False}},
            [LeftOut("overage/GIFT", "商品券金券等差額", 20), LeftOut("sales/GIFT/STANDARD_10", "商品券売上10%", 330)],
        ),
        ({"unsent_kinds": frozenset({PaymentKind.OTHER_VOUCHER}), "methods_sent": {"GIFT": True}}, []),
        ({"unsent_categories": frozenset({TaxCategory.EXPORT})}, [LeftOut("sales/VISA/EXPORT", "VISA売上免税", 500)]),
        ({"sends_overage": False}, [LeftOut("overage/GIFT", "商品券金券等差額", 20)]),
        ({"sends_over_short": False}, [LeftOut("over", "現金過剰", 100)]),
    ],
)
def test_what_is_not_sent_is_left_out_and_listed(chosen, left_out):
    everything = journal(A_DAY_OF_EVERYTHING, SHIBUYA, MAPPING)

    made = journal(A_DAY_OF_EVERYTHING, SHIBUYA, dataclasses.replace(MAPPING, **chosen))

    assert sorted(made.left_out, key=lambda line: line.key) == sorted([*left_out, UNSENT_REASON], key=lambda line: line.key)
    unsent = {line.key for line in left_out}
    assert made.entries == tuple(entry for entry in everything.entries if entry.key not in unsent)


def test_what_is_not_sent_needs_no_account_and_no_writable_name():
    figures = DayFigures(lines=(SalesLine("X", "🌸払い", PaymentKind.OTHER, TaxCategory.EXEMPT, Nature.SALE, 100, 0),))
    mapping = dataclasses.replace(MAPPING, money_sides={}, unsent_kinds=frozenset({PaymentKind.OTHER}))

    made = journal(figures, SHIBUYA, mapping)

    assert (made.entries, made.missing, made.left_out) == ((), (), (LeftOut("sales/X/EXEMPT", "🌸払い売上非課税", 100),))


def test_lines_without_an_account_are_listed_and_the_others_are_made():
    figures = DayFigures(
        lines=(sold("CASH", "EXEMPT", 100),), movements=(paid(MovementDirection.PAID_OUT, "0009", 5000),), registers=(RegisterCash(1),)
    )

    made = journal(figures, SHIBUYA, dataclasses.replace(MAPPING, over_short=None))

    assert [entry.key for entry in made.entries] == ["sales/CASH/EXEMPT"]
    assert made.missing == (Missing("paid_out/m1/OUT_OF_SCOPE", "出金 消耗品"),)


def test_a_name_that_yayoi_cannot_hold_is_listed_with_its_character():
    figures = DayFigures(lines=(sold("VISA", "EXEMPT", 100),))

    made = journal(figures, dataclasses.replace(SHIBUYA, store_name="桜🌸店"), MAPPING)

    assert made.missing == (Missing("sales/VISA/EXEMPT", "VISA売上非課税", "🌸"),)


def test_books_net_of_tax_carry_the_tax_of_the_receipts():
    entries = entries_of(sold("CASH", "STANDARD_10", 1100, 99), mapping=NET_OF_TAX)

    entry = entries["sales/CASH/STANDARD_10"]
    assert (entry.credit.tax_category, entry.amount, entry.tax_amount) == ("課税売上内10%", 1100, 99)


def test_who_pays_no_consumption_tax_posts_everything_out_of_scope():
    movement = paid(MovementDirection.PAID_OUT, "0003", 1000)

    entries = entries_of(sold("CASH", "STANDARD_10", 1100, 100), movements=(movement,), mapping=TAX_FREE)

    assert {side.tax_category for entry in entries.values() for side in (entry.debit, entry.credit)} == {"対象外"}


def test_an_amount_of_ten_digits_is_posted_in_several_lines():
    entries = entries_of(sold("CASH", "STANDARD_10", 2_000_000_100, 181_818_190), mapping=NET_OF_TAX)

    assert {key: entry.amount for key, entry in entries.items()} == {
        "sales/CASH/STANDARD_10": 999_999_999,
        "sales/CASH/STANDARD_10/2": 999_999_999,
        "sales/CASH/STANDARD_10/3": 102,
    }
    assert sum(entry.tax_amount for entry in entries.values()) == 181_818_190


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_any_net_can_be_said_in_ordinary_lines(amount, tax):
    parts = ordinary_parts(amount, tax)

    assert (sum(part for part, _ in parts), sum(part_tax for _, part_tax in parts)) == (amount, tax)
    assert all(part != 0 and min(0, part) <= part_tax <= max(0, part) for part, part_tax in parts)


def test_a_long_store_name_gives_way_before_phrase_and_reference():
    context = dataclasses.replace(SHIBUYA, store_name="東京スカイツリータウン・ソラマチひがしみつばち広場店")

    [entry] = entries_of(sold("CASH", "STANDARD_10", 1100), context=context).values()

    assert entry.description == "現金売上10% 東京スカイツリータウン・ソラマチひが #0001-260401-1"
    assert columns(entry.description) <= WIDTH


@pytest.mark.parametrize("payee", ["あ" * length for length in range(10, 21)])
def test_a_date_is_in_a_description_whole_or_not_at_all(payee):
    text = description("出金 消耗品10%", SHIBUYA, payee, "26/11/18", "ペン")

    assert (" 26/11/18" in text) is ("/" in text)


@given(st.lists(st.text(alphabet="あ商A ", max_size=50), min_size=1, max_size=4), st.text(alphabet="店A", max_size=40))
def test_a_description_never_exceeds_its_width_and_keeps_its_reference(texts, store_name):
    text = description(*texts[:1], dataclasses.replace(SHIBUYA, store_code="0123456789-123456789", store_name=store_name), *texts[1:])

    assert columns(text) <= WIDTH
    assert text.endswith("#0123456789-123456789-260401-1")


@st.composite
def mappings(draw):
    """Any way of keeping books, and any choice of what is not sent."""
    return dataclasses.replace(
        draw(st.sampled_from([MAPPING, NET_OF_TAX, TAX_FREE])),
        unsent_kinds=draw(st.frozensets(st.sampled_from(PaymentKind))),
        unsent_categories=draw(st.frozensets(st.sampled_from(TaxCategory))),
        methods_sent=draw(st.dictionaries(st.sampled_from(["CASH", "CREDIT", "VOUCHER"]), st.booleans())),
        sends_overage=draw(st.booleans()),
        sends_over_short=draw(st.booleans()),
    )


@given(trading_days(), mappings())
def test_the_journal_of_any_day_and_what_it_leaves_out_say_what_its_figures_say(day, mapping):
    _, figures = day

    made = journal(figures, SHIBUYA, mapping)

    assert made.missing == ()
    assert disagreements(figures, made.entries, left_out=made.left_out, carries_tax=mapping.carries_tax) == []
    assert {line.key for line in made.left_out}.isdisjoint(entry.key for entry in made.entries)


def test_a_journal_that_lacks_a_line_does_not_prove_its_figures():
    figures = DayFigures(lines=(sold("CASH", "STANDARD_10", 1100, 100),), registers=(RegisterCash(1, actual_cash=5),))

    assert disagreements(figures, [], carries_tax=False) == [
        Sums(Subject.CATEGORY, 1100, 0, of="STANDARD_10"),
        Sums(Subject.OVER, 5, 0),
    ]
