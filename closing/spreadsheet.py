"""CSV for people who open it in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator

BYTE_ORDER_MARK = "\ufeff"
RUN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def defused(cell: object) -> str:
    """Return the cell's text; what a spreadsheet would run as a formula begins with an apostrophe. Numbers stay numbers."""
    if isinstance(cell, int):
        return str(cell)
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(RUN_AS_FORMULA) else text


def csv_lines(header: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the lines of a UTF-8 CSV with a byte order mark and CRLF, one row at a time."""
    yield BYTE_ORDER_MARK + _line(header)
    yield from (_line(row) for row in rows)


def _line(cells: Iterable[object]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([defused(cell) for cell in cells])
    return written.getvalue()
