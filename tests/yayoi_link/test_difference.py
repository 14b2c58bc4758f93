import dataclasses
from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from closing.categories import MovementDirection, Nature, PaymentKind, TaxCategory
from closing.figures import DayFigures, MovementLine, RegisterCash, SalesLine
from tests.days import trading_days
from yayoi_link.accounts import Account, Mapping, ReasonAccount, TaxAccounting
from yayoi_link.descriptions import WIDTH, JournalContext, description
from yayoi_link.difference import difference, standings
from yayoi_link.journal import LARGEST_AMOUNT, Side, journal
from yayoi_link.writable import columns

DAY = date(2026, 4, 1)
REASONS = {code: ReasonAccount(Account("消耗品費"), is_expense=code == "0003") for code in ("0001", "0002", "0003")}
INCLUSIVE = Mapping(reasons=REASONS)
EXCLUSIVE = Mapping(reasons=REASONS, tax_accounting=TaxAccounting.EXCLUSIVE)
CASH, SALES = Side("現金", department="渋谷店"), Side("売上高", department="渋谷店", tax_category="課税売上込10%")


def context(revision):
    return JournalContext("1000", "0001", "渋谷店", DAY, revision, is_correction=revision > 1)


def sold(amount, tax=0, *, category=TaxCategory.STANDARD_10, nature=Nature.SALE):
    return SalesLine("CASH", "現金", PaymentKind.CASH, category, nature, amount, tax)


def booked(*lines, revision=1, mapping=INCLUSIVE, **figures):
    return journal(DayFigures(lines=lines, **figures), context(revision), mapping)


def second(first, new):
    return difference([first.entries], new, context(2))


def signed(entries):
    return {entry.key: (entry.amount if entry.money_on_debit else -entry.amount, entry.tax_amount) for entry in entries}


def nets(postings):
    """What the postings together have of each key: signed yen and tax, zero left out."""
    return {key: (net.amount, net.tax) for key, net in standings(postings).items() if (net.amount, net.tax) != (0, 0)}


def balances(postings):
    """What stands on each account with its 税区分, debit positive."""
    amounts = Counter()
    for entry in (entry for posting in postings for entry in posting):
        amounts[entry.debit] += entry.amount
        amounts[entry.credit] -= entry.amount
    return {side: amount for side, amount in amounts.items() if amount}


def chain_of(revisions):
    """Post the first revision in full and each later one as a difference. Returns the postings and the last journal."""
    postings, made = [], None
    for number, (figures, mapping) in enumerate(revisions, start=1):
        made = journal(figures, context(number), mapping)
        postings.append(difference(postings, made, context(number)) if number > 1 else made.entries)
    return postings, made


days = trading_days().map(lambda day: day[1])


@given(st.lists(st.tuples(days, st.sampled_from([INCLUSIVE, EXCLUSIVE])), min_size=2, max_size=4))
def test_full_and_differences_give_exactly_the_last_revision(revisions):
    postings, last = chain_of(revisions)

    assert nets(postings) == nets([last.entries])


@given(st.lists(days, min_size=2, max_size=4), st.sampled_from([INCLUSIVE, EXCLUSIVE]))
def test_full_and_differences_leave_every_account_as_the_last_revision_does(revisions, mapping):
    postings, last = chain_of([(figures, mapping) for figures in revisions])

    assert balances(postings) == balances([last.entries])


@given(st.lists(st.tuples(days, st.sampled_from([INCLUSIVE, EXCLUSIVE])), min_size=2, max_size=3))
def test_every_row_of_a_difference_is_an_ordinary_line_with_a_key_of_its_own(revisions):
    entries = chain_of(revisions)[0][-1]

    assert len({entry.key for entry in entries}) == len(entries)
    assert all(0 < entry.amount <= LARGEST_AMOUNT and 0 <= entry.tax_amount <= entry.amount for entry in entries)
    assert all(columns(entry.description) <= WIDTH for entry in entries)


@given(days, st.sampled_from([INCLUSIVE, EXCLUSIVE]))
def test_a_revision_with_the_same_content_has_no_difference(figures, mapping):
    first, again = (journal(figures, context(revision), mapping) for revision in (1, 2))

    assert second(first, again) == ()


def test_a_late_sale_is_posted_alone_and_says_that_it_corrects():
    [entry] = second(booked(sold(1100)), booked(sold(1650), revision=2))

    assert (entry.key, entry.debit, entry.credit, entry.amount, entry.date) == ("sales/CASH/STANDARD_10", CASH, SALES, 550, DAY)
    assert entry.description == "現金売上10% 訂正 渋谷店 #0001-260401-2"


