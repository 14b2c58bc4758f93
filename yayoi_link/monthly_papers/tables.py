"""The lists of the papers: one value, from which the page to print and the CSV are both made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone

from closing.templatetags.figures import yen

type Cell = str | int | date | datetime | None


class Kind(StrEnum):
    TEXT = "text"
    # Codes, numbers and moments: never broken over two lines.
    CODE = "code"
    COUNT = "number"
    YEN = "money"


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    kind: Kind = Kind.TEXT

    def shown(self, cell: Cell) -> str:
        """Return the cell as it is printed: yen with ¥ and commas."""
        return yen(cell) if self.kind is Kind.YEN and isinstance(cell, int) else str(written(cell))


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` is asked twice, for print and for CSV, so that no list ever lies in memory as a whole."""

    title: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[Row]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A numbered paper of one or more tables; its number sorts the files."""

    number: int
    title: str
    tables: tuple[Table, ...]

    @property
    def stem(self) -> str:
        return f"{self.number:02}_{self.title}"

    def csv_name(self, table: Table) -> str:
        """Return the name of the table's CSV; it says which table where the paper has several."""
        return f"{self.stem}.csv" if len(self.tables) == 1 else f"{self.stem}_{table.title}.csv"


def text(*labels: str) -> tuple[Column, ...]:
    """Return columns of text."""
    return tuple(Column(label) for label in labels)


def code(*labels: str) -> tuple[Column, ...]:
    """Return columns of codes or moments."""
    return tuple(Column(label, Kind.CODE) for label in labels)


def money(*labels: str) -> tuple[Column, ...]:
    """Return columns of yen."""
    return tuple(Column(label, Kind.YEN) for label in labels)


def number(*labels: str) -> tuple[Column, ...]:
    """Return columns of numbers."""
    return tuple(Column(label, Kind.COUNT) for label in labels)


def written(cell: Cell) -> str | int:
    """Return the cell as a CSV has it: whole yen as a number, moments in Japan's time."""
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%Y/%m/%d %H:%M:%S}"
    if isinstance(cell, date):
        return f"{cell:%Y/%m/%d}"
    if isinstance(cell, int):
        return cell
    return "" if cell is None else str(cell)
