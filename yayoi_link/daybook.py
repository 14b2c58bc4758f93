"""Reads Yayoi's 仕訳日記帳 export: any bytes in, rows and named problems out, never an exception.

The same layout is read that `importfile` writes: 25 columns, or 27 with the two 取引先, quoted or not, CP932 or UTF-8.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stores.spreadsheet import decoded
from yayoi_link.daybook_cells import read_amount, read_date
from yayoi_link.importfile import Column
from yayoi_link.row_reference import RowReference, reference_in, tagged_key

WIDTHS = {25, 27}
FLAGS = {"2000", "2111", "2110", "2100", "2101"}
# Rows of a slip that may leave the date to its first row.
LATER_ROWS = {"2100", "2101"}
COMMENT = "#"
LARGEST_FILE = 20 * 1024 * 1024  # bytes
MOST_ROWS = 200_000


class DaybookProblem(StrEnum):
    NOT_TEXT = "not_text"
    EMPTY = "empty"
    NOT_CSV = "not_csv"
    WRONG_WIDTH = "wrong_width"
    BAD_FLAG = "bad_flag"
    BAD_DATE = "bad_date"
    BAD_AMOUNT = "bad_amount"
    TOO_MANY_ROWS = "too_many_rows"


@dataclass(frozen=True, slots=True)
class BadDaybookRow:
    """A line that is no journal row, with the cell to blame. Problems of the file as a whole stand at line 1."""

    line: int
    problem: DaybookProblem
    cell: str = ""


@dataclass(frozen=True, slots=True)
class DaybookSide:
    """One side of a row; amounts in yen, the tax inside the amount."""

    account: str
    sub_account: str
    tax_category: str
    amount: int
    tax_amount: int


@dataclass(frozen=True, slots=True)
class DaybookRow:
    """A row of Yayoi's books. `reference` and `key` are those of our posting, where 摘要 or 仕訳メモ tell them."""

    line: int
    date: date
    debit: DaybookSide
    credit: DaybookSide
    description: str
    reference: RowReference | None = None
    key: str = ""

    @property
    def amounts(self) -> frozenset[int]:
        """What the row posts: one amount, or two where a slip's row has different ones on its sides."""
        return frozenset({self.debit.amount, self.credit.amount} - {0})

    @property
    def amount(self) -> int:
        return max(self.debit.amount, self.credit.amount)


def read_daybook(content: bytes, *, most_rows: int = MOST_ROWS) -> Iterator[DaybookRow | BadDaybookRow]:
    """Yield one row or one problem per line, in the order of the file; blank lines and comments (`#`) are skipped."""
    text = decoded(content)
    if text is None:
        yield BadDaybookRow(1, DaybookProblem.NOT_TEXT)
        return
    is_empty = True
    earlier: DaybookRow | None = None
    for number, line in enumerate(_lines(text), start=1):
        if number > most_rows:
            yield BadDaybookRow(_line_of(line), DaybookProblem.TOO_MANY_ROWS)
            return
        read = line if isinstance(line, BadDaybookRow) else _row(*line, earlier)
        is_empty, earlier = False, read if isinstance(read, DaybookRow) else None
        yield read
    if is_empty:
        yield BadDaybookRow(1, DaybookProblem.EMPTY)


def _line_of(line: tuple[int, list[str]] | BadDaybookRow) -> int:
    return line.line if isinstance(line, BadDaybookRow) else line[0]


def _lines(text: str) -> Iterator[tuple[int, list[str]] | BadDaybookRow]:
    """Yield (line, cells); strict, so that a file cut inside a quoted cell is noticed."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield BadDaybookRow(line, DaybookProblem.NOT_CSV)
            continue
        if any(cell.strip() for cell in cells) and not cells[0].startswith(COMMENT):
            yield line, cells


def _row(line: int, cells: list[str], earlier: DaybookRow | None) -> DaybookRow | BadDaybookRow:
    if len(cells) not in WIDTHS:
        return BadDaybookRow(line, DaybookProblem.WRONG_WIDTH, str(len(cells)))
    flag = cells[Column.FLAG].strip()
    if flag not in FLAGS:
        return BadDaybookRow(line, DaybookProblem.BAD_FLAG, flag)
    day = read_date(cells[Column.DATE])
    if day is None and earlier and flag in LATER_ROWS and not cells[Column.DATE].strip():
        day = earlier.date
    if day is None:
        return BadDaybookRow(line, DaybookProblem.BAD_DATE, cells[Column.DATE])
    debit, credit = _side(cells, Column.DEBIT_ACCOUNT), _side(cells, Column.CREDIT_ACCOUNT)
    if isinstance(debit, str) or isinstance(credit, str):
        return BadDaybookRow(line, DaybookProblem.BAD_AMOUNT, debit if isinstance(debit, str) else str(credit))
    description, memo = cells[Column.DESCRIPTION], cells[Column.MEMO]
    key = tagged_key(memo)
    return DaybookRow(line, day, debit, credit, description, reference_in(memo if key else description), key)


def _side(cells: list[str], first: Column) -> DaybookSide | str:
    """Return the side that begins at this column, or the cell that is no amount."""
    account, sub_account, _department, tax_category, amount, tax = cells[first : first + 6]
    yen, tax_yen = read_amount(amount), read_amount(tax)
    if yen is None or tax_yen is None:
        return amount if yen is None else tax
    return DaybookSide(account, sub_account, tax_category, yen, tax_yen)
