"""弥生インポート形式: journal entries as the CSV that Yayoi's products import. CP932, CRLF, no header, 25 columns.

Each entry is one `2000` row with both sides filled. How wide a cell may be, and which cells a product does not take, is its
dialect; both are kept here, easy to change, because no product says all of it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType

from yayoi_link.journal import JournalEntry, Side
from yayoi_link.row_reference import tagged
from yayoi_link.writable import UnwritableText, columns, shortened, writable

ENCODING = "cp932"
FLAG = "2000"
PLAIN_ENTRY = "0"
NO_TAG = "0"
NOT_ADJUSTING = "no"


class Column(IntEnum):
    """The 25 cells of a row, counted from 0."""

    FLAG = 0
    SLIP_NUMBER = 1
    SETTLEMENT = 2
    DATE = 3
    DEBIT_ACCOUNT = 4
    DEBIT_SUB_ACCOUNT = 5
    DEBIT_DEPARTMENT = 6
    DEBIT_TAX_CATEGORY = 7
    DEBIT_AMOUNT = 8
    DEBIT_TAX = 9
    CREDIT_ACCOUNT = 10
    CREDIT_SUB_ACCOUNT = 11
    CREDIT_DEPARTMENT = 12
    CREDIT_TAX_CATEGORY = 13
    CREDIT_AMOUNT = 14
    CREDIT_TAX = 15
    DESCRIPTION = 16
    BILL_NUMBER = 17
    DUE_DATE = 18
    ENTRY_TYPE = 19
    ORIGIN = 20
    MEMO = 21
    TAG_1 = 22
    TAG_2 = 23
    ADJUSTMENT = 24


class Dialect(StrEnum):
    DESKTOP = "desktop"
    ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a product takes. `account` and `sub_account` in what `measure` counts; other widths in 半角 columns, amounts in yen."""

    account: int
    sub_account: int
    measure: Callable[[str], int]
    takes_departments: bool
    largest_amount: int
    rows_per_file: int | None = None
    bytes_per_file: int | None = None


DEPARTMENT_WIDTH, TAX_CATEGORY_WIDTH, DESCRIPTION_WIDTH, MEMO_WIDTH = 24, 32, 64, 180
LIMITS = MappingProxyType(
    {
        Dialect.DESKTOP: Limits(account=24, sub_account=24, measure=columns, takes_departments=True, largest_amount=99_999_999_999),
        # Counted in characters there, whatever their width.
        Dialect.ONLINE: Limits(
            account=12,
            sub_account=15,
            measure=len,
            takes_departments=False,
            largest_amount=999_999_999,
            rows_per_file=1_000,
            bytes_per_file=1_000_000,
        ),
    }
)


class Refusal(StrEnum):
    UNWRITABLE = "unwritable"
    TOO_WIDE = "too_wide"
    BAD_AMOUNT = "bad_amount"


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """A cell that cannot be written as it is. `row` counts from 1; `character` is given where one is to blame."""

    row: int
    column: Column
    text: str
    refusal: Refusal
    character: str = ""


@dataclass(frozen=True, slots=True)
class ShortenedName:
    """A name wider than the product takes, and what was written instead."""

    column: Column
    name: str
    written: str


@dataclass(frozen=True, slots=True)
class ImportRows:
    """The rows of some entries in their order. With anything refused there is no file."""

    rows: tuple[bytes, ...]
    shortened: tuple[ShortenedName, ...] = ()
    refused: tuple[RefusedCell, ...] = ()


class _CellRefused(ValueError):
    def __init__(self, column: Column, text: str, refusal: Refusal, character: str = "") -> None:
        super().__init__(refusal)
        self.column, self.text, self.refusal, self.character = column, text, refusal, character


def import_rows(entries: Iterable[JournalEntry], dialect: Dialect) -> ImportRows:
    """Return one encoded row with its CRLF per entry. Names too wide are cut and listed; what else does not fit is refused and listed.

    Widths and columns: Yayoi's table of 弥生インポート形式; for オンライン also its list of limits.
    """
    rows, refused = [], []
    cut: dict[ShortenedName, None] = {}
    for number, entry in enumerate(entries, start=1):
        try:
            cells = dict(_cells(entry, LIMITS[dialect], cut))
        except _CellRefused as cell:
            refused.append(RefusedCell(number, cell.column, cell.text, cell.refusal, cell.character))
        else:
            rows.append(encoded([cells.get(column, "") for column in Column]))
    return ImportRows(tuple(rows), tuple(cut), tuple(refused))


def encoded(cells: Iterable[str]) -> bytes:
    """Return one line of the file; quotes stand only where a cell needs them."""
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode(ENCODING)


def _cells(entry: JournalEntry, limits: Limits, cut: dict[ShortenedName, None]) -> Iterator[tuple[Column, str]]:
    if not 0 < entry.amount <= limits.largest_amount:
        raise _CellRefused(Column.DEBIT_AMOUNT, str(entry.amount), Refusal.BAD_AMOUNT)
    yield Column.FLAG, FLAG
    yield Column.DATE, f"{entry.date:%Y/%m/%d}"
    yield from _side(entry, entry.debit, Column.DEBIT_ACCOUNT, limits, cut)
    yield from _side(entry, entry.credit, Column.CREDIT_ACCOUNT, limits, cut)
    yield Column.DESCRIPTION, _whole(entry.description, Column.DESCRIPTION, DESCRIPTION_WIDTH)
    yield Column.ENTRY_TYPE, PLAIN_ENTRY
    yield Column.MEMO, _whole(tagged(entry.description, entry.key), Column.MEMO, MEMO_WIDTH)
    yield Column.TAG_1, NO_TAG
    yield Column.TAG_2, NO_TAG
    yield Column.ADJUSTMENT, NOT_ADJUSTING


def _side(entry: JournalEntry, side: Side, first: Column, limits: Limits, cut: dict[ShortenedName, None]) -> Iterator[tuple[Column, str]]:
    """The six cells of one side, from its account on. The tax stands beside the amount that contains it."""
    account, sub_account, department, tax_category, amount, tax = (Column(first + place) for place in range(6))
    yield account, _name(side.account, account, limits.account, limits.measure, cut)
    yield sub_account, _name(side.sub_account, sub_account, limits.sub_account, limits.measure, cut)
    if limits.takes_departments:
        yield department, _name(side.department, department, DEPARTMENT_WIDTH, columns, cut)
    yield tax_category, _whole(side.tax_category, tax_category, TAX_CATEGORY_WIDTH)
    yield amount, str(entry.amount)
    is_counter = (first is Column.DEBIT_ACCOUNT) != entry.money_on_debit
    yield tax, str(entry.tax_amount if is_counter else 0)


def _name(name: str, column: Column, width: int, measure: Callable[[str], int], cut: dict[ShortenedName, None]) -> str:
    text = _writable(name, column)
    if measure(text) <= width:
        return text
    written = shortened(text, width) if measure is columns else text[:width].rstrip()
    cut[ShortenedName(column, text, written)] = None
    return written


def _whole(text: str, column: Column, width: int) -> str:
    """A cell that would mean something else when cut: a tax category, or a 摘要 that ends with its reference."""
    text = _writable(text, column)
    if columns(text) > width:
        raise _CellRefused(column, text, Refusal.TOO_WIDE)
    return text


def _writable(text: str, column: Column) -> str:
    try:
        return writable(text)
    except UnwritableText as unwritable:
        raise _CellRefused(column, text, Refusal.UNWRITABLE, unwritable.character) from None
