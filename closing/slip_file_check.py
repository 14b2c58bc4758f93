"""What a slip file would do to the books of one store: every line is judged before the first one is written."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from closing import slip_columns as columns
from closing.intake import Booked, Booking, Judge
from closing.models import SlipFileRemark
from closing.slip_content import Problem, ProblemCode, SlipContent, SlipRow, assign_tender
from closing.slip_file import ENDS_THE_READING, BadRow, read_slips
from closing.slip_loading import FirstLines, kinds_of, problems_of_line
from stores.models import Store

Fate = SlipFileRemark.Fate


@dataclass(slots=True)
class FileDay:
    """What the file has of one 営業日: slips, and yen of the new ones; per method's code how often it paid and how much."""

    new: int = 0
    known: int = 0
    total: int = 0
    methods: dict[str, list[int]] = field(default_factory=dict)

    def add(self, content: SlipContent) -> None:
        self.new += 1
        self.total += content.total
        for payment in content.payments:
            paid = self.methods.setdefault(payment.method, [0, 0])
            paid[0] += 1
            paid[1] += payment.amount


class FileCheck:
    """Judges a file from its first line to its last, some at a time, and writes nothing."""

    def __init__(self, store: Store, content: bytes, *, today: date) -> None:
        self._rows = read_slips(content)
        self._judge = Judge(store, today=today)
        self._kinds = kinds_of(store)
        self._first_lines = FirstLines()
        self._counts: Counter[Fate] = Counter()
        self._days: defaultdict[date, FileDay] = defaultdict(FileDay)
        self._is_cut = False

    def look_at(self, most: int) -> tuple[int, list[SlipFileRemark]]:
        """Judge the next lines. Returns how many these were, 0 at the end, and what has to be said of some of them, not saved yet."""
        rows = list(islice(self._rows, most))
        slips = [row for row in rows if isinstance(row, SlipRow)]
        bookings = self._judge.judge([assign_tender(row, self._kinds) for row in slips])
        remarks = [self._refused(row) for row in rows if isinstance(row, BadRow)]
        for row, booking in zip(slips, bookings, strict=True):
            remarks += self._remarks(row.line, booking)
        self._counts.update(remark.fate for remark in remarks)
        return len(rows), sorted(remarks, key=lambda remark: remark.line)

    @property
    def found(self) -> dict[str, Any]:
        """What the lines so far come to, as JSON. A file that `is_cut` could not be read to its end."""
        days = [{"date": day.isoformat(), **asdict(found)} for day, found in sorted(self._days.items())]
        return {"counts": {fate.value: self._counts[fate] for fate in Fate}, "days": days, "is_cut": self._is_cut}

    def _refused(self, row: BadRow) -> SlipFileRemark:
        self._is_cut = self._is_cut or any(problem.code in ENDS_THE_READING for problem in row.problems)
        return _remark(row.line, Fate.REFUSED, row.problems)

    def _remarks(self, line: int, booking: Booking) -> list[SlipFileRemark]:
        content = booking.content
        before = self._first_lines.before(line, content)
        if booking.status is Booked.CREATED:
            self._days[content.business_date].add(content)
            self._counts[Fate.NEW] += 1
            return []
        if booking.status is Booked.UNCHANGED and not before:
            self._days[content.business_date].known += 1
            self._counts[Fate.KNOWN] += 1
            return []
        return [_remark(line, *_judged(booking, before=before))]


def _judged(booking: Booking, *, before: int | None) -> tuple[Fate, tuple[Problem, ...]]:
    """`before` is the line of the file that has the same number, if one comes before."""
    if booking.status is Booked.UNCHANGED:
        return Fate.REPEATED, (Problem(ProblemCode.SAME_IN_FILE, columns.NUMBER, str(before)),)
    is_only_locked = all(problem.code is ProblemCode.MONTH_LOCKED for problem in booking.problems)
    return Fate.KEPT if is_only_locked else Fate.REFUSED, problems_of_line(booking, before=before)


def _remark(line, fate, problems):
    return SlipFileRemark(line=line, fate=fate, problems=[list(problem) for problem in problems])
