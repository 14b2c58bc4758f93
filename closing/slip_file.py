"""Reads the slip CSV: any bytes in, rows and named problems out, never an exception."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from closing import slip_columns as columns
from closing.slip_cells import Cells, normalized
from closing.slip_content import PaymentPart, Problem, ProblemCode, SlipContent, SlipRow, TaxPart
from stores.spreadsheet import decoded, encoding_of

HEADER_LINE = 1
# Wider than any line of a slip; a file whose quotes or line ends are lost must not be read as one line.
LONGEST_LINE = 20_000
# The template's example lines are numbered so, and are refused when somebody leaves them in.
EXAMPLE = "例"
# After such a line nothing more of the file can be read.
ENDS_THE_READING = frozenset({ProblemCode.NOT_CSV, ProblemCode.LINE_TOO_LONG})


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that is no slip, with its cells by column. Problems of the file as a whole stand at line 1."""

    line: int
    problems: tuple[Problem, ...]
    cells: tuple[tuple[str, str], ...] = ()


class _LineTooLong(Exception):
    pass


def read_slips(content: bytes, *, skip: int = 0) -> Iterator[SlipRow | BadRow]:
    """Yield one SlipRow or BadRow per line, in the order of the file; blank lines are skipped, and the first `skip` others.

    UTF-8 with or without BOM and CP932 are told apart by their bytes. A file whose header is wrong yields that one BadRow.
    What a slip must fulfil beyond the form of its cells is asked of `slip_rules.broken_rules`, after `assign_tender`.
    """
    text = decoded(content)
    if text is None:
        yield _undecodable(content)
        return
    lines = _lines(text)
    header = next(lines, None)
    if header is None:
        yield BadRow(HEADER_LINE, (Problem(ProblemCode.EMPTY_FILE),))
        return
    yield from [header] if isinstance(header, BadRow) else _rows(header[1], islice(lines, skip, None))


def count_lines(content: bytes) -> int:
    """Return how many lines there are below the header of a file that can be read, blank ones not counted."""
    return sum(1 for _line in _lines(decoded(content) or "")) - 1


def problems_of_file(content: bytes) -> tuple[Problem, ...]:
    """Return what makes the whole file unreadable: its text, its header, or that there is nothing below it."""
    first = next(read_slips(content), None)
    if first is None:
        return (Problem(ProblemCode.NO_SLIPS),)
    return first.problems if isinstance(first, BadRow) and first.line == HEADER_LINE else ()


def _undecodable(content: bytes) -> BadRow:
    """A zero byte in what is text otherwise is named with its line; elsewhere a file of another kind was chosen."""
    cleaned = content.replace(b"\0", b"")
    is_text = encoding_of(cleaned) is not None and len(content) - len(cleaned) < len(cleaned) // 4
    line = str(content[: content.find(b"\0")].count(b"\n") + 1)
    return BadRow(HEADER_LINE, (Problem(ProblemCode.ZERO_BYTE, value=line) if is_text else Problem(ProblemCode.NOT_TEXT),))


