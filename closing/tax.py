"""Consumption tax of slips. The tax printed on the receipt is authoritative; this is the portal's own opinion of it."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from closing.categories import TaxCategory

# The present rates begin here; no slip is older.
FIRST_DAY = date(2019, 10, 1)
FLAGGED_FROM = 2


class CategoryRule(NamedTuple):
    """From which 営業日 on a category has this percentage of tax in it, and whether it is (still) sold."""

    category: TaxCategory
    first_day: date
    percent: int = 0
    is_sold: bool = True


# The law, and no company's choice. What changes is a new row, valid from its 営業日 on in place of the rows above it.
RULES = (
    CategoryRule(TaxCategory.STANDARD_10, FIRST_DAY, 10),
    CategoryRule(TaxCategory.REDUCED_8, FIRST_DAY, 8),
    CategoryRule(TaxCategory.EXEMPT, FIRST_DAY),
    CategoryRule(TaxCategory.OUT_OF_SCOPE, FIRST_DAY),
    CategoryRule(TaxCategory.EXPORT, FIRST_DAY),
    CategoryRule(TaxCategory.NON_SALES_VOUCHER, FIRST_DAY),
    CategoryRule(TaxCategory.NON_SALES_DEPOSIT, FIRST_DAY),
    CategoryRule(TaxCategory.NON_SALES_CUSTODY, FIRST_DAY),
    CategoryRule(TaxCategory.NON_SALES_ADVANCE, FIRST_DAY),
    # 輸出物品販売場 becomes リファンド方式: nothing is sold free of tax any more.
    CategoryRule(TaxCategory.EXPORT, date(2026, 11, 1), is_sold=False),
)


class Rounding(StrEnum):
    """端数処理, which each company chooses for itself."""

    ROUND_DOWN = "ROUND_DOWN"
    HALF_UP = "HALF_UP"
    ROUND_UP = "ROUND_UP"


class NoRule(LookupError):
    """The category did not exist yet on that 営業日."""


def rule_on(category: TaxCategory, on: date) -> CategoryRule:
    """Return the rule of a category that is valid on a 営業日. Raises NoRule for a day before its first one."""
    valid = [rule for rule in RULES if rule.category is category and rule.first_day <= on]
    if not valid:
        raise NoRule(f"{category} on {on}")
    return max(valid, key=lambda rule: rule.first_day)


def exists(category: TaxCategory, on: date) -> bool:
    return any(rule.category is category and rule.first_day <= on for rule in RULES)


def is_sold(category: TaxCategory, on: date) -> bool:
    """Say whether new sales of this category are booked on that 営業日."""
    return exists(category, on) and rule_on(category, on).is_sold


def is_taxed(category: TaxCategory) -> bool:
    return any(rule.category is category and rule.percent for rule in RULES)


def rounding_on(chosen: Iterable[tuple[date, Rounding]], on: date) -> Rounding:
    """Return the 端数処理 of a 営業日 among what a company chose from which day on; 切捨て where it chose nothing."""
    valid = [(first_day, rounding) for first_day, rounding in chosen if first_day <= on]
    return max(valid)[1] if valid else Rounding.ROUND_DOWN


def own_tax(amount_inclusive: int, category: TaxCategory, on: date, rounding: Rounding = Rounding.ROUND_DOWN) -> int:
    """Return the tax in yen inside an inclusive amount in yen, rounded once.

    Ask once per slip and rate, with 内税 and 外税 of the rate already unified. The tax of a red slip is exactly the negative
    of its original's. Raises NoRule.
    """
    percent = rule_on(category, on).percent
    whole, remainder = divmod(abs(amount_inclusive) * percent, 100 + percent)
    rounds_up = {Rounding.ROUND_DOWN: False, Rounding.HALF_UP: 2 * remainder >= 100 + percent, Rounding.ROUND_UP: remainder > 0}
    tax = whole + rounds_up[rounding]
    return -tax if amount_inclusive < 0 else tax


def disagreement(printed_tax: int, amount_inclusive: int, category: TaxCategory, on: date, rounding: Rounding) -> int:
    """Return by how many yen the receipt's tax is off: 1 is accepted, 2 or more is booked and flagged. Raises NoRule."""
    return abs(printed_tax - own_tax(amount_inclusive, category, on, rounding))


def is_flagged(yen_off: int) -> bool:
    return yen_off >= FLAGGED_FROM
