import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing.categories import MovementDirection, Nature, PaymentKind, TaxCategory
from closing.figures import DayFigures, MovementLine, RegisterCash, SalesLine
from tests.days import trading_days
from tests.yayoi_link.test_journal import MAPPING, NET_OF_TAX, SHIBUYA
from yayoi_link.importfile import Dialect, import_rows
from yayoi_link.journal import LeftOut, journal
from yayoi_link.month_proof import FileTotals, Margin, Subject, Topic, all_agree, file_totals, margins_of_day, together

FIGURES = DayFigures(
    lines=(
        SalesLine("CASH", "現金", PaymentKind.CASH, TaxCategory.REDUCED_8, Nature.SALE, 1080, 80),
        SalesLine("CASH", "現金", PaymentKind.CASH, TaxCategory.STANDARD_10, Nature.SALE, 2200, 200),
        SalesLine("CASH", "現金", PaymentKind.CASH, TaxCategory.STANDARD_10, Nature.RETURN, -1100, -100),
    ),
    movements=(
        MovementLine("a", 1, MovementDirection.PAID_OUT, "0003", "消耗品", 880),
        MovementLine("b", 1, MovementDirection.PAID_IN, "0002", "両替", 5000),
    ),
    registers=(RegisterCash(1, actual_cash=0, opening_float=90),),
)


def booked(figures, mapping=MAPPING):
    return journal(figures, SHIBUYA, mapping).entries


def margins_of(figures, mapping=MAPPING):
    book = journal(figures, SHIBUYA, mapping)
    return margins_of_day(figures, book.entries, left_out=book.left_out, missing=book.missing)


def test_each_subject_is_set_against_its_rows():
    assert together(margins_of(FIGURES)) == {
        Subject(Topic.CATEGORY, "STANDARD_10"): Margin(1100, 1100),
        Subject(Topic.CATEGORY, "REDUCED_8"): Margin(1080, 1080),
        Subject(Topic.PAID_IN, "両替"): Margin(5000, 0, 5000),
        Subject(Topic.PAID_OUT, "消耗品"): Margin(-880, -880),
        Subject(Topic.OVER): Margin(),
        Subject(Topic.SHORT): Margin(-90, -90),
    }


def test_tax_is_compared_where_the_books_carry_it():
    assert margins_of(FIGURES, NET_OF_TAX)[Subject(Topic.TAX)] == Margin(180, 180)


def test_a_row_with_another_amount_is_noticed():
    first, *others = booked(FIGURES)

    margins = margins_of_day(FIGURES, [dataclasses.replace(first, amount=first.amount + 1), *others])

    assert not all_agree(margins)


@pytest.mark.parametrize("lost", range(4))
def test_a_row_that_was_lost_is_noticed(lost):
    book = journal(FIGURES, SHIBUYA, NET_OF_TAX)
    rows = [entry for place, entry in enumerate(book.entries) if place != lost]

    assert not all_agree(margins_of_day(FIGURES, rows, left_out=book.left_out))


def test_a_line_that_only_claims_to_be_left_out_is_noticed():
    book = journal(FIGURES, SHIBUYA, MAPPING)
    claimed = LeftOut("sales/CASH/REDUCED_8", "現金売上8%", 1080)

    assert not all_agree(margins_of_day(FIGURES, book.entries, left_out=[*book.left_out, claimed]))


def test_a_line_without_an_account_is_named_and_not_lost():
    nowhere = dataclasses.replace(MAPPING, over_short=None)

    assert margins_of(FIGURES, nowhere)[Subject(Topic.SHORT)] == Margin(-90, 0, -90)


def test_a_row_that_no_day_accounts_for_is_noticed():
    margins = margins_of_day(DayFigures(), booked(FIGURES)[:1])

    assert [(subject.topic, margin.agrees) for subject, margin in margins.items() if not margin.agrees] == [(Topic.UNEXPECTED, False)]


@given(st.lists(trading_days(), max_size=3), st.sampled_from([MAPPING, NET_OF_TAX]))
def test_whatever_a_day_was_its_journal_agrees(days, mapping):
    every = [margins_of(figures, mapping) for _slips, figures in days]

    assert all(map(all_agree, every))
    assert all_agree(together(*every))


def test_files_are_added_up_as_they_are_read_back():
    rows = b"".join(import_rows(booked(FIGURES), Dialect.DESKTOP).rows)

    amount = sum(entry.amount for entry in booked(FIGURES))
    assert file_totals([rows, b"2000,half a row\r\n"]) == FileTotals(len(booked(FIGURES)), amount, amount, unreadable=1)
