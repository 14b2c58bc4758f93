"""A shortage that is explained later: 現金過不足 is cleared against its cause."""

from datetime import date

import pytest

from closing.categories import MovementDirection
from closing.figures import DayFigures, MovementLine
from yayoi_link.accounts import Account, Mapping, ReasonAccount
from yayoi_link.journal import JournalContext, journal
from yayoi_link.journal_proof import disagreements

MAPPING = Mapping(reasons={"0003": ReasonAccount(Account("消耗品費"), is_expense=True), "0006": ReasonAccount(Account("雑収入"))})
CONTEXT = JournalContext("1000", "0001", "渋谷店", date(2026, 4, 4), 1)


def rows_of(direction, reason):
    line = MovementLine("ab", 1, direction, reason, "理由", 1_000, registration_no="T1234567890123", explains=date(2026, 4, 1))
    figures = DayFigures(movements=(line,))
    entries = journal(figures, CONTEXT, MAPPING).entries
    assert disagreements(figures, entries, carries_tax=False) == []
    return [(entry.key, entry.debit.account, entry.credit.account, entry.amount) for entry in entries]


@pytest.mark.parametrize(
    ("direction", "reason", "row"),
    [
        (MovementDirection.SHORT_EXPLAINED, "0003", ("short_explained/ab/STANDARD_10", "消耗品費", "現金過不足", 1_000)),
        (MovementDirection.SHORT_EXPLAINED, "0006", ("short_explained/ab/OUT_OF_SCOPE", "雑収入", "現金過不足", 1_000)),
        (MovementDirection.OVER_EXPLAINED, "0006", ("over_explained/ab", "現金過不足", "雑収入", 1_000)),
    ],
)
def test_an_explanation_clears_the_difference_against_its_cause(direction, reason, row):
    assert rows_of(direction, reason) == [row]
