from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from closing.categories import PaymentKind, TaxCategory
from tests.days import trading_days
from tests.strategies import DAY
from yayoi_link.accounts import Account, Mapping, ReasonAccount
from yayoi_link.descriptions import JournalContext
from yayoi_link.journal import journal
from yayoi_link.posting_sheet import SheetGroup, posting_sheet

CONTEXT = JournalContext("1000", "0001", "渋谷店", DAY, 1)
MAPPING = Mapping(reasons={code: ReasonAccount(Account("雑費")) for code in ("0001", "0002", "0003")})
GROUPS = list(SheetGroup)


@given(trading_days())
def test_every_row_stands_in_one_group_and_together_they_post_what_the_day_counted(trading_day):
    _slips, figures = trading_day
    entries = journal(figures, CONTEXT, MAPPING).entries

    sheet = posting_sheet(entries, figures)

    shown = [entry for part in sheet.parts for entry in part.entries]
    assert sorted(shown, key=lambda entry: entry.key) == list(entries)
    assert (sheet.adds_up, sheet.amount) == (True, sum(entry.amount for entry in entries))


@given(trading_days(), st.frozensets(st.sampled_from(PaymentKind)), st.frozensets(st.sampled_from(TaxCategory)))
def test_the_sheet_adds_up_with_what_is_not_sent(trading_day, kinds, categories):
    _slips, figures = trading_day
    made = journal(figures, CONTEXT, replace(MAPPING, unsent_kinds=kinds, unsent_categories=categories))

    sheet = posting_sheet(made.entries, figures, left_out=made.left_out)

    assert (sheet.adds_up, sheet.sales + sheet.unsent_sales) == (True, figures.payments_total + figures.overage_total)


@given(trading_days())
def test_the_groups_stand_in_the_order_of_the_report(trading_day):
    _slips, figures = trading_day

    sheet = posting_sheet(journal(figures, CONTEXT, MAPPING).entries, figures)

    shown = [part.group for part in sheet.parts]
    assert shown == sorted(shown, key=GROUPS.index)


@given(trading_days())
def test_movements_and_differences_are_totals_of_their_own(trading_day):
    _slips, figures = trading_day

    sheet = posting_sheet(journal(figures, CONTEXT, MAPPING).entries, figures)

    totals = {part.group: part.total for part in sheet.parts}
    moved = sum(line.amount if line.direction.is_inward else -line.amount for line in figures.movements)
    assert totals.get(SheetGroup.MOVEMENTS, 0) == moved
    assert totals.get(SheetGroup.DIFFERENCE, 0) == figures.cash_difference
