"""One day reckoned by hand, the way an accountant would, from the slips to every cell of the file for Yayoi."""

import hashlib
import uuid
from datetime import date

import pytest

from closing.categories import MovementDirection, Nature, PaymentKind, ReversalReason, SlipKind, TaxCategory
from closing.figures import DayFigures, MethodTotal, MovementLine, RegisterCash, SalesLine, SlipTotals, VoucherOverage, proof
from closing.models import CashMovement, CashReason
from closing.register_settlement import RegisterCount
from closing.slip_content import OriginalSlip, PaymentPart, TaxPart
from closing.trading_day import close_day, open_day, record_movement, set_opening_float
from tests.cast import sign_in
from tests.closing.conftest import DAY, book, sale
from yayoi_link.booking import book as journal_of
from yayoi_link.importfile import Dialect, import_rows

YESTERDAY = date(2026, 3, 31)
STANDARD, REDUCED = TaxCategory.STANDARD_10, TaxCategory.REDUCED_8
CHANGE_FILLED_UP, STATIONERY_BOUGHT = (uuid.UUID(int=number) for number in (1, 2))
REGISTRATION_NUMBER = "T1234567890123"

# 渋谷店 2026-04-01, レジ1. Amounts include the tax, which stands in brackets. 百貨店商品券 gives no change.
#
#   伝票    10 %             8 %            合計     現金              VISA    商品券          差額
#   1       1,100 (100)                     1,100    1,100
#   2       2,200 (200)      1,080 (80)     3,280                      3,280
#   3                          864 (64)       864                                864 of 1,000    136
#   4       3,300 (300)        540 (40)     3,840    2,840                       1,000
#   5      −1,650 (−150)                   −1,650   −1,650   goods of 3/31 come back
#   計      4,950 (450)      2,484 (184)    7,434    2,290             3,280     1,864           136
#
# 伝票4 is shared out between cash and voucher, 2,840 : 1,000, the yen left over to the larger remainder:
#   10 %  3,300 × 2,840 / 3,840 = 2,440.6   cash 2,441    voucher 859     its tax 300:  222 (221.9)   78 (78.1)
#   8 %   what remains of each              cash   399    voucher 141     its tax 40:    30 (29.6)    10 (10.4)
#
# 入金  つり銭補充 5,000      出金  消耗品 1,316 = 10 % 1,100 + 8 % 216, with 登録番号
#
# 想定レジ金額 = 30,000 + 現金売上 (1,100 + 2,840) − 現金返金 1,650 + 5,000 − 1,316 = 35,974
# 実際         = 10,000×3 + 5,000×1 + 500×1 + 100×3 + 50×1 + 10×3 + 1×4             = 35,884      不足 90
# 翌日釣銭準備金 30,000, 売上回収 5,884
SLIPS = [
    sale("1", payments=(PaymentPart("CASH", 1100, tendered=2000, change=900),), guests=1),
    sale("2", taxes=(TaxPart(STANDARD, 2200, 200), TaxPart(REDUCED, 1080, 80)), payments=(PaymentPart("VISA", 3280),), guests=2),
    sale("3", taxes=(TaxPart(REDUCED, 864, 64),), payments=(PaymentPart("GIFT", 864, tendered=1000, overage=136),), guests=1),
    sale(
        "4",
        taxes=(TaxPart(STANDARD, 3300, 300), TaxPart(REDUCED, 540, 40)),
        payments=(PaymentPart("GIFT", 1000), PaymentPart("CASH", 2840)),
        guests=3,
    ),
    sale(
        "5",
        kind=SlipKind.REVERSAL,
        taxes=(TaxPart(STANDARD, -1650, -150),),
        payments=(PaymentPart("CASH", -1650),),
        original=OriginalSlip("0001", 1, YESTERDAY, "98"),
        reason=ReversalReason.RETURN,
    ),
]
PIECES = {10000: 3, 5000: 1, 500: 1, 100: 3, 50: 1, 10: 3, 1: 4}

