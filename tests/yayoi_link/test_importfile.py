from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing.categories import MovementDirection, Nature, PaymentKind, TaxCategory
from closing.figures import DayFigures, MovementLine, RegisterCash, SalesLine
from tests.days import trading_days
from yayoi_link.accounts import Account, Mapping, ReasonAccount, TaxAccounting
from yayoi_link.daybook import read_daybook
from yayoi_link.importfile import Column, Dialect, Refusal, RefusedCell, ShortenedName, import_rows
from yayoi_link.journal import JournalContext, JournalEntry, Side, journal
from yayoi_link.payload import Batch, build_posting, entries_from_posting

DAY = date(2026, 4, 1)
DATETIME = datetime(2026, 4, 1, 22, tzinfo=UTC)
CONTEXT = JournalContext("1000", "0001", "渋谷店", DAY, 1)
REASONS = {code: ReasonAccount(Account("消耗品費"), is_expense=True) for code in ("0001", "0002", "0003")}
ENTRY = JournalEntry(
    key="sales/CASH/STANDARD_10",
    date=DAY,
    debit=Side("現金", department="渋谷店"),
    credit=Side("売上高", department="渋谷店", tax_category="課税売上込10%"),
    amount=110_000,
    tax_amount=0,
    description="現金売上10% 渋谷店 #0001-260401-1",
    money_on_debit=True,
)
TEXT_COLUMNS = [
    Column.DEBIT_ACCOUNT, Column.DEBIT_SUB_ACCOUNT, Column.DEBIT_DEPARTMENT, Column.DEBIT_TAX_CATEGORY,
    Column.CREDIT_ACCOUNT, Column.CREDIT_SUB_ACCOUNT, Column.CREDIT_DEPARTMENT, Column.CREDIT_TAX_CATEGORY,
    Column.DESCRIPTION,
]  # fmt: skip
FIELDS = ["account", "sub_account", "department", "tax_category"]
NAME_COLUMNS = {"account": Column.CREDIT_ACCOUNT, "sub_account": Column.CREDIT_SUB_ACCOUNT, "department": Column.CREDIT_DEPARTMENT}


def written(*entries, dialect=Dialect.DESKTOP):
    made = import_rows(entries, dialect)
    assert made.refused == ()
    return b"".join(made.rows)


def cells_of(entry, dialect=Dialect.DESKTOP):
    return written(entry, dialect=dialect).decode("cp932").removesuffix("\r\n").split(",")


def sold_under(entry, **names):
    return replace(entry, credit=replace(entry.credit, **names))


def saying(text, column):
    """The entry with this text in one of its cells."""
    if column is Column.DESCRIPTION:
        return replace(ENTRY, description=text)
    side, first = ("debit", Column.DEBIT_ACCOUNT) if column < Column.CREDIT_ACCOUNT else ("credit", Column.CREDIT_ACCOUNT)
    return replace(ENTRY, **{side: replace(getattr(ENTRY, side), **{FIELDS[column - first]: text})})


def refused(entry):
    return import_rows([entry], Dialect.DESKTOP).refused


def a_day():
    """Cash and card over two rates, a pencil bought, 90 yen short."""
    return DayFigures(
        lines=(
            SalesLine("CASH", "現金", PaymentKind.CASH, TaxCategory.STANDARD_10, Nature.SALE, 110_000, 10_000),
            SalesLine("VISA", "VISA", PaymentKind.CREDIT, TaxCategory.REDUCED_8, Nature.SALE, 10_800, 800),
        ),
        movements=(MovementLine("a1", 1, MovementDirection.PAID_OUT, "0003", "消耗品", 330, payee="駅前文具店", receipt_date=DAY),),
        registers=(RegisterCash(1, cash_sales=110_000, paid_out=330, actual_cash=109_580, carry_over=0),),
    )


