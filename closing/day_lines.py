"""What the figures of a day are made of. All money is whole yen, red slips are negative everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from closing import cash, frozen_json
from closing.categories import MovementDirection, Nature, PaymentGroup, PaymentKind, TaxCategory


class Stored:
    """A frozen value with an exact JSON round trip."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        return frozen_json.to_json(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        return frozen_json.from_json(cls, stored)


@dataclass(frozen=True, slots=True)
class SalesLine(Stored):
    """What one payment method paid of one tax category. `amount` includes the `tax`."""

    method: str
    method_name: str
    kind: PaymentKind
    category: TaxCategory
    nature: Nature
    amount: int
    tax: int

    @property
    def position(self) -> tuple[str, str, int]:
        return (self.nature, self.method, self.category.position)


@dataclass(frozen=True, slots=True)
class MethodTotal(Stored):
    """`count` is the number of slip payments, `amount` their sum without overage."""

    method: str
    method_name: str
    kind: PaymentKind
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class VoucherOverage(Stored):
    """金券等差額: by how much no-change vouchers exceeded their bills."""

    method: str
    method_name: str
    kind: PaymentKind
    amount: int


@dataclass(frozen=True, slots=True)
class MovementLine(Stored):
    """One 入金 or 出金. `reduced_amount` is the part of `amount` at 8 %."""

    movement: str
    register: int
    direction: MovementDirection
    reason: str
    reason_name: str
    amount: int
    reduced_amount: int = 0
    payee: str = ""
    receipt_date: date | None = None
    registration_no: str = ""
    # 登録番号 要確認: deducted like a receipt without a number until somebody has decided.
    is_registration_unclear: bool = False
    memo: str = ""
    # The day whose 現金差異 it explains.
    explains: date | None = None


@dataclass(frozen=True, slots=True)
class RegisterCash(Stored):
    """One register's レジ精算. `actual_cash` is None while nobody has counted."""

    register: int
    opening_float: int = 0
    cash_sales: int = 0
    cash_refunds: int = 0
    voucher_change: int = 0
    paid_in: int = 0
    paid_out: int = 0
    float_adjustment: int = 0
    actual_cash: int | None = None
    carry_over: int | None = None
    counts: tuple[tuple[int, int], ...] = ()
    reason: str = ""
    is_unused: bool = False

    @property
    def expected_cash(self) -> int:
        return cash.expected_cash(
            opening_float=self.opening_float,
            cash_sales=self.cash_sales,
            cash_refunds=self.cash_refunds,
            voucher_change=self.voucher_change,
            paid_in=self.paid_in,
            paid_out=self.paid_out,
        )

    @property
    def cash_difference(self) -> int:
        return 0 if self.actual_cash is None else cash.cash_difference(self.actual_cash, self.expected_cash)

    @property
    def pickup(self) -> int:
        """売上回収; 0 while the count or the carry over is missing."""
        if self.actual_cash is None or self.carry_over is None:
            return 0
        return cash.pickup(self.actual_cash, self.carry_over)


@dataclass(frozen=True, slots=True)
class SlipTotals(Stored):
    """Counts and sums of the day's slips; `reversal_amount` is negative, as red slips are."""

    sales_count: int = 0
    reversal_count: int = 0
    reversal_amount: int = 0
    correction_count: int = 0
    correction_amount: int = 0
    discount: int = 0
    service_charge: int = 0
    points: int = 0
    guests: int = 0


@dataclass(frozen=True, slots=True)
class CategoryTotal:
    """対象額 (inclusive) and 税額 of one tax category."""

    category: TaxCategory
    amount: int
    tax: int


@dataclass(frozen=True, slots=True)
class GroupTotal:
    group: PaymentGroup
    methods: tuple[MethodTotal, ...]

    @property
    def count(self) -> int:
        return sum(method.count for method in self.methods)

    @property
    def amount(self) -> int:
        return sum(method.amount for method in self.methods)


@dataclass(frozen=True, slots=True)
class ReasonTotal:
    direction: MovementDirection
    reason: str
    reason_name: str
    count: int
    amount: int
