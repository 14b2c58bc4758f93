"""Loads a slip file into the books of one store: all of it or nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from closing import history
from closing import slip_columns as columns
from closing.categories import PaymentKind
from closing.history import DayAction
from closing.intake import Booked, Booking, SlipKey, book_slips
from closing.models import BusinessDay, PaymentMethod
from closing.slip_content import Problem, ProblemCode, SlipContent, SlipRow, assign_tender
from closing.slip_file import BadRow, read_slips
from stores.audit import Origin
from stores.models import Store

TAKEN = {Booked.CREATED, Booked.UNCHANGED}


@dataclass(frozen=True, slots=True)
class LoadedDay:
    """What a file did to one 営業日."""

    day: BusinessDay
    created: int
    unchanged: int


class SlipsRefused(Exception):
    """Nothing of the file was booked. `rows` says why, line by line."""

    def __init__(self, rows: Sequence[BadRow]):
        super().__init__(f"{len(rows)} rows refused")
        self.rows = rows


class FirstLines:
    """Knows which line of a file was the first to have a slip's number."""

    def __init__(self) -> None:
        self._lines: dict[SlipKey, int] = {}

    def before(self, line: int, content: SlipContent) -> int | None:
        """Return the earlier line with the same number, None where this one is the first. Every line is asked about, in order."""
        first = self._lines.setdefault((content.register_number, content.business_date, content.number), line)
        return first if first != line else None


def problems_of_line(booking: Booking, *, before: int | None) -> tuple[Problem, ...]:
    """Return what is wrong with a slip of a file; of a number that an earlier line of the file has, which line that is."""
    if booking.status is Booked.CONFLICT and before:
        return (Problem(ProblemCode.OTHER_CONTENT_IN_FILE, columns.NUMBER, str(before)),)
    return booking.problems


@transaction.atomic(durable=True)
def load_slips(store: Store, content: bytes, *, file_name: str, by: Origin, today: date) -> list[LoadedDay]:
    """Book every slip of the file, and return what that did, day by day. A second time changes nothing.

    Raises SlipsRefused when one row or more cannot be booked, naming all of them.
    """
    rows = list(read_slips(content))
    good = [row for row in rows if isinstance(row, SlipRow)]
    kinds = kinds_of(store)
    bookings = book_slips(store, [assign_tender(row, kinds) for row in good], by=by, today=today)
    if refused := [*(row for row in rows if isinstance(row, BadRow)), *_not_taken(good, bookings)]:
        raise SlipsRefused(sorted(refused, key=lambda row: row.line))
    return [_note(loaded, file_name, by) for loaded in _loaded_days(store, bookings)]


def _not_taken(rows: Sequence[SlipRow], bookings: Sequence[Booking]) -> Iterator[BadRow]:
    first_lines = FirstLines()
    for row, booking in zip(rows, bookings, strict=True):
        before = first_lines.before(row.line, booking.content)
        if booking.status not in TAKEN:
            yield BadRow(row.line, problems_of_line(booking, before=before))


def kinds_of(store: Store) -> dict[str, PaymentKind]:
    """Return the kinds of the store's payment methods by code: what a file's tender is assigned by."""
    methods = PaymentMethod.objects.filter(company=store.company_id)
    return {code: PaymentKind(kind) for code, kind in methods.values_list("code", "kind")}


def _loaded_days(store: Store, bookings: Sequence[Booking]):
    counts = Counter((booking.content.business_date, booking.status) for booking in bookings)
    dates = {day for day, _ in counts}
    for day in BusinessDay.objects.filter(store=store, date__in=dates).select_related("store__company").order_by("date"):
        yield LoadedDay(day, counts[day.date, Booked.CREATED], counts[day.date, Booked.UNCHANGED])


def _note(loaded, file_name, by):
    if loaded.created:
        changes = {_("ファイル"): file_name, _("件数"): loaded.created}
        history.record(DayAction.SLIPS_LOADED, loaded.day, by=by, changes=changes)
    return loaded
