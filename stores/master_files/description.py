"""What a master must say of itself to be written as CSV and taken in from it. Every app registers its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.utils.functional import Promise

from stores.access import Ability
from stores.audit import Origin
from stores.master_files.columns import Column
from stores.models import Staff


class TakenMeanwhile(Exception):
    """Somebody has registered the code since the file was looked at."""


@dataclass(frozen=True, slots=True)
class MasterFile:
    """One master as a file.

    `keys` are the headings by which a line finds its row. `rows` are those that exist for a person, `columns` and `form` are made
    for the person who edits; `form` takes (values or None, row, person) and holds the rules, the same as on screen. `blank` makes
    the row that a line registers, from its cells, and raises ValidationError. `add` and `change` save a valid form. Where a new
    row gets an initial password, `initial_password` sets it without saving and returns it.
    """

    kind: str
    title: Promise
    ability: Ability
    page: str
    keys: tuple[str, ...]
    columns: Callable[[Staff], tuple[Column, ...]]
    rows: Callable[[Staff], QuerySet]
    blank: Callable[[Staff, dict[str, str]], Model]
    form: Callable[[dict[str, Any] | None, Model, Staff], ModelForm]
    add: Callable[[ModelForm, Origin], None]
    change: Callable[[ModelForm, Origin], None]
    initial_password: Callable[[Model], str] | None = None
    hint: Promise | str = ""

    @property
    def hands_out_passwords(self) -> bool:
        """Whether new rows are people who need a ログインID通知書."""
        return self.initial_password is not None


MASTER_FILES: dict[str, MasterFile] = {}


def register_file(file: MasterFile) -> MasterFile:
    """Offer this master as a file. Its app calls this when it loads."""
    MASTER_FILES[file.kind] = file
    return file


def cells_of(row: Model, columns: tuple[Column, ...]) -> dict[str, str]:
    """Return what stands in the file of this row, by heading."""
    return {column.heading: column.written(row) for column in columns}
