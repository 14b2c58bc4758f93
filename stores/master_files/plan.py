"""What taking a file in would do, line by line. Looking writes nothing; `digest` says whether it is still so."""

import json
from dataclasses import dataclass, field
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import ModelForm
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stores.master_files.columns import Column, by_code
from stores.master_files.description import MasterFile, cells_of
from stores.master_files.reading import ReadLine, read_lines
from stores.models import Staff

NEW, CHANGED, UNCHANGED, REFUSED = "new", "changed", "unchanged", "refused"
FATES = {
    NEW: gettext_lazy("新規"),
    CHANGED: gettext_lazy("変更"),
    UNCHANGED: gettext_lazy("変更なし"),
    REFUSED: gettext_lazy("取り込めない"),
}
# Their passwords are hashed while the browser waits, some 30 ms each.
MOST_NEW_PASSWORDS = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: `changes` by heading from what to what, `problems` as (heading or "", sentence)."""

    number: int
    name: str
    fate: str
    changes: dict[str, list[str]] = field(default_factory=dict)
    problems: tuple[tuple[str, str], ...] = ()
    seen: tuple = ()
    form: ModelForm | None = None

    @property
    def fate_label(self):
        return FATES[self.fate]


@dataclass(frozen=True)
class Plan:
    """All lines, in the order of the file."""

    file: MasterFile
    lines: list[Line]

    def of(self, fate: str) -> list[Line]:
        """Return the lines of one fate."""
        return [line for line in self.lines if line.fate == fate]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many lines have which fate."""
        return {fate: len(self.of(fate)) for fate in FATES}

    @property
    def problem(self) -> str:
        """What is wrong with the file beyond its lines; empty where nothing is."""
        if self.file.hands_out_passwords and self.counts[NEW] > MOST_NEW_PASSWORDS:
            return ngettext(
                "新しく登録できるのは、一度に%(most)s人までです。", "新しく登録できるのは、一度に%(most)s人までです。", MOST_NEW_PASSWORDS
            ) % {"most": MOST_NEW_PASSWORDS}
        return ""

    @property
    def may_be_taken_in(self) -> bool:
        """All or nothing: every line is right, and there is something to do."""
        return not self.counts[REFUSED] and bool(self.counts[NEW] or self.counts[CHANGED]) and not self.problem

    @property
    def digest(self) -> str:
        """What the person has seen: each line's cells and fate, and the row as it was then."""
        seen = [[line.number, line.fate, *line.seen] for line in self.lines]
        return sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()


def plan_of(content: bytes, file: MasterFile, person: Staff, *, lock: bool = False) -> Plan:
    """Judge a file against the rows as they are now; `lock` keeps these so until the transaction ends. Raises FileRefused."""
    columns = file.columns(person)
    rows = file.rows(person)
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",)).order_by("pk")
    judge = _Judge(file, person, columns, {_key(file, cells_of(row, columns)): row for row in rows})
    return Plan(file, [judge.line(read) for read in read_lines(content, file, columns)])


@dataclass(frozen=True)
class _Judge:
    file: MasterFile
    person: Staff
    columns: tuple[Column, ...]
    rows: dict[str, Model]
    taken: dict[str, int] = field(default_factory=dict)

    def line(self, read: ReadLine) -> Line:
        if read.problem:
            return Line(read.number, "", REFUSED, problems=(("", read.problem),))
        row = by_code(_key(self.file, read.cells), self.rows)
        now = cells_of(row, self.columns) if row else {}
        cells = read.cells | {heading: now[heading] for heading in self.file.keys} if row else read.cells
        earlier = self._taken_before(cells, read.number)
        if earlier:
            problem = _("%(line)s行目と同じコードです。") % {"line": earlier}
            return Line(read.number, self._name(cells), REFUSED, problems=((self.file.keys[-1], problem),))
        if row and now | cells == now:
            return Line(read.number, self._name(now), UNCHANGED, seen=(now, cells))
        return self._judged(read.number, row, now, cells)

    def _taken_before(self, cells, number):
        """Two lines of one code are no order to follow; VISA and visa would be mistaken for each other."""
        key = _key(self.file, cells)
        earlier = self.taken.setdefault(key if key in self.rows else key.casefold(), number)
        return earlier if earlier != number else None

    def _judged(self, number, row, now, cells):
        fate = CHANGED if row else NEW
        try:
            row = row or self.file.blank(self.person, cells)
        except ValidationError as refused:
            problems = tuple((self.file.keys[0], sentence) for sentence in refused.messages)
            return Line(number, self._name(cells), REFUSED, problems=problems, seen=(now, cells))
        # The form writes into the row.
        name, before = self._name(now or cells), cells_of(row, self.columns)
        values, problems = self._values(before | cells)
        form = self.file.form(values, row, self.person)
        problems += self._fixed(form, before, cells)
        problems = problems or self._refusals(form)
        seen = (now, cells)
        if problems:
            return Line(number, name, REFUSED, problems=tuple(problems), seen=seen)
        changed = [column for column in self.columns if column.field in form.changed_data and column.heading in cells]
        if fate == CHANGED and not changed:
            return Line(number, name, UNCHANGED, seen=seen)
        shown = {column.heading: [before[column.heading], column.meant(cells[column.heading])] for column in changed}
        return Line(number, name, fate, shown, seen=seen, form=form)

    def _name(self, cells):
        named = next(column.heading for column in self.columns if column.heading not in self.file.keys)
        return " ".join([*(cells[heading] for heading in self.file.keys), cells.get(named, "")]).strip()

    def _values(self, cells):
        values, problems = {}, []
        for column in self.columns:
            try:
                values[column.field] = column.read(cells[column.heading])
            except ValidationError as refused:
                problems += [(column.heading, sentence) for sentence in refused.messages]
        return values, problems

    def _fixed(self, form, before, cells):
        """What the form does not let anybody change is refused where the file changes it, instead of being passed over."""
        fixed = [column for column in self.columns if column.field not in form.fields or form.fields[column.field].disabled]
        return [
            (column.heading, _("この列はファイルでは変更できません（いまは「%(now)s」）。") % {"now": before[column.heading]})
            for column in fixed
            if column.heading not in self.file.keys and cells.get(column.heading) not in (None, "", before[column.heading])
        ]

    def _refusals(self, form):
        headings = {column.field: column.heading for column in self.columns}
        return [(headings.get(name, ""), str(sentence)) for name, sentences in form.errors.items() for sentence in sentences]


def _key(file, cells):
    return "/".join(cells[heading] for heading in file.keys)
