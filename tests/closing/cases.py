"""Steps of the cases of real life, and what a journal says per key: positive comes in, negative goes out."""

from datetime import date, timedelta

from closing.categories import ReversalReason, SlipKind, TaxCategory
from closing.slip_content import OriginalSlip
from closing.trading_day import close_day, open_day
from tests.closing.conftest import DAY, book, sale
from yayoi_link.booking import book as journal_of

TOMORROW, NEXT_MONTH = DAY + timedelta(days=1), date(2026, 5, 7)
STANDARD, REDUCED, OUTSIDE = TaxCategory.STANDARD_10, TaxCategory.REDUCED_8, TaxCategory.OUT_OF_SCOPE


def taking_back(number, original, *, reason=ReversalReason.RETURN, store="0001", **changes):
    return sale(number, kind=SlipKind.REVERSAL, original=OriginalSlip(store, 1, *original), reason=reason, **changes)


def close(store, *slips, by, day=DAY):
    """Book the slips and close the day without a count."""
    opened = open_day(store, day, by=by, today=NEXT_MONTH)
    assert set(book(store, *slips, by=by, today=NEXT_MONTH)) <= {"created"}
    return close_day(opened, counts=None, by=by)


def posted(closing):
    """What the journal of the closing says, per key; positive comes in."""
    entries = journal_of(closing.figures, closing.day, revision=closing.revision).entries
    return {entry.key: entry.amount if entry.money_on_debit else -entry.amount for entry in entries}


def taxes(closing):
    return {line.category: line.tax for line in closing.figures.by_category}
