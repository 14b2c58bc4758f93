"""Cuts what is to be imported into files that a product takes, at the ends of days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from yayoi_link.importfile import Limits


@dataclass(frozen=True, slots=True)
class RowsOfDay:
    """The encoded rows of one store's business day."""

    date: date
    rows: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file, and the business days that it begins and ends with."""

    first: date
    last: date
    content: bytes
    row_count: int


def file_parts(days: Iterable[RowsOfDay], limits: Limits) -> list[FilePart]:
    """Return the rows of the days, sorted by date, in as few files as the limits allow.

    A date is divided only when it is too large for one file: then between stores, and a store's day only when it alone is too large.
    """
    parts: list[list[RowsOfDay]] = []
    for piece in _pieces(sorted(days, key=lambda day: day.date), limits):
        if parts and _fits([*parts[-1], piece], limits):
            parts[-1].append(piece)
        else:
            parts.append([piece])
    return [_part(part) for part in parts]


def _pieces(days: Sequence[RowsOfDay], limits: Limits) -> Iterator[RowsOfDay]:
    for same_date, of_stores in groupby(days, key=lambda day: day.date):
        stores = list(of_stores)
        if _fits(stores, limits):
            yield RowsOfDay(same_date, tuple(row for store in stores for row in store.rows))
            continue
        for store in stores:
            yield from [store] if _fits([store], limits) else (RowsOfDay(same_date, (row,)) for row in store.rows)


def _fits(days: Sequence[RowsOfDay], limits: Limits) -> bool:
    if limits.rows_per_file is None or limits.bytes_per_file is None:
        return True
    rows = sum(len(day.rows) for day in days)
    size = sum(len(row) for day in days for row in day.rows)
    return rows <= limits.rows_per_file and size <= limits.bytes_per_file


def _part(days: Sequence[RowsOfDay]) -> FilePart:
    rows = [row for day in days for row in day.rows]
    return FilePart(days[0].date, days[-1].date, b"".join(rows), len(rows))
