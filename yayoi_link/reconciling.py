"""照合 of an export of Yayoi's 仕訳日記帳 with the deliveries of some stores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from closing.models import BusinessDay
from stores.audit import Origin
from stores.models import Store
from yayoi_link.daybook import BadDaybookRow, DaybookRow, read_daybook
from yayoi_link.expected_postings import DayPostings, expected_postings
from yayoi_link.history import LinkAction
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


def reconcile(content: bytes, *, stores: QuerySet[Store], first: date | None = None, last: date | None = None) -> Reconciliation:
    """Compare the file with what was posted of the stores' days from `first` to `last`; by default of the days the file spans."""
    rows, bad_rows = sorted_out(read_daybook(content))
    if not rows:
        return Reconciliation(bad_rows=bad_rows)
    comparison = Comparison(rows, first=first, last=last)
    result = comparison.result
    result.days, result.bad_rows = comparison.days_of(stores, first=result.first, last=result.last), bad_rows
    result.days.sort(key=lambda day: (not day.needs_care, day.day.date, day.day.store.code))
    result.unsent.sort(key=lambda delivery: (delivery.day.date, delivery.day.store.code))
    return result


def sorted_out(read: Iterable[DaybookRow | BadDaybookRow]) -> tuple[list[DaybookRow], list[BadDaybookRow]]:
    rows: list[DaybookRow] = []
    bad_rows: list[BadDaybookRow] = []
    for row in read:
        (bad_rows if isinstance(row, BadDaybookRow) else rows).append(row)
    return rows, bad_rows


class Comparison:
    """The rows of a file, one at least, set against what was posted: of all days at once, or of some after the others.

    `result` fills with what was not sent, and has as foreign the rows of which no day was come to yet; the days are the caller's.
    """

    def __init__(self, rows: list[DaybookRow], *, first: date | None, last: date | None):
        dates = [row.date for row in rows]
        first, last = first or min(dates), last or max(dates)
        self.result = Reconciliation(first=first, last=last, row_count=len(rows), foreign=len(rows))
        # A row of a day of the period may be dated, and read, outside of it.
        self._within = (min(first, *dates), max(last, *dates))
        self._referring: dict[StoreDay, list[DaybookRow]] = defaultdict(list)
        for row in rows:
            if row.reference:
                self._referring[row.reference.store_code, row.reference.business_date].append(row)
        self._come_to: set[StoreDay] = set()

    def dates_to_compare(self, stores: QuerySet[Store]) -> list[date]:
        """Return the dates of the period on which there is something to compare."""
        period = (self.result.first, self.result.last)
        of_stores = Delivery.objects.filter(day__store__in=stores).order_by()
        days = of_stores.filter(day__date__range=period).values_list("day__date", flat=True).distinct()
        dated_elsewhere = of_stores.filter(posted_on__range=period).values_list("posted_on", flat=True).distinct()
        return sorted({*days, *dated_elsewhere})

    def days_of(self, stores: Iterable[Store], *, first: date, last: date) -> list[ReconciledDay]:
        """Compare the stores' days from `first` to `last`, and those to which a difference is dated there; each day once."""
        posted = expected_postings(stores, first=first, last=last, within=self._within, mentioned=self._referring.keys())
        found = []
        for name, of_day in posted.items():
            if name in self._come_to:
                continue
            self._come_to.add(name)
            own = self._referring.get(name, [])
            self.result.foreign -= len(own)
            if own or of_day.postings or of_day.is_content_unknown:
                found.append(reconciled(of_day, own))
            elif of_day.current and of_day.current.state in NOT_YET_SENT:
                self.result.unsent.append(of_day.current)
        return found


def record_reconciled(result: Reconciliation, *, store: Store | None, by: Origin) -> None:
    """Write down that somebody looked; nothing where the file had no row to look at."""
    if result.first:
        with translation.override("ja"):
            changes = {_("行数"): result.row_count}
        by.record(LinkAction.BOOKS_RECONCILED, store=store, subject=f"{result.first} – {result.last}", changes=changes)


def reconciled(of_day: DayPostings, rows: list[DaybookRow]) -> ReconciledDay:
    return ReconciledDay(of_day.day, compare_day(of_day.postings, rows), of_day.deliveries, of_day.is_content_unknown)
