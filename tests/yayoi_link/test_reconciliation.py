from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.days import trading_days
from yayoi_link.accounts import Account, Mapping, ReasonAccount, TaxAccounting
from yayoi_link.daybook import DaybookRow, DaybookSide, read_daybook
from yayoi_link.importfile import Dialect, import_rows
from yayoi_link.journal import JournalContext, JournalEntry, Side, journal
from yayoi_link.reconciliation import Certainty, Finding, Posting, compare_day
from yayoi_link.row_comparison import Detail, Match
from yayoi_link.row_reference import RowReference

DAY = date(2026, 4, 1)
REASONS = {code: ReasonAccount(Account("消耗品費"), is_expense=True) for code in ("0001", "0002", "0003")}
NET_OF_TAX = Mapping(reasons=REASONS, tax_accounting=TaxAccounting.EXCLUSIVE)
CASH, SALES = Side("現金"), Side("売上高", tax_category="課税売上内10%")


def entry(key="sales/CASH/STANDARD_10", amount=1100, tax=100, phrase="現金売上10%", revision=1):
    return JournalEntry(key, DAY, CASH, SALES, amount, tax, f"{phrase} 渋谷店 #0001-260401-{revision}", True)


CARD = entry("sales/VISA/STANDARD_10", 2200, 200, "VISA売上10%")


def posting(*entries, certainty=Certainty.THERE, revision=1, is_full=True):
    return Posting(revision, revision, is_full, certainty, entries)


def row_of(posted, *, line=1, **changes):
    """The row of Yayoi's books that an entry becomes, without the memo that only a file brings."""
    debit = DaybookSide(posted.debit.account, "", posted.debit.tax_category, posted.amount, 0)
    credit = DaybookSide(posted.credit.account, "", posted.credit.tax_category, posted.amount, posted.tax_amount)
    reference = RowReference("0001", DAY, int(posted.description[-1]))
    return replace(DaybookRow(line, posted.date, debit, credit, posted.description, reference), **changes)


def with_amount(row, amount, tax):
    return replace(row, debit=replace(row.debit, amount=amount), credit=replace(row.credit, amount=amount, tax_amount=tax))


def matches(postings, rows):
    return [(finding.match, finding.detail, finding.key) for finding in compare_day(postings, rows).findings]


def test_rows_as_posted_agree():
    assert compare_day([posting(entry(), CARD)], [row_of(CARD), row_of(entry())]).needs_care is False


@pytest.mark.parametrize(
    ("amount", "tax", "expected"),
    [
        (1100, 100, (Match.SAME, Detail.NONE)),
        (1100, 99, (Match.OTHER_TAX, Detail.NONE)),
        (1101, 100, (Match.OTHER_AMOUNT, Detail.NONE)),
        (1101, 99, (Match.OTHER_AMOUNT, Detail.NONE)),
    ],
)
def test_amount_and_tax_are_compared_to_the_yen(amount, tax, expected):
    found = with_amount(row_of(entry()), amount, tax)

    assert matches([posting(entry())], [found]) == [(*expected, "sales/CASH/STANDARD_10")]


@pytest.mark.parametrize(("written", "is_right"), [(0, True), (99, True), (100, True), (101, True), (98, False), (500, False)])
def test_under_gross_accounting_yayoi_may_write_the_tax_of_its_own_accord(written, is_right):
    posted = replace(entry(tax=0), credit=replace(SALES, tax_category="課税売上込10%"))

    [finding] = compare_day([posting(posted)], [with_amount(row_of(posted), 1100, written)]).findings

    assert finding.match is (Match.SAME if is_right else Match.OTHER_TAX)


@pytest.mark.parametrize(
    ("category", "is_right"), [("課税売上外10%", True), ("", True), ("課税売上内軽減8%", False), ("課税売上内8%", False), ("対象外", False)]
)
def test_another_rate_makes_another_tax(category, is_right):
    row = row_of(entry())

    [finding] = compare_day([posting(entry())], [replace(row, credit=replace(row.credit, tax_category=category))]).findings

    assert (finding.match, finding.detail) == ((Match.SAME, Detail.NONE) if is_right else (Match.OTHER_TAX, Detail.OTHER_RATE))


def test_swapped_sides_are_a_wrong_amount():
    row = row_of(entry())

    assert matches([posting(entry())], [replace(row, debit=row.credit, credit=row.debit)])[0][:2] == (Match.OTHER_AMOUNT, Detail.SWAPPED)


def test_another_date_is_pointed_out():
    found = row_of(entry(), date=DAY + timedelta(days=1))

    assert matches([posting(entry())], [found])[0][:2] == (Match.SAME, Detail.OTHER_DATE)


def test_a_row_that_is_not_there_is_missing():
    assert compare_day([posting(entry(), CARD)], [row_of(entry())]).findings == (
        Finding(Match.MISSING, CARD.key, expected=CARD),
        Finding(Match.SAME, entry().key, entry(), row_of(entry())),
    )