FIGURES = DayFigures(
    slips=SlipTotals(sales_count=4, reversal_count=1, reversal_amount=-1650, guests=7),
    lines=(
        SalesLine("CASH", "現金", PaymentKind.CASH, STANDARD, Nature.RETURN, -1650, -150),
        SalesLine("CASH", "現金", PaymentKind.CASH, STANDARD, Nature.SALE, 1100 + 2441, 100 + 222),
        SalesLine("CASH", "現金", PaymentKind.CASH, REDUCED, Nature.SALE, 399, 30),
        SalesLine("GIFT", "百貨店商品券", PaymentKind.OTHER_VOUCHER, STANDARD, Nature.SALE, 859, 78),
        SalesLine("GIFT", "百貨店商品券", PaymentKind.OTHER_VOUCHER, REDUCED, Nature.SALE, 864 + 141, 64 + 10),
        SalesLine("VISA", "VISA", PaymentKind.CREDIT, STANDARD, Nature.SALE, 2200, 200),
        SalesLine("VISA", "VISA", PaymentKind.CREDIT, REDUCED, Nature.SALE, 1080, 80),
    ),
    methods=(
        MethodTotal("CASH", "現金", PaymentKind.CASH, 3, 2290),
        MethodTotal("GIFT", "百貨店商品券", PaymentKind.OTHER_VOUCHER, 2, 1864),
        MethodTotal("VISA", "VISA", PaymentKind.CREDIT, 1, 3280),
    ),
    overages=(VoucherOverage("GIFT", "百貨店商品券", PaymentKind.OTHER_VOUCHER, 136),),
    movements=(
        MovementLine(CHANGE_FILLED_UP.hex, 1, MovementDirection.PAID_IN, "0002", "つり銭補充", 5000),
        MovementLine(
            STATIONERY_BOUGHT.hex, 1, MovementDirection.PAID_OUT, "0003", "消耗品", 1316,
            reduced_amount=216, payee="道玄坂文具店", receipt_date=DAY, registration_no=REGISTRATION_NUMBER,
        ),
    ),
    registers=(
        RegisterCash(
            1, opening_float=30_000, cash_sales=3940, cash_refunds=1650, paid_in=5000, paid_out=1316,
            actual_cash=35_884, carry_over=30_000, counts=tuple(sorted(PIECES.items())), reason="釣銭の渡し間違い",
        ),
    ),
)  # fmt: skip

# 借方 | 貸方 | 金額, in the order of the file. 現金, 売掛金 and 売上高 carry the store as 部門; 税込経理.
JOURNAL = """\
売掛金/百貨店商品券 対象外 | 雑収入 対象外 | 136
現金 対象外 | 普通預金 対象外 | 5000
消耗品費 課対仕入込軽減8%適格 | 現金 対象外 | 216
消耗品費 課対仕入込10%適格 | 現金 対象外 | 1100
売上高 課税売返込10% | 現金 対象外 | 1650
現金 対象外 | 売上高 課税売上込軽減8% | 399
現金 対象外 | 売上高 課税売上込10% | 3541
売掛金/百貨店商品券 対象外 | 売上高 課税売上込軽減8% | 1005
売掛金/百貨店商品券 対象外 | 売上高 課税売上込10% | 859
売掛金/VISA 対象外 | 売上高 課税売上込軽減8% | 1080
売掛金/VISA 対象外 | 売上高 課税売上込10% | 2200
現金過不足 対象外 | 現金 対象外 | 90
"""

FILE = """\
2000,,,2026/04/01,売掛金,百貨店商品券,渋谷店,対象外,136,0,雑収入,,,対象外,136,0,百貨店商品券金券等差額 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 overage/GIFT,0,0,no
2000,,,2026/04/01,現金,,渋谷店,対象外,5000,0,普通預金,,,対象外,5000,0,入金 つり銭補充 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 paid_in/00000000000000000000000000000001,0,0,no
2000,,,2026/04/01,消耗品費,,,課対仕入込軽減8%適格,216,0,現金,,渋谷店,対象外,216,0,出金 消耗品8%軽減 道玄坂文具店 26/04/01 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 paid_out/00000000000000000000000000000002/REDUCED_8,0,0,no
2000,,,2026/04/01,消耗品費,,,課対仕入込10%適格,1100,0,現金,,渋谷店,対象外,1100,0,出金 消耗品10% 道玄坂文具店 26/04/01 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 paid_out/00000000000000000000000000000002/STANDARD_10,0,0,no
2000,,,2026/04/01,売上高,,渋谷店,課税売返込10%,1650,0,現金,,渋谷店,対象外,1650,0,現金返品10% 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 returns/CASH/STANDARD_10,0,0,no
2000,,,2026/04/01,現金,,渋谷店,対象外,399,0,売上高,,渋谷店,課税売上込軽減8%,399,0,現金売上8%軽減 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 sales/CASH/REDUCED_8,0,0,no
2000,,,2026/04/01,現金,,渋谷店,対象外,3541,0,売上高,,渋谷店,課税売上込10%,3541,0,現金売上10% 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 sales/CASH/STANDARD_10,0,0,no
2000,,,2026/04/01,売掛金,百貨店商品券,渋谷店,対象外,1005,0,売上高,,渋谷店,課税売上込軽減8%,1005,0,百貨店商品券売上8%軽減 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 sales/GIFT/REDUCED_8,0,0,no
2000,,,2026/04/01,売掛金,百貨店商品券,渋谷店,対象外,859,0,売上高,,渋谷店,課税売上込10%,859,0,百貨店商品券売上10% 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 sales/GIFT/STANDARD_10,0,0,no
2000,,,2026/04/01,売掛金,VISA,渋谷店,対象外,1080,0,売上高,,渋谷店,課税売上込軽減8%,1080,0,VISA売上8%軽減 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 sales/VISA/REDUCED_8,0,0,no
2000,,,2026/04/01,売掛金,VISA,渋谷店,対象外,2200,0,売上高,,渋谷店,課税売上込10%,2200,0,VISA売上10% 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 sales/VISA/STANDARD_10,0,0,no
2000,,,2026/04/01,現金過不足,,,対象外,90,0,現金,,渋谷店,対象外,90,0,現金不足 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 short,0,0,no
"""


