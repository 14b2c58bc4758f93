"""The ZIP: written paper by paper into a file that leaves memory when it grows, the same bytes for the same papers."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from itertools import batched
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from django.template.loader import render_to_string

from stores.spreadsheet import csv_lines
from yayoi_link.export_files import TIMELESS
from yayoi_link.monthly_papers.tables import Paper, Row, Table, written

IN_MEMORY = 4 * 1024 * 1024  # bytes; a larger ZIP goes to a temporary file
ROWS_AT_ONCE = 500
# Stands in the rendered page where the rows go in: they are written a few hundred at a time.
ROWS_HERE = "<!-- rows -->"


class Archive:
    """A ZIP in the making. `folder` is the name that all its files begin with. What fails half-way leaves no file behind."""

    def __init__(self, folder: str) -> None:
        self.file: BinaryIO = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (whoever sends it closes it)
        self._zip = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED)
        self._folder = folder

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, failure: type[BaseException] | None, *details: object) -> None:
        if failure:
            self.close()

    def close(self) -> None:
        """Throw it away, whole or not."""
        self._zip.close()
        self.file.close()

    def write(self, name: str, chunks: Iterable[str | bytes]) -> None:
        """Add a file; text is written as UTF-8."""
        entry = zipfile.ZipInfo(f"{self._folder}/{name}", TIMELESS)
        entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
        with self._zip.open(entry, "w") as opened:
            for chunk in chunks:
                opened.write(chunk.encode() if isinstance(chunk, str) else chunk)

    def write_paper(self, paper: Paper, heading: dict) -> dict[str, int]:
        """Add the paper to print and its CSVs, and return how many rows each of its tables has."""
        counts: dict[str, int] = {}
        self.write(f"{paper.stem}.html", _page(paper, heading, counts))
        for table in paper.tables:
            lines = csv_lines([column.label for column in table.columns], (map(written, row.cells) for row in table.rows()))
            self.write(paper.csv_name(table), lines)
        return counts

    def finish(self) -> BinaryIO:
        """Return the whole ZIP, ready to be read from its beginning."""
        self._zip.close()
        self.file.seek(0)
        return self.file


def _page(paper: Paper, heading: dict, counts: dict[str, int]) -> Iterable[str]:
    page = render_to_string("yayoi_link/papers/list.html", {"paper": paper, "rows_here": ROWS_HERE, **heading})
    before, *after = page.split(ROWS_HERE)
    yield before
    for table, rest in zip(paper.tables, after, strict=True):
        yield from _rows(table, counts)
        yield rest


def _rows(table: Table, counts: dict[str, int]) -> Iterable[str]:
    counts[table.title] = 0
    for rows in batched(table.rows(), ROWS_AT_ONCE):
        counts[table.title] += len(rows)
        yield render_to_string("yayoi_link/papers/rows.html", {"rows": [(row.is_total, _cells(table, row)) for row in rows]})
    if not counts[table.title]:
        yield render_to_string("yayoi_link/papers/no_rows.html", {"width": len(table.columns)})


def _cells(table: Table, row: Row) -> list[tuple[str, str]]:
    return [(column.kind.value, column.shown(cell)) for column, cell in zip(table.columns, row.cells, strict=True)]
