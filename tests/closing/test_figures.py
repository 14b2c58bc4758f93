import dataclasses
import json
from datetime import date

from hypothesis import given

from closing.categories import MovementDirection, Nature, PaymentGroup, PaymentKind, TaxCategory
from closing.figures import (
    CategoryTotal,
    DayFigures,
    GroupTotal,
    MethodTotal,
    MovementLine,
    ReasonTotal,
    RegisterCash,
    SalesLine,
    SlipTotals,
    VoucherOverage,
    proof,
)
from closing.mismatch import Subject, Sums
from tests.days import trading_days

CASH = MethodTotal("CASH", "現金", PaymentKind.CASH, 2, 2100)
VISA = MethodTotal("VISA", "VISA", PaymentKind.CREDIT, 1, 1080)
FIGURES = DayFigures(
    slips=SlipTotals(sales_count=3, reversal_count=1, reversal_amount=-1100, guests=5),
    lines=(
        SalesLine("CASH", "現金", PaymentKind.CASH, TaxCategory.NON_SALES_DEPOSIT, Nature.SALE, 1000, 0),
        SalesLine("CASH", "現金", PaymentKind.CASH, TaxCategory.STANDARD_10, Nature.RETURN, -1100, -100),
        SalesLine("CASH", "現金", PaymentKind.CASH, TaxCategory.STANDARD_10, Nature.SALE, 2200, 200),
        SalesLine("VISA", "VISA", PaymentKind.CREDIT, TaxCategory.REDUCED_8, Nature.SALE, 1080, 80),
    ),
    methods=(VISA, CASH),
    overages=(VoucherOverage("GIFT", "商品券", PaymentKind.OTHER_VOUCHER, 20),),
    movements=(
        MovementLine("b", 1, MovementDirection.PAID_OUT, "0003", "消耗品", 300, receipt_date=date(2026, 4, 1)),
        MovementLine("a", 2, MovementDirection.PAID_IN, "0001", "両替", 5000),
    ),
    registers=(
        RegisterCash(2, opening_float=10000, paid_in=5000, actual_cash=15010, carry_over=10000),
        RegisterCash(
            1, opening_float=30000, cash_sales=3200, cash_refunds=1100, paid_out=300, actual_cash=31700, counts=((10000, 3), (100, 17))
        ),
    ),
)


def test_sales_are_net_of_red_slips_and_without_what_is_no_sale():
    assert (FIGURES.gross_sales, FIGURES.sales_tax, FIGURES.net_sales, FIGURES.non_sales_total) == (2180, 180, 2000, 1000)


def test_amount_and_tax_are_listed_per_category_in_fixed_order():
    assert FIGURES.by_category == (CategoryTotal(TaxCategory.STANDARD_10, 1100, 100), CategoryTotal(TaxCategory.REDUCED_8, 1080, 80))
    assert FIGURES.non_sales == (CategoryTotal(TaxCategory.NON_SALES_DEPOSIT, 1000, 0),)


def test_payment_methods_are_grouped_as_on_the_printed_report():
    assert FIGURES.by_group == (
        GroupTotal(PaymentGroup.CASH, (CASH,)),
        GroupTotal(PaymentGroup.CREDIT, (VISA,)),
        GroupTotal(PaymentGroup.OTHER, ()),
    )
    assert [group.amount for group in FIGURES.by_group] == [2100, 1080, 0]


def test_cash_in_and_out_is_added_up_per_reason():
    assert FIGURES.by_reason == (
        ReasonTotal(MovementDirection.PAID_IN, "0001", "両替", 1, 5000),
        ReasonTotal(MovementDirection.PAID_OUT, "0003", "消耗品", 1, 300),
    )


def test_one_register_over_does_not_hide_another_that_is_short():
    assert (FIGURES.overs, FIGURES.shorts, FIGURES.cash_difference) == (10, 100, -90)
    assert (FIGURES.expected_cash, FIGURES.actual_cash) == (46800, 46710)


def test_a_register_that_nobody_counted_has_no_difference():
    register = RegisterCash(1, opening_float=30000, carry_over=30000)

    assert (register.expected_cash, register.cash_difference, register.pickup) == (30000, 0, 0)
    assert DayFigures(registers=(register,)).actual_cash is None


def test_a_day_is_empty_until_something_was_sold_moved_or_miscounted():
    opened = RegisterCash(1, opening_float=30000, actual_cash=30000)

    assert DayFigures(registers=(opened,)).is_empty
    assert not DayFigures(registers=(dataclasses.replace(opened, actual_cash=29990),)).is_empty
    assert not FIGURES.is_empty


def test_figures_come_back_from_the_database_unchanged():
    assert DayFigures.from_json(json.loads(json.dumps(FIGURES.to_json()))) == FIGURES


def test_the_order_in_which_the_database_answers_does_not_matter():
    turned = dataclasses.replace(FIGURES, lines=FIGURES.lines[::-1], registers=FIGURES.registers[::-1])

    assert turned == FIGURES


def test_figures_that_add_up_prove_it():
    assert proof(FIGURES) == []


def test_figures_that_do_not_add_up_name_what_differs():
    wrong = dataclasses.replace(
        FIGURES,
        methods=(CASH,),
        movements=(),
        registers=(dataclasses.replace(FIGURES.registers[0], counts=((1, 5),)), FIGURES.registers[1]),
    )

    assert proof(wrong) == [
        Sums(Subject.PAYMENTS, 0, 1080, of="VISA"),
        Sums(Subject.COUNT, 31_700, 5, of="1"),
        Sums(Subject.PAID_IN, 5000, 0),
        Sums(Subject.PAID_OUT, 300, 0),
    ]


@given(trading_days())
def test_the_figures_of_any_day_add_up_and_survive_storage(day):
    _, figures = day

    assert proof(figures) == []
    assert DayFigures.from_json(json.loads(json.dumps(figures.to_json()))) == figures
