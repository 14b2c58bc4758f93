"""DayFigures: the one value that preview, closing, journal, payload, CSV and print are made from.

All money is whole yen. Red slips are negative everywhere; what a name subtracts (refunds, change, paid out, shorts) is
counted upwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from closing.cash import counted_total
from closing.categories import MovementDirection, Nature, PaymentGroup, PaymentKind, TaxCategory
from closing.day_lines import (
    CategoryTotal,
    GroupTotal,
    MethodTotal,
    MovementLine,
    ReasonTotal,
    RegisterCash,
    SalesLine,
    SlipTotals,
    Stored,
    VoucherOverage,
)
from closing.mismatch import Subject, Sums

__all__ = [
    "CategoryTotal",
    "DayFigures",
    "GroupTotal",
    "MethodTotal",
    "MovementLine",
    "ReasonTotal",
    "RegisterCash",
    "SalesLine",
    "SlipTotals",
    "VoucherOverage",
    "proof",
]


@dataclass(frozen=True, slots=True)
class DayFigures(Stored):
    """Everything the 日計 says about one day of one store."""

    slips: SlipTotals = field(default_factory=SlipTotals)
    lines: tuple[SalesLine, ...] = ()
    methods: tuple[MethodTotal, ...] = ()
    overages: tuple[VoucherOverage, ...] = ()
    movements: tuple[MovementLine, ...] = ()
    registers: tuple[RegisterCash, ...] = ()

    def __post_init__(self) -> None:
        # One order whatever the database answered in, so that equal days are equal values.
        object.__setattr__(self, "lines", tuple(sorted(self.lines, key=lambda line: line.position)))
        object.__setattr__(self, "methods", tuple(sorted(self.methods, key=lambda total: total.method)))
        object.__setattr__(self, "overages", tuple(sorted(self.overages, key=lambda overage: overage.method)))
        object.__setattr__(self, "movements", tuple(sorted(self.movements, key=lambda line: line.movement)))
        object.__setattr__(self, "registers", tuple(sorted(self.registers, key=lambda register: register.register)))

    @property
    def gross_sales(self) -> int:
        """総売上 (税込), net of red slips; 売上外 is not in it."""
        return sum(total.amount for total in self.by_category)

    @property
    def sales_tax(self) -> int:
        return sum(total.tax for total in self.by_category)

    @property
    def net_sales(self) -> int:
        """純売上 (税抜)."""
        return self.gross_sales - self.sales_tax

    @property
    def by_category(self) -> tuple[CategoryTotal, ...]:
        return tuple(total for total in self._category_totals() if total.category.is_sales)

    @property
    def non_sales(self) -> tuple[CategoryTotal, ...]:
        """売上外 per kind."""
        return tuple(total for total in self._category_totals() if not total.category.is_sales)

    @property
    def non_sales_total(self) -> int:
        return sum(total.amount for total in self.non_sales)

    def _category_totals(self) -> list[CategoryTotal]:
        present = sorted({line.category for line in self.lines}, key=lambda category: category.position)
        return [self._category_total(category) for category in present]

    def _category_total(self, category: TaxCategory) -> CategoryTotal:
        lines = [line for line in self.lines if line.category is category]
        return CategoryTotal(category, sum(line.amount for line in lines), sum(line.tax for line in lines))

    @property
    def by_group(self) -> tuple[GroupTotal, ...]:
        """支払方法別: always 現金, クレジット and その他決済, in this order."""
        return tuple(GroupTotal(group, tuple(method for method in self.methods if method.kind.group is group)) for group in PaymentGroup)

    @property
    def payments_total(self) -> int:
        return sum(method.amount for method in self.methods)

    @property
    def overage_total(self) -> int:
        return sum(overage.amount for overage in self.overages)

    @property
    def paid_in(self) -> int:
        return self._moved(MovementDirection.PAID_IN)

    @property
    def paid_out(self) -> int:
        return self._moved(MovementDirection.PAID_OUT)

    @property
    def explained(self) -> int:
        """過不足の原因判明 of earlier days; it moves no cash, shorts and overs are counted upwards."""
        return sum(movement.amount for movement in self.movements if not movement.direction.moves_cash)

    def _moved(self, direction: MovementDirection) -> int:
        return sum(movement.amount for movement in self.movements if movement.direction is direction)

    @property
    def by_reason(self) -> tuple[ReasonTotal, ...]:
        """入出金 per reason, 入金 first."""
        named = {(line.direction, line.reason): line.reason_name for line in self.movements}
        totals = []
        for direction, reason in sorted(named, key=lambda key: (key[0].position, key[1])):
            amounts = [line.amount for line in self.movements if (line.direction, line.reason) == (direction, reason)]
            totals.append(ReasonTotal(direction, reason, named[direction, reason], len(amounts), sum(amounts)))
        return tuple(totals)

    @property
    def unclear_receipts(self) -> tuple[MovementLine, ...]:
        """The expenses whose 登録番号 is still 要確認."""
        return tuple(movement for movement in self.movements if movement.is_registration_unclear)

    @property
    def opening_float(self) -> int:
        return sum(register.opening_float for register in self.registers)

    @property
    def cash_sales(self) -> int:
        return sum(register.cash_sales for register in self.registers)

    @property
    def cash_refunds(self) -> int:
        return sum(register.cash_refunds for register in self.registers)

    @property
    def voucher_change(self) -> int:
        return sum(register.voucher_change for register in self.registers)

    @property
    def expected_cash(self) -> int:
        return sum(register.expected_cash for register in self.registers)

    @property
    def actual_cash(self) -> int | None:
        """The sum of what was counted; None while a register is missing (仮閉局)."""
        return sum(register.actual_cash or 0 for register in self.registers) if self.is_counted and self.registers else None

    @property
    def is_counted(self) -> bool:
        return all(register.actual_cash is not None for register in self.registers)

    @property
    def has_counts(self) -> bool:
        """Whether at least one register was counted."""
        return any(register.actual_cash is not None for register in self.registers)

    @property
    def carry_over(self) -> int:
        return sum(register.carry_over or 0 for register in self.registers)

    @property
    def pickup(self) -> int:
        return sum(register.pickup for register in self.registers)

    @property
    def float_adjustment(self) -> int:
        return sum(register.float_adjustment for register in self.registers)

    @property
    def cash_difference(self) -> int:
        return self.overs - self.shorts

    @property
    def overs(self) -> int:
        """The sum of the registers that are over: one register's surplus never hides another's shortage."""
        return sum(max(register.cash_difference, 0) for register in self.registers)

    @property
    def shorts(self) -> int:
        return sum(max(-register.cash_difference, 0) for register in self.registers)

    @property
    def is_empty(self) -> bool:
        """取引なし: no sale, no movement, no difference."""
        return not (self.lines or self.overages or self.movements or self.overs or self.shorts)


def proof(figures: DayFigures) -> list[Sums]:
    """Return what does not add up inside the figures; an empty list is the proof."""
    red = sum(line.amount for line in figures.lines if line.nature is not Nature.SALE)
    untaxed = sum(abs(line.tax) for line in figures.lines if not line.category.is_sales)
    margins = [
        *_method_margins(figures),
        *_cash_margins(figures),
        *_movement_margins(figures),
        Sums(Subject.RED_SLIPS, figures.slips.reversal_amount, red),
        Sums(Subject.NON_SALES_TAX, 0, untaxed),
    ]
    return [sums for sums in margins if sums.differ]


def _method_margins(figures: DayFigures) -> list[Sums]:
    paid = {total.method: total.amount for total in figures.methods}
    methods = sorted(paid.keys() | {line.method for line in figures.lines})
    split = {method: sum(line.amount for line in figures.lines if line.method == method) for method in methods}
    return [Sums(Subject.PAYMENTS, paid.get(method, 0), split[method], of=method) for method in methods]


def _cash_margins(figures: DayFigures) -> list[Sums]:
    in_drawers = figures.cash_sales - figures.cash_refunds - figures.voucher_change
    on_slips = sum(total.amount for total in figures.methods if total.kind is PaymentKind.CASH)
    counted = [
        Sums(Subject.COUNT, register.actual_cash, counted_total(dict(register.counts)), of=str(register.register))
        for register in figures.registers
        if register.counts and register.actual_cash is not None
    ]
    return [Sums(Subject.DRAWERS, in_drawers, on_slips), *counted]


def _movement_margins(figures: DayFigures) -> list[Sums]:
    return [
        Sums(Subject.PAID_IN, sum(register.paid_in for register in figures.registers), figures.paid_in),
        Sums(Subject.PAID_OUT, sum(register.paid_out for register in figures.registers), figures.paid_out),
    ]