@pytest.fixture
def till(register, methods, stationery, company):
    CashReason.objects.create(company=company, code="0002", name="つり銭補充", for_paid_in=True, account="普通預金")
    return register


@pytest.fixture
def yesterday(shibuya, till, by):
    """3/31: a float of 30,000, the sale that comes back today, and everything but the float picked up."""
    yesterday = open_day(shibuya, YESTERDAY, by=by, today=DAY)
    set_opening_float(yesterday, till, amount=30_000, by=by)
    book(shibuya, sale("98", 1650, business_date=YESTERDAY), by=by)
    close_day(yesterday, counts=[RegisterCount(1, actual_cash=31_650, carry_over=30_000)], by=by)


@pytest.fixture
def closing(shibuya, till, yesterday, stationery, by):
    day = open_day(shibuya, DAY, by=by, today=DAY)
    book(shibuya, *SLIPS, by=by)
    paid_in = CashMovement(
        uuid=CHANGE_FILLED_UP, register=till, direction="PAID_IN", reason=CashReason.objects.get(code="0002"), amount=5000
    )
    paid_out = CashMovement(
        uuid=STATIONERY_BOUGHT, register=till, direction="PAID_OUT", reason=stationery, amount=1316, reduced_amount=216,
        payee="道玄坂文具店", receipt_date=DAY, registration_no=REGISTRATION_NUMBER,
    )  # fmt: skip
    for movement in (paid_in, paid_out):
        record_movement(day, movement, by=by)
    count = RegisterCount(1, actual_cash=35_884, carry_over=30_000, reason="釣銭の渡し間違い", pieces=PIECES)
    return close_day(day, counts=[count], by=by)


def entries_of(closing):
    return journal_of(closing.figures, closing.day, revision=closing.revision).entries


def in_words(side):
    return f"{side.account}{'/' if side.sub_account else ''}{side.sub_account} {side.tax_category}"


def test_the_example_day_comes_to_the_figures_reckoned_by_hand(closing):
    assert closing.figures == FIGURES


def test_the_figures_of_the_example_day_prove_themselves(closing):
    figures = closing.figures

    assert proof(figures) == []
    assert (figures.gross_sales, figures.sales_tax, figures.net_sales) == (7434, 634, 6800)
    assert [(total.category, total.amount, total.tax) for total in figures.by_category] == [(STANDARD, 4950, 450), (REDUCED, 2484, 184)]
    assert (closing.expected_cash, closing.actual_cash, figures.cash_difference, figures.pickup) == (35_974, 35_884, -90, 5884)


def test_the_example_day_is_booked_line_by_line(closing):
    lines = [f"{in_words(entry.debit)} | {in_words(entry.credit)} | {entry.amount}\n" for entry in entries_of(closing)]

    assert "".join(lines) == JOURNAL


def test_every_cell_of_the_file_of_the_example_day_is_known(closing):
    made = import_rows(entries_of(closing), Dialect.DESKTOP)

    assert (made.shortened, made.refused) == ((), ())
    assert b"".join(made.rows) == FILE.replace("\n", "\r\n").encode("cp932")


def test_the_download_of_the_example_day_is_these_bytes_and_no_others(client, accountant, closing):
    response = sign_in(client, accountant).get("/days/0001/2026-04-01/export/")

    content = response.getvalue()
    assert content == FILE.replace("\n", "\r\n").encode("cp932")
    # 現金 and its comma, as CP932 has them, whatever this Python believes of the encoding.
    assert content.count(bytes.fromhex("8CBB 8BE0 2C")) == 7
    # Reckoned by iconv.
    assert hashlib.sha256(content).hexdigest() == "2ae3b7f023a0c0d0af708c8ee8ebd9656a5ba5e9875eff980e3db7edffb3eec9"