def test_a_mistake_found_later_is_a_reversal_and_not_a_return():
    [entry] = second(booked(sold(1100)), booked(sold(1100), sold(-300, nature=Nature.MISTAKE), revision=2))

    assert (entry.debit, entry.credit, entry.amount) == (SALES, CASH, 300)


def test_a_return_entered_later_is_a_return():
    [entry] = second(booked(sold(1100)), booked(sold(1100), sold(-300, nature=Nature.RETURN), revision=2))

    assert (entry.debit.tax_category, entry.credit, entry.amount) == ("課税売返込10%", CASH, 300)


def test_a_revision_that_changes_tax_only_reverses_the_line_and_posts_it_anew():
    before, after = (booked(sold(1100, tax), revision=number, mapping=EXCLUSIVE) for number, tax in ((1, 99), (2, 100)))

    assert signed(second(before, after)) == {"sales/CASH/STANDARD_10/reversal": (-1100, 99), "sales/CASH/STANDARD_10": (1100, 100)}


def test_a_difference_keeps_the_accounts_of_the_first_posting():
    renamed = dataclasses.replace(INCLUSIVE, counter_sides={TaxCategory.STANDARD_10: Account("店頭売上高")})

    [entry] = second(booked(sold(1100)), booked(sold(1650), revision=2, mapping=renamed))

    assert (entry.debit, entry.credit) == (CASH, SALES)


def test_a_line_whose_tax_category_has_changed_is_posted_anew():
    entries = second(booked(sold(1100, 100)), booked(sold(1100, 100), revision=2, mapping=EXCLUSIVE))

    assert signed(entries) == {"sales/CASH/STANDARD_10/reversal": (-1100, 0), "sales/CASH/STANDARD_10": (1100, 100)}
    assert {entry.counter.tax_category for entry in entries} == {"課税売上込10%", "課税売上内10%"}


def test_what_the_day_no_longer_has_is_reversed_under_its_own_phrase():
    counted_short, recounted = ((RegisterCash(1, opening_float=90, actual_cash=cash),) for cash in (0, 90))

    [entry] = second(booked(registers=counted_short), booked(registers=recounted, revision=2))

    assert (entry.key, entry.debit.account, entry.amount) == ("short", "現金", 90)
    assert entry.description == "現金不足 訂正 渋谷店 #0001-260401-2"


def test_what_is_no_longer_sent_is_reversed_with_what_it_said():
    paid = MovementLine("m1", 1, MovementDirection.PAID_OUT, "0001", "両替", 5000)
    unsent = dataclasses.replace(INCLUSIVE, reasons={"0001": ReasonAccount(None, is_sent=False)})

    [entry] = second(booked(movements=(paid,)), booked(movements=(paid,), revision=2, mapping=unsent))

    assert (entry.debit.account, entry.description) == ("現金", "出金 両替 訂正 渋谷店 #0001-260401-2")


def test_what_came_with_a_difference_and_is_sent_no_more_says_once_that_it_corrects():
    paid = MovementLine("m1", 1, MovementDirection.PAID_OUT, "0001", "両替", 5000)
    unsent = dataclasses.replace(INCLUSIVE, reasons={"0001": ReasonAccount(None, is_sent=False)})
    came_late = second(booked(), booked(movements=(paid,), revision=2))

    [entry] = difference([(), came_late], booked(movements=(paid,), revision=3, mapping=unsent), context(3))

    assert entry.description == "出金 両替 訂正 渋谷店 #0001-260401-3"


def test_rows_of_another_date_name_the_day_that_they_belong_to():
    late = dataclasses.replace(context(2), posted_on=date(2026, 5, 1))

    [entry] = difference([booked(sold(1100)).entries], journal(DayFigures(lines=(sold(1650),)), late, INCLUSIVE), late)

    assert (entry.date, entry.description) == (date(2026, 5, 1), "現金売上10% 訂正 26/04/01分 渋谷店 #0001-260401-2")


@given(st.text("あﾚa ", max_size=40), st.text("あﾚa", max_size=40), st.text("あﾚa", max_size=30))
def test_however_long_the_rest_is_the_day_and_the_reference_stay_whole(phrase, detail, store_name):
    late = dataclasses.replace(context(2), store_name=store_name, posted_on=date(2026, 5, 1))

    text = description(f"現{phrase}", late, detail)

    assert columns(text) <= WIDTH
    assert (" 訂正 26/04/01分 " in text, text.endswith(" #0001-260401-2")) == (True, True)


def test_a_third_revision_counts_from_the_first_two():
    first = booked(sold(1100))
    correction = second(first, booked(sold(1650), revision=2))

    entries = difference([first.entries, correction], booked(sold(1540), revision=3), context(3))

    assert signed(entries) == {"sales/CASH/STANDARD_10": (-110, 0)}
