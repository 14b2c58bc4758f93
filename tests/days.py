"""Adds slips up into DayFigures without a database, for properties that begin at the slips."""

import dataclasses
from collections import Counter, defaultdict
from datetime import date

from hypothesis import strategies as st

from closing.cash import cash_parts
from closing.categories import MovementDirection, Nature, PaymentKind, ReversalReason
from closing.figures import DayFigures, MethodTotal, MovementLine, RegisterCash, SalesLine, SlipTotals, VoucherOverage
from closing.split import split
from tests.strategies import DAY, KINDS, slips


def nature_of(slip):
    if not slip.is_red:
        return Nature.SALE
    return Nature.RETURN if slip.reason is ReversalReason.RETURN else Nature.MISTAKE


def sales_lines(day_slips):
    sums = defaultdict(lambda: (0, 0))
    for slip in day_slips:
        cells = split([payment.amount for payment in slip.payments], [(part.amount, part.tax) for part in slip.taxes])
        for payment, row in zip(slip.payments, cells, strict=True):
            for part, (amount, tax) in zip(slip.taxes, row, strict=True):
                key = (payment.method, part.category, nature_of(slip))
                sums[key] = (sums[key][0] + amount, sums[key][1] + tax)
    return tuple(
        SalesLine(method, method, KINDS[method], category, nature, *sums[method, category, nature]) for method, category, nature in sums
    )


def method_totals(day_slips):
    payments = [payment for slip in day_slips for payment in slip.payments]
    counts, amounts = Counter(payment.method for payment in payments), Counter()
    for payment in payments:
        amounts[payment.method] += payment.amount
    return tuple(MethodTotal(method, method, KINDS[method], counts[method], amounts[method]) for method in counts)


def register_cash(day_slips, movements, differences):
    registers = []
    for number, difference in differences.items():
        own = [slip for slip in day_slips if slip.register_number == number]
        parts = [
            cash_parts([payment.amount for payment in slip.payments if KINDS[payment.method] is PaymentKind.CASH], is_red=slip.is_red)
            for slip in own
        ]
        sales, refunds, change = (sum(column) for column in zip(*parts, strict=True)) if parts else (0, 0, 0)
        moved = {
            direction: sum(line.amount for line in movements if line.register == number and line.direction is direction)
            for direction in MovementDirection
        }
        uncounted = RegisterCash(
            number,
            opening_float=30_000,
            cash_sales=sales,
            cash_refunds=refunds,
            voucher_change=change,
            paid_in=moved[MovementDirection.PAID_IN],
            paid_out=moved[MovementDirection.PAID_OUT],
        )
        registers.append(dataclasses.replace(uncounted, actual_cash=uncounted.expected_cash + difference, carry_over=30_000))
    return tuple(registers)


def figures_of(day_slips, *, movements=(), overages=(), differences=None):
    reds = [slip for slip in day_slips if slip.is_red]
    return DayFigures(
        slips=SlipTotals(
            sales_count=len(day_slips) - len(reds), reversal_count=len(reds), reversal_amount=sum(slip.total for slip in reds)
        ),
        lines=sales_lines(day_slips),
        methods=method_totals(day_slips),
        overages=overages,
        movements=movements,
        registers=register_cash(day_slips, movements, differences or {1: 0, 2: 0, 3: 0}),
    )


@st.composite
def movement_lines(draw, number):
    amount = draw(st.integers(1, 50_000))
    return MovementLine(
        movement=f"{number:032x}",
        register=draw(st.integers(1, 3)),
        direction=draw(st.sampled_from(MovementDirection)),
        reason=draw(st.sampled_from(["0001", "0002", "0003"])),
        reason_name="理由",
        amount=amount,
        reduced_amount=draw(st.integers(0, amount)),
        payee=draw(st.sampled_from(["", "駅前文具店"])),
        receipt_date=draw(st.none() | st.dates(date(2025, 1, 1), DAY)),
        registration_no=draw(st.sampled_from(["", "T1234567890123"])),
    )


@st.composite
def trading_days(draw):
    """The slips of a day and its figures."""
    day_slips = draw(st.lists(slips, max_size=6))
    movements = tuple(draw(movement_lines(number)) for number in range(draw(st.integers(0, 3))))
    overages = tuple(
        VoucherOverage(method, method, KINDS[method], draw(st.integers(1, 500)))
        for method in draw(st.sets(st.sampled_from(["VOUCHER", "OWN"])))
    )
    differences = {number: draw(st.integers(-500, 500)) for number in (1, 2, 3)}
    return day_slips, figures_of(day_slips, movements=movements, overages=overages, differences=differences)