def _lines(text: str) -> Iterator[tuple[int, list[str]] | BadRow]:
    """Yield (line, cells) of lines that are not blank; strict, so that a file cut inside a quoted cell is noticed."""
    reader = csv.reader(_not_too_long(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield BadRow(line, (Problem(ProblemCode.NOT_CSV),))
            return
        except _LineTooLong:
            yield BadRow(line, (Problem(ProblemCode.LINE_TOO_LONG),))
            return
        if any(cell.strip() for cell in cells):
            yield (line, cells)


def _not_too_long(text: str) -> Iterator[str]:
    for line in io.StringIO(text, newline=""):
        if len(line) > LONGEST_LINE:
            raise _LineTooLong
        yield line


def _rows(header: list[str], lines: Iterator[tuple[int, list[str]] | BadRow]) -> Iterator[SlipRow | BadRow]:
    names = [normalized(name) for name in header]
    problems = _header_problems(names)
    if problems:
        yield BadRow(HEADER_LINE, problems)
        return
    for found in lines:
        yield found if isinstance(found, BadRow) else _row(names, *found)


def _header_problems(names: list[str]) -> tuple[Problem, ...]:
    methods = [name.removeprefix(columns.PAYMENT_PREFIX) for name in names if name.startswith(columns.PAYMENT_PREFIX)]
    known = {*columns.REQUIRED, *columns.OPTIONAL, *(columns.payment_column(method) for method in methods if method)}
    missing = [name for name in columns.REQUIRED if name not in names]
    unknown = [name for name in names if name not in known]
    repeated = [name for name in dict.fromkeys(names) if names.count(name) > 1 and name in known]
    return (
        *(Problem(ProblemCode.MISSING_COLUMN, name) for name in missing),
        *(Problem(ProblemCode.UNKNOWN_COLUMN, name[:40]) for name in unknown),
        *(Problem(ProblemCode.REPEATED_COLUMN, name[:40]) for name in repeated),
    )


def _row(names: list[str], line: int, values: list[str]) -> SlipRow | BadRow:
    if len(values) < len(names) or any(value.strip() for value in values[len(names) :]):
        problem = Problem(ProblemCode.WRONG_CELL_COUNT, value=f"{len(values)} / {len(names)}")
        return BadRow(line, (problem,), _by_column(names, values))
    cells = Cells(dict(zip(names, values, strict=False)))
    if cells.text(columns.NUMBER).startswith(EXAMPLE):
        problem = Problem(ProblemCode.EXAMPLE_LEFT, columns.NUMBER, cells.text(columns.NUMBER)[:40])
        return BadRow(line, (problem,), _by_column(names, values))
    row = _slip(line, cells)
    return BadRow(line, tuple(cells.problems), _by_column(names, values)) if cells.problems else row


def _by_column(names: list[str], values: list[str]) -> tuple[tuple[str, str], ...]:
    """What stands under no column is called by its place in the line."""
    places = [*names, *(str(place) for place in range(len(names) + 1, len(values) + 1))]
    return tuple(zip(places, values, strict=False))


def _slip(line: int, cells: Cells) -> SlipRow:
    content = SlipContent(
        number=cells.code(columns.NUMBER),
        kind=cells.choice(columns.KIND, columns.KINDS, ProblemCode.UNKNOWN_KIND, required=True),
        business_date=cells.day(columns.BUSINESS_DATE),
        issued_at=cells.moment(columns.ISSUED_AT),
        register_number=cells.number(columns.REGISTER, required=True),
        staff_code=cells.code(columns.STAFF),
        original=cells.original(columns.ORIGINAL),
        reason=cells.choice(columns.REASON, columns.REASONS, ProblemCode.UNKNOWN_REASON),
        taxes=tuple(_taxes(cells)),
        payments=tuple(_payments(cells)),
        discount=cells.number(columns.DISCOUNT),
        service_charge=cells.number(columns.SERVICE_CHARGE),
        points=cells.number(columns.POINTS),
        guests=cells.number(columns.GUESTS),
    )
    tender = {name: cells.number(column) for name, column in _TENDER.items()}
    if not content.payments and any(tender.values()):
        cells.report(ProblemCode.TENDER_WITHOUT_PAYMENT, columns.PAYMENTS)
    return SlipRow(line, content, **tender)


_TENDER = {"tendered": columns.TENDERED, "change": columns.CHANGE, "overage": columns.OVERAGE}


def _taxes(cells: Cells) -> Iterator[TaxPart]:
    for category, column in columns.AMOUNTS.items():
        tax = cells.number(columns.TAXES[category]) if category in columns.TAXES else 0
        part = TaxPart(category, cells.number(column), tax)
        if part.amount or part.tax:
            yield part
    amount = cells.number(columns.NON_SALES_AMOUNT)
    category = cells.choice(columns.NON_SALES_KIND, columns.NON_SALES, ProblemCode.UNKNOWN_NON_SALES, required=bool(amount))
    if amount and category:
        yield TaxPart(category, amount, 0)


def _payments(cells: Cells) -> Iterator[PaymentPart]:
    for column in cells.names:
        if column.startswith(columns.PAYMENT_PREFIX) and (amount := cells.number(column)):
            yield PaymentPart(column.removeprefix(columns.PAYMENT_PREFIX), amount)