def test_a_day_is_exactly_these_bytes():
    entries = journal(a_day(), CONTEXT, Mapping(reasons=REASONS)).entries

    assert written(*entries).decode("cp932") == (
        "2000,,,2026/04/01,消耗品費,,,課対仕入込10%区分80%,330,0,現金,,渋谷店,対象外,330,0,"
        "出金 消耗品10% 駅前文具店 26/04/01 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 paid_out/a1/STANDARD_10,0,0,no\r\n"
        "2000,,,2026/04/01,現金,,渋谷店,対象外,110000,0,売上高,,渋谷店,課税売上込10%,110000,0,"
        "現金売上10% 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 sales/CASH/STANDARD_10,0,0,no\r\n"
        "2000,,,2026/04/01,売掛金,VISA,渋谷店,対象外,10800,0,売上高,,渋谷店,課税売上込軽減8%,10800,0,"
        "VISA売上8%軽減 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 sales/VISA/REDUCED_8,0,0,no\r\n"
        "2000,,,2026/04/01,現金過不足,,,対象外,90,0,現金,,渋谷店,対象外,90,0,"
        "現金不足 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 short,0,0,no\r\n"
    )


def test_under_net_accounting_the_tax_stands_beside_the_amount_that_contains_it():
    entries = journal(a_day(), CONTEXT, Mapping(reasons=REASONS, tax_accounting=TaxAccounting.EXCLUSIVE)).entries

    rows = written(*entries).decode("cp932").splitlines()

    taxes = [(row.split(",")[Column.DEBIT_TAX], row.split(",")[Column.CREDIT_TAX]) for row in rows]
    assert taxes == [("30", "0"), ("0", "10000"), ("0", "800"), ("0", "0")]


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("accounting", TaxAccounting)
@given(trading_day=trading_days())
def test_the_file_read_back_is_what_was_posted(trading_day, accounting, dialect):
    _slips, figures = trading_day
    booked = journal(figures, CONTEXT, Mapping(reasons=REASONS, tax_accounting=accounting))
    batch = Batch(None, "1000", "0001", "渋谷店", DAY, 1, 1, closed_at=DATETIME)
    posted = entries_from_posting(build_posting(booked, batch))

    rows = list(read_daybook(b"".join(import_rows(booked.entries, dialect).rows))) if posted else []

    assert [(row.key, row.date, *accounts_and_yen(row.debit), *accounts_and_yen(row.credit)) for row in rows] == [
        (entry.key, entry.date, *posted_side(entry, entry.debit), *posted_side(entry, entry.credit)) for entry in posted
    ]


def accounts_and_yen(side):
    return side.account, side.sub_account, side.tax_category, side.amount, side.tax_amount


def posted_side(entry, side):
    return side.account, side.sub_account, side.tax_category, entry.amount, entry.tax_amount if side is entry.counter else 0


@pytest.mark.parametrize("field", NAME_COLUMNS)
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("あ" * 11 + "a", "あ" * 11 + "a"),
        ("あ" * 12, "あ" * 12),
        ("あ" * 12 + "a", "あ" * 12),
        ("a" + "あ" * 12, "a" + "あ" * 11),
        ("ﾚ" * 24, "ﾚ" * 24),
        ("ﾚ" * 25, "ﾚ" * 24),
    ],
)
def test_on_the_desktop_a_name_has_twenty_four_columns(field, name, expected):
    assert cells_of(sold_under(ENTRY, **{field: name}))[NAME_COLUMNS[field]] == expected


@pytest.mark.parametrize(("field", "width"), [("account", 12), ("sub_account", 15)])
@pytest.mark.parametrize("character", ["売", "a", "ﾚ"])
def test_online_a_name_has_so_many_characters(field, width, character):
    names = {size: character * size for size in (width - 1, width, width + 1)}

    lengths = [len(cells_of(sold_under(ENTRY, **{field: name}), Dialect.ONLINE)[NAME_COLUMNS[field]]) for name in names.values()]

    assert lengths == [width - 1, width, width]


