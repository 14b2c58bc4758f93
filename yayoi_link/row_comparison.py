"""Says whether a row of Yayoi's books is the entry that was posted: its amount, its sides, its tax, its date."""

from __future__ import annotations

import re
from enum import StrEnum

from yayoi_link.daybook import DaybookRow, DaybookSide
from yayoi_link.journal import JournalEntry


class Match(StrEnum):
    SAME = "same"
    MISSING = "missing"
    DOUBLE = "double"
    OTHER_AMOUNT = "other_amount"
    OTHER_TAX = "other_tax"


class Detail(StrEnum):
    NONE = ""
    SWAPPED = "swapped"
    OTHER_RATE = "other_rate"
    OTHER_DATE = "other_date"
    NOT_OURS = "not_ours"


RATE = re.compile(r"(?P<reduced>軽減)?(?P<percent>[0-9]{1,2})%")
# Under 税込経理 no tax is posted; what Yayoi writes of its own accord may be rounded either way.
ROUNDING = 1  # yen


def compare_row(entry: JournalEntry, row: DaybookRow) -> tuple[Match, Detail]:
    """Tell how the row agrees with the entry. A wrong amount weighs more than a wrong tax, and that more than another date."""
    if _is_swapped(entry, row):
        return Match.OTHER_AMOUNT, Detail.SWAPPED
    if row.amounts != {entry.amount}:
        return Match.OTHER_AMOUNT, Detail.NONE
    counter = row.credit if entry.money_on_debit else row.debit
    # A side without a tax category tells nothing: Yayoi then takes the account's own.
    if counter.tax_category.strip() and _rate(counter.tax_category) != _rate(entry.counter.tax_category):
        return Match.OTHER_TAX, Detail.OTHER_RATE
    if not _is_tax_right(entry, counter):
        return Match.OTHER_TAX, Detail.NONE
    return Match.SAME, Detail.NONE if row.date == entry.date else Detail.OTHER_DATE


def _is_swapped(entry: JournalEntry, row: DaybookRow) -> bool:
    posted = (entry.debit.account, entry.credit.account)
    return posted[0] != posted[1] and (row.credit.account, row.debit.account) == posted


def _is_tax_right(entry: JournalEntry, counter: DaybookSide) -> bool:
    if entry.tax_amount or "内" in entry.counter.tax_category:
        return counter.tax_amount == entry.tax_amount
    return counter.tax_amount == 0 or abs(counter.tax_amount - _tax_inside(entry)) <= ROUNDING


def _tax_inside(entry: JournalEntry) -> int:
    _reduced, percent = _rate(entry.counter.tax_category)
    return entry.amount * percent // (100 + percent)


def _rate(tax_category: str) -> tuple[bool, int]:
    """Return (reduced, percent) of a 税区分; a credit share such as 区分80% stands behind the rate and says nothing here."""
    found = RATE.search(tax_category)
    return (bool(found["reduced"]), int(found["percent"])) if found else (False, 0)
