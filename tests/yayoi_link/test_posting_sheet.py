from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from closing.categories import Nature, PaymentKind, TaxCategory
from closing.figures import DayFigures, MethodTotal, SalesLine
from tests.days import trading_days
from tests.strategies import DAY
from yayoi_link.accounts import Account, Mapping, ReasonAccount, TaxAccounting
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


@given(trading_days(), st.frozensets(st.sampled_from(TaxCategory)))
def test_net_of_tax_the_sheet_has_the_tax_of_the_slips(trading_day, categories):
    _slips, figures = trading_day
    made = journal(figures, CONTEXT, replace(MAPPING, tax_accounting=TaxAccounting.EXCLUSIVE, unsent_categories=categories))

    sheet = posting_sheet(made.entries, figures, left_out=made.left_out)

    assert (sheet.adds_up, sheet.counted_tax) == (True, figures.sales_tax)


def test_a_sheet_that_lacks_a_yen_of_tax_does_not_add_up():
    figures = DayFigures(
        lines=(SalesLine("CASH", "現金", PaymentKind.CASH, TaxCategory.STANDARD_10, Nature.SALE, 1100, 100),),
        methods=(MethodTotal("CASH", "現金", PaymentKind.CASH, 1, 1100),),
    )
    [entry] = journal(figures, CONTEXT, replace(MAPPING, tax_accounting=TaxAccounting.EXCLUSIVE)).entries

    sheet = posting_sheet([replace(entry, tax_amount=99)], figures)

    assert (sheet.adds_up, sheet.has_all_tax, sheet.tax) == (False, False, 99)


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
