"""CSV for people who open it in a spreadsheet, and what a spreadsheet makes of it."""

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
    return f"'{text}" if _is_to_be_defused(text) else text


def restored(text: str) -> str:
    """Return what `defused` had been given: without the apostrophe, and with any that was in it before."""
    return text[1:] if text.startswith("'") and _is_to_be_defused(text[1:]) else text


def _is_to_be_defused(text: str) -> bool:
    # One that begins with an apostrophe by itself gets a second one, so that it comes back as it was.
    return text.lstrip("'").startswith(RUN_AS_FORMULA)


def csv_lines(header: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the lines of a UTF-8 CSV with a byte order mark and CRLF, one row at a time."""
    yield BYTE_ORDER_MARK + _line(header)
    yield from (_line(row) for row in rows)


def _line(cells: Iterable[object]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([defused(cell) for cell in cells])
    return written.getvalue()


def encoding_of(content: bytes) -> str | None:
    """Return how the text of a file is written, UTF-8 (BOM or not) or CP932; None for anything else."""
    # A zero byte stands in UTF-16 and in spreadsheets' own formats, which CP932 would happily decode.
    if b"\0" in content:
        return None
    for encoding in ("utf-8-sig", "cp932"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def decoded(content: bytes) -> str | None:
    """Return the text of a file in UTF-8 (BOM or not) or CP932, None for anything else."""
    encoding = encoding_of(content)
    return encoding and content.decode(encoding)
