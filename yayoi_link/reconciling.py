"""照合 of an export of Yayoi's 仕訳日記帳 with the deliveries of some stores. Nothing of the file is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from closing.models import BusinessDay
from stores.models import Store
from yayoi_link.daybook import BadDaybookRow, DaybookRow, read_daybook
from yayoi_link.expected_postings import DayPostings, expected_postings
from yayoi_link.models import Delivery
from yayoi_link.reconciliation import DayFindings, compare_day
from yayoi_link.row_comparison import Match
from yayoi_link.states import State

# Of these, somebody or the worker still has to act before the day is in the books.
NOT_YET_SENT = frozenset({State.HELD, State.PENDING, State.CLAIMED, State.RETRY_WAIT, State.EXHAUSTED, State.REJECTED})
StoreDay = tuple[str, date]


@dataclass(frozen=True, slots=True)
class ReconciledDay:
    """A day's findings, beside the deliveries that its rows were compared with, by their number."""

    day: BusinessDay
    findings: DayFindings
    deliveries: dict[int, Delivery]
    is_content_unknown: bool = False

    @property
    def needs_care(self) -> bool:
        return self.is_content_unknown or self.findings.needs_care


@dataclass(slots=True)
class Reconciliation:
    """What came of it. `first` and `last` are the days compared; `foreign` rows do not refer to any of them."""

    first: date | None = None
    last: date | None = None
    days: list[ReconciledDay] = field(default_factory=list)
    unsent: list[Delivery] = field(default_factory=list)
    bad_rows: list[BadDaybookRow] = field(default_factory=list)
    row_count: int = 0
    foreign: int = 0

    @property
    def counts(self) -> dict[Match, int]:
        return {match: sum(day.findings.count(match) for day in self.days) for match in Match}


def reconcile(content: bytes, *, stores: Iterable[Store], first: date | None = None, last: date | None = None) -> Reconciliation:
    """Compare the file with what was posted of the stores' days from `first` to `last`; by default of the days the file spans."""
    result = Reconciliation()
    rows: list[DaybookRow] = []
    for read in read_daybook(content):
        if isinstance(read, BadDaybookRow):
            result.bad_rows.append(read)
        else:
            rows.append(read)
    if not rows:
        return result
    result.row_count = len(rows)
    result.first, result.last = first or min(row.date for row in rows), last or max(row.date for row in rows)
    compare(result, rows, stores)
    return result


def compare(result: Reconciliation, rows: list[DaybookRow], stores: Iterable[Store]) -> None:
    referring: dict[StoreDay, list[DaybookRow]] = defaultdict(list)
    for row in rows:
        if row.reference:
            referring[row.reference.store_code, row.reference.business_date].append(row)
    dates = [row.date for row in rows]
    posted = expected_postings(
        stores,
        first=result.first,
        last=result.last,
        # A row of a day of the period may be dated, and read, outside of it.
        within=(min(result.first, *dates), max(result.last, *dates)),
        mentioned=referring.keys(),
    )
    for name, of_day in posted.items():
        own = referring.get(name, [])
        if own or of_day.postings or of_day.is_content_unknown:
            result.days.append(reconciled(of_day, own))
        elif of_day.current and of_day.current.state in NOT_YET_SENT:
            result.unsent.append(of_day.current)
    result.foreign = len(rows) - sum(len(referring.get(name, [])) for name in posted)
    result.days.sort(key=lambda day: (not day.needs_care, day.day.date, day.day.store.code))
    result.unsent.sort(key=lambda delivery: (delivery.day.date, delivery.day.store.code))


def reconciled(of_day: DayPostings, rows: list[DaybookRow]) -> ReconciledDay:
    return ReconciledDay(of_day.day, compare_day(of_day.postings, rows), of_day.deliveries, of_day.is_content_unknown)
