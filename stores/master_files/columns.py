"""The columns of a master's file: what stands in a cell, and which value of the form that is. In Japanese for every reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from unicodedata import normalize

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext as _

YES, NO = "はい", "いいえ"
IN_USE, RETIRED = "利用中", "利用終了"
ANSWERS = {YES: True, "1": True, "TRUE": True, "○": True, NO: False, "0": False, "FALSE": False, "×": False}


@dataclass(frozen=True, slots=True)
class Column:
    """`read` returns what the form's field is given, or raises ValidationError. Without a field the column only shows something.

    `meant` is how a preview shows a cell that was read.
    """

    heading: str
    field: str
    written: Callable[[Model], str]
    read: Callable[[str], Any] = str
    meant: Callable[[str], str] = str


def text(heading: str, field: str) -> Column:
    """A cell that holds the value as it is."""
    return Column(heading, field, lambda row: "" if (value := getattr(row, field)) is None else str(value))


def yes_no(heading: str, field: str) -> Column:
    """はい or いいえ; `1`, `TRUE` and `○` are understood as well."""
    return Column(heading, field, lambda row: YES if getattr(row, field) else NO, _answer)


def choice(heading: str, field: str, choices: Mapping[Any, Any]) -> Column:
    """One of the labels that the form offers."""

    @cache
    def labels():
        with translation.override("ja"):
            return {value: str(label) for value, label in choices.items() if value}

    def read(cell):
        wanted = normalize("NFKC", cell)
        value = next((value for value, label in labels().items() if wanted in (normalize("NFKC", label), value)), None)
        if cell and value is None:
            raise ValidationError(_("「%(choices)s」のどれかにしてください。") % {"choices": "」「".join(labels().values())})
        return value

    return Column(heading, field, lambda row: labels().get(getattr(row, field), ""), read)


def usage(is_in_use: Callable[[Model], bool]) -> Column:
    """Whether the row is in use: for reading only, since ending it asks for more than a cell can say."""
    return Column("利用状況", "", lambda row: IN_USE if is_in_use(row) else RETIRED)


def by_code[Row: Model](code: str, rows: dict[str, Row]) -> Row | None:
    """Return the row of a code, also where a spreadsheet has taken 0001 for the number 1, if only one can be meant."""
    if code in rows:
        return rows[code]
    alike = [row for known, row in rows.items() if code and known.lstrip("0") == code.lstrip("0")]
    return alike[0] if len(alike) == 1 else None


def _answer(cell):
    answer = ANSWERS.get(normalize("NFKC", cell).upper())
    if answer is None:
        raise ValidationError(_("「はい」か「いいえ」にしてください。"))
    return answer
