"""Consumption tax of slips. The tax printed on the receipt is authoritative; this is the portal's own opinion of it."""

from datetime import date
from enum import StrEnum

from closing.categories import TaxCategory

# (category, first 営業日, percent). A change of the law is a new row.
RATES = ((TaxCategory.STANDARD_10, date(2019, 10, 1), 10), (TaxCategory.REDUCED_8, date(2019, 10, 1), 8))
FIRST_DAY = min(first_day for _, first_day, _ in RATES)
# 輸出物品販売場 becomes リファンド方式: nothing is sold free of tax any more.
EXPORT_ENDS = date(2026, 11, 1)
FLAGGED_FROM = 2


class Rounding(StrEnum):
    ROUND_DOWN = "ROUND_DOWN"
    HALF_UP = "HALF_UP"
    ROUND_UP = "ROUND_UP"


class NoRate(LookupError):
    """A taxed category had no rate on that 営業日."""


def is_taxed(category: TaxCategory) -> bool:
    return any(category is taxed for taxed, _, _ in RATES)


def rate(category: TaxCategory, on: date) -> int:
    """Return the percentage of a category on a 営業日; 0 for what carries no tax.

    Raises NoRate for a day before the category's first one.
    """
    if not is_taxed(category):
        return 0
    valid = [(first_day, percent) for taxed, first_day, percent in RATES if taxed is category and first_day <= on]
    if not valid:
        raise NoRate(f"{category} on {on}")
    return max(valid)[1]


def own_tax(amount_inclusive: int, category: TaxCategory, on: date, rounding: Rounding = Rounding.ROUND_DOWN) -> int:
    """Return the tax in yen inside an inclusive amount in yen, rounded once.

    Ask once per slip and rate, with 内税 and 外税 of the rate already unified. The tax of a red slip is exactly the negative
    of its original's. Raises NoRate.
    """
    percent = rate(category, on)
    whole, remainder = divmod(abs(amount_inclusive) * percent, 100 + percent)
    rounds_up = {Rounding.ROUND_DOWN: False, Rounding.HALF_UP: 2 * remainder >= 100 + percent, Rounding.ROUND_UP: remainder > 0}
    tax = whole + rounds_up[rounding]
    return -tax if amount_inclusive < 0 else tax


def disagreement(printed_tax: int, amount_inclusive: int, category: TaxCategory, on: date, rounding: Rounding = Rounding.ROUND_DOWN) -> int:
    """Return by how many yen the receipt's tax is off: 1 is accepted, 2 or more is booked and flagged. Raises NoRate."""
    return abs(printed_tax - own_tax(amount_inclusive, category, on, rounding))


def is_flagged(yen_off: int) -> bool:
    return yen_off >= FLAGGED_FROM


def is_withdrawn(category: TaxCategory, on: date) -> bool:
    """Say whether new sales of this category are refused on that 営業日."""
    return category is TaxCategory.EXPORT and on >= EXPORT_ENDS
