"""Two sums of the same thing that differ: what a proof finds. Worded in closing/mismatch_words.py."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Subject(StrEnum):
    """What was added up in two ways. Some are of one payment method, register or tax category each."""

    PAYMENTS = "PAYMENTS"
    CATEGORY = "CATEGORY"
    TAX = "TAX"
    NON_SALES_TAX = "NON_SALES_TAX"
    RED_SLIPS = "RED_SLIPS"
    DRAWERS = "DRAWERS"
    COUNT = "COUNT"
    PAID_IN = "PAID_IN"
    PAID_OUT = "PAID_OUT"
    OVERAGE = "OVERAGE"
    OVER = "OVER"
    SHORT = "SHORT"
    OVERS_EXPLAINED = "OVERS_EXPLAINED"
    SHORTS_EXPLAINED = "SHORTS_EXPLAINED"


class Sums(NamedTuple):
    """The same thing added up in two ways, in yen. `of` is the method's code, the register's number or the category."""

    subject: Subject
    one: int
    other: int
    of: str = ""

    @property
    def differ(self) -> bool:
        return self.one != self.other
