"""Reads the CSV of a master: any bytes in, lines of cells or one FileRefused out."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import normalize

from django.utils.translation import gettext as _

from stores.master_files.columns import Column
from stores.master_files.description import MasterFile
from stores.spreadsheet import decoded, restored

MOST_LINES = 1000
SHOWN = 40


class FileRefused(Exception):
    """The file cannot be read as a whole; the argument is a list of sentences saying why."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line below the header: its cells by heading, or what is wrong with the line as such."""

    number: int
    cells: dict[str, str]
    problem: str = ""


def read_lines(content: bytes, file: MasterFile, columns: tuple[Column, ...]) -> list[ReadLine]:
    """Return the lines of the file that are not blank. UTF-8 and CP932 are told apart. Raises FileRefused."""
    text = decoded(content)
    if text is None:
        raise FileRefused([_("CSVファイルとして読み取れません。文字コードをUTF-8かShift_JIS（CP932）にして保存し直してください。")])
    lines = _lines(text)
    _line, header = next(lines, (0, []))
    headings = [normalize("NFKC", cell).strip() for cell in header]
    if problems := _header_problems(headings, file, columns):
        raise FileRefused(problems)
    found = [_cells(number, cells, headings) for number, cells in lines]
    if not found:
        raise FileRefused([_("見出しの下に1行もありません。")])
    if len(found) > MOST_LINES:
        raise FileRefused([_("一度に取り込めるのは%(most)s行までです。ファイルを分けてください。") % {"most": MOST_LINES}])
    return found


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as broken:
            raise FileRefused([_('%(line)s行目がCSVとして読み取れません。引用符（"）をご確認ください。') % {"line": number}]) from broken
        if any(cell.strip() for cell in cells):
            yield number, [restored(cell).strip() for cell in cells]


def _header_problems(headings, file, columns):
    known = [column.heading for column in columns]
    missing = [heading for heading in file.keys if heading not in headings]
    unknown = [heading for heading in headings if heading not in known]
    repeated = [heading for heading, count in Counter(headings).items() if count > 1 and heading in known]
    return [
        *(_("見出しに「%(heading)s」がありません。") % {"heading": heading} for heading in missing),
        *(
            _("見出し「%(heading)s」は使えません。下の「ファイルの列」の名前にしてください。") % {"heading": heading[:SHOWN]}
            for heading in unknown
        ),
        *(_("見出し「%(heading)s」が2つ以上あります。") % {"heading": heading} for heading in repeated),
    ]


def _cells(number, cells, headings):
    """A line that is too short has lost cells, and empty ones would clear what they stand for."""
    if len(cells) < len(headings) or any(cells[len(headings) :]):
        return ReadLine(number, {}, _("列の数が見出しと違います。"))
    return ReadLine(number, dict(zip(headings, cells, strict=False)))