def test_a_shortened_name_is_told_once():
    entry = sold_under(ENTRY, account="受取手数料そのほかの営業収入")

    made = import_rows([entry, entry], Dialect.ONLINE)

    assert made.shortened == (ShortenedName(Column.CREDIT_ACCOUNT, "受取手数料そのほかの営業収入", "受取手数料そのほかの営業"),)


def test_online_takes_no_departments():
    cells = cells_of(ENTRY, Dialect.ONLINE)

    assert (cells[Column.DEBIT_DEPARTMENT], cells[Column.CREDIT_DEPARTMENT], len(cells)) == ("", "", 25)


@pytest.mark.parametrize(("width", "is_refused"), [(31, False), (32, False), (33, True)])
def test_a_tax_category_is_never_cut(width, is_refused):
    category = "課税" * 7 + "1" * (width - 28)

    expected = (RefusedCell(1, Column.CREDIT_TAX_CATEGORY, category, Refusal.TOO_WIDE),) if is_refused else ()
    assert refused(sold_under(ENTRY, tax_category=category)) == expected


@pytest.mark.parametrize(("width", "is_refused"), [(63, False), (64, False), (65, True)])
def test_a_description_is_never_cut(width, is_refused):
    text = "現金売上" + "x" * (width - 8)

    expected = (RefusedCell(1, Column.DESCRIPTION, text, Refusal.TOO_WIDE),) if is_refused else ()
    assert refused(replace(ENTRY, description=text)) == expected


@pytest.mark.parametrize(("width", "is_refused"), [(179, False), (180, False), (181, True)])
def test_a_memo_is_never_cut(width, is_refused):
    key = "k" * (width - len("#0001-260401-1 "))

    assert bool(refused(replace(ENTRY, key=key))) == is_refused


@pytest.mark.parametrize(
    ("amount", "dialect", "is_refused"),
    [
        (99_999_999_999, Dialect.DESKTOP, False),
        (100_000_000_000, Dialect.DESKTOP, True),
        (999_999_999, Dialect.ONLINE, False),
        (1_000_000_000, Dialect.ONLINE, True),
        (1, Dialect.ONLINE, False),
        (0, Dialect.DESKTOP, True),
        (-1, Dialect.DESKTOP, True),
    ],
)
def test_an_amount_that_the_product_cannot_hold_is_refused(amount, dialect, is_refused):
    cells = import_rows([replace(ENTRY, amount=amount)], dialect).refused

    assert cells == ((RefusedCell(1, Column.DEBIT_AMOUNT, str(amount), Refusal.BAD_AMOUNT),) if is_refused else ())


@pytest.mark.parametrize(
    ("name", "expected"),
    [("ﾚｼﾞ売上", "ﾚｼﾞ売上"), ("渋谷〜原宿", "渋谷～原宿"), ("𠮷野店", "吉野店"), ("—髙島①㈱", "―髙島①㈱"), ("¥100", "￥100")],
)
@pytest.mark.parametrize("column", TEXT_COLUMNS)
def test_a_character_with_an_equivalent_is_written_as_that(column, name, expected):
    assert cells_of(saying(name, column))[column] == expected


@pytest.mark.parametrize("column", TEXT_COLUMNS)
def test_an_emoji_is_refused_by_row_and_character(column):
    cells = import_rows([ENTRY, saying("渋谷😀店", column)], Dialect.DESKTOP)

    assert cells.refused == (RefusedCell(2, column, "渋谷😀店", Refusal.UNWRITABLE, "😀"),)


@pytest.mark.parametrize("name", ["カフェ, 渋谷", 'カフェ"渋谷"'])
def test_commas_and_quotes_come_back_as_they_were(name):
    [row] = read_daybook(written(sold_under(ENTRY, sub_account=name)))

    assert row.credit.sub_account == name


@given(st.text(max_size=200))
def test_whatever_a_name_holds_a_row_stays_one_line_of_twenty_five_cells(name):
    made = import_rows([sold_under(ENTRY, sub_account=name)], Dialect.DESKTOP)

    assert [row.count(b"\n") for row in made.rows] == [1] * len(made.rows)
    assert len(made.rows) + len(made.refused) == 1
