"""弥生インポート形式 of a delivery, a day or a period: gathers what was sent, or would be, and writes it as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from closing.models import BusinessDay
from stores.models import Store
from yayoi_link.day_contents import DayContent, contents_of_days
from yayoi_link.importfile import LIMITS, Dialect, RefusedCell, ShortenedName, import_rows
from yayoi_link.importfile_parts import FilePart, RowsOfDay, file_parts
from yayoi_link.journal import Journal, Missing
from yayoi_link.models import Delivery
from yayoi_link.outbox import content_of
from yayoi_link.writable import replaced


@dataclass(frozen=True, slots=True)
class RefusedDay:
    """A day that cannot be written: cells that do not fit, or lines for which nobody has chosen an account."""

    day: BusinessDay
    cells: tuple[RefusedCell, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """The files of what was asked for. With anything refused there are none: a file that lacks a day looks whole."""

    parts: tuple[FilePart, ...] = ()
    shortened: tuple[ShortenedName, ...] = ()
    # Texts with characters that Yayoi cannot hold, and what was written in their place.
    replaced: tuple[tuple[str, str], ...] = ()
    refused: tuple[RefusedDay, ...] = ()
    days: int = 0

    @property
    def row_count(self) -> int:
        return sum(part.row_count for part in self.parts)


def export_delivery(delivery: Delivery, dialect: Dialect) -> Export:
    """Return the file of one delivery: of its frozen bytes, which are what was or will be sent, or of what would be frozen now."""
    if delivery.is_frozen:
        return export_contents([DayContent(delivery.closing, delivery.entries)], dialect)
    booked = content_of(delivery) or Journal()
    return export_contents([DayContent(delivery.closing, booked.entries, booked.missing)], dialect)


def export_days(stores: Iterable[Store], *, first: date, last: date, dialect: Dialect) -> Export:
    """Return the files of all closed days of the stores from `first` to `last`, each in its latest revision."""
    return export_contents(contents_of_days(stores, first=first, last=last), dialect)


def days_left_out(stores: Iterable[Store], *, first: date, last: date) -> Sequence[BusinessDay]:
    """Return the days of the period that no file tells whole: not closed, or changed after their close."""
    days = BusinessDay.objects.filter(store__in=stores, date__range=(first, last)).select_related("store")
    return (days.open() | days.changed_after_close()).order_by("date", "store__code", "pk")


def export_contents(contents: Iterable[DayContent], dialect: Dialect) -> Export:
    """Return the files of the days in their order."""
    gathering = Gathering(dialect)
    for content in contents:
        gathering.add(content)
    return gathering.export()


class Gathering:
    """The rows of days on their way into files, one day after another."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._written: list[RowsOfDay] = []
        self._shortened: dict[ShortenedName, None] = {}
        self._texts: set[str] = set()
        self._refused: list[RefusedDay] = []

    def add(self, content: DayContent) -> None:
        """Take the next day."""
        rows = import_rows(content.entries, self.dialect)
        self._written.append(RowsOfDay(content.day.date, rows.rows))
        self._shortened.update(dict.fromkeys(rows.shortened))
        self._texts |= content.texts
        if rows.refused or content.missing:
            self._refused.append(RefusedDay(content.day, rows.refused, content.missing))

    def export(self) -> Export:
        """Return the files of all days so far."""
        parts = () if self._refused else tuple(_filled(file_parts(self._written, LIMITS[self.dialect])))
        replacements = tuple((text, instead) for text in sorted(self._texts) if (instead := replaced(text)))
        return Export(parts, tuple(self._shortened), replacements, tuple(self._refused), len(self._written))


def _filled(parts: Iterable[FilePart]) -> Iterator[FilePart]:
    """Days without any line make no file."""
    return (part for part in parts if part.row_count)