def test_a_row_that_is_there_twice_is_double():
    again = row_of(entry(), line=2)

    assert compare_day([posting(entry())], [row_of(entry()), again]).findings[0] == Finding(Match.DOUBLE, entry().key, found=again)


def test_rows_of_an_earlier_close_are_double_once_everything_was_sent_again():
    new = entry(amount=1200, tax=109, revision=2)

    findings = compare_day([posting(entry()), posting(new, revision=2)], [row_of(entry()), row_of(new, line=2)]).findings

    assert [(finding.match, finding.found.line) for finding in findings] == [(Match.DOUBLE, 1), (Match.SAME, 2)]


def test_a_difference_stands_beside_what_it_corrects():
    more = entry(amount=100, tax=9, phrase="現金売上10% 訂正", revision=2)

    postings = [posting(entry()), posting(more, revision=2, is_full=False)]
    assert [match for match, *_ in matches(postings, [row_of(entry()), row_of(more)])] == [Match.SAME, Match.SAME]


@pytest.mark.parametrize(("rows", "found", "is_whole"), [([entry(), CARD], 2, True), ([CARD], 1, False), ([], 0, False)])
def test_of_a_posting_that_nobody_is_sure_of_the_books_tell_how_much_arrived(rows, found, is_whole):
    [presence] = compare_day([posting(entry(), CARD, certainty=Certainty.MAYBE)], [row_of(row) for row in rows]).presences

    assert (presence.rows_found, presence.is_whole) == (found, is_whole)


def test_a_later_posting_that_did_not_arrive_leaves_the_earlier_one_right():
    later = posting(entry(amount=5, tax=0, revision=2), certainty=Certainty.MAYBE, revision=2)

    assert matches([posting(entry()), later], [row_of(entry())]) == [(Match.SAME, Detail.NONE, entry().key)]


def test_a_posting_sent_twice_is_double_where_both_arrived():
    first, second = posting(entry(), certainty=Certainty.MAYBE), replace(posting(entry()), number=2)

    found = compare_day([first, second], [row_of(entry()), row_of(entry(), line=2)])

    assert ([finding.match for finding in found.findings], found.presences[0].rows_found) == ([Match.DOUBLE, Match.SAME], 1)


def test_what_was_not_sent_is_missed_by_nobody():
    assert matches([posting(entry(), certainty=Certainty.NOT_SENT)], []) == []


def test_what_was_imported_by_hand_is_compared_all_the_same():
    assert matches([posting(entry(), CARD, certainty=Certainty.NOT_SENT)], [row_of(CARD)]) == [
        (Match.MISSING, Detail.NONE, entry().key),
        (Match.SAME, Detail.NONE, CARD.key),
    ]


@pytest.mark.parametrize(
    "description",
    [
        "現金売上10％　渋谷店　＃０００１－２６０４０１－１",
        "現金売上10% 本店に変更 #0001-260401-1",
        "現金売上10% 渋谷店 #0001-260401-1 確認済",
    ],
)
def test_a_description_changed_after_its_phrase_is_still_recognised(description):
    assert matches([posting(entry(), CARD)], [row_of(entry(), description=description), row_of(CARD)])[0][0] is Match.SAME


def test_a_description_changed_altogether_is_recognised_by_its_memo():
    found = row_of(entry(), description="売上", key=entry().key)

    assert matches([posting(entry(), CARD)], [found, row_of(CARD)])[0][0] is Match.SAME


def test_a_row_with_our_reference_that_nobody_posted_is_not_ours():
    assert matches([posting(entry())], [row_of(entry()), row_of(entry(), description="手数料 #0001-260401-1", line=2)])[0] == (
        Match.DOUBLE,
        Detail.NOT_OURS,
        "",
    )


def test_rows_with_the_same_description_are_paired_by_their_amounts():
    twins = [entry("paid_in/a", 300, 0, "入金 両替"), entry("paid_in/b", 500, 0, "入金 両替")]

    assert matches([posting(*twins)], [row_of(twins[1])]) == [
        (Match.MISSING, Detail.NONE, "paid_in/a"),
        (Match.SAME, Detail.NONE, "paid_in/b"),
    ]


@given(trading_days(), st.randoms(use_true_random=False), st.booleans())
def test_the_file_of_a_posting_agrees_with_it_in_any_order(trading_day, random, has_memos):
    _slips, figures = trading_day
    entries = journal(figures, JournalContext("1000", "0001", "渋谷店", DAY, 1), NET_OF_TAX).entries
    rows = list(read_daybook(b"".join(import_rows(entries, Dialect.DESKTOP).rows))) if entries else []
    random.shuffle(rows)

    found = compare_day([posting(*entries)], rows if has_memos else [replace(row, key="") for row in rows])

    assert sorted((finding.match, finding.key) for finding in found.findings) == [(Match.SAME, entry.key) for entry in entries]
