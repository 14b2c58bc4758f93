"""Proves that the journal of many days says what their 日計 say, subject by subject. All money is whole yen, signed: + comes in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from typing import NamedTuple

from closing.categories import MovementDirection, TaxCategory
from closing.figures import DayFigures
from closing.month_figures import Taxed
from yayoi_link.daybook import DaybookRow, read_daybook
from yayoi_link.journal import SALES_FAMILIES, JournalEntry, LeftOut, Missing

# Between drawer and safe: the 日計 counts these, and by default nobody posts them.
DRAWER_FAMILIES = frozenset({"pickup", "float", "carry_over", "float_adjustment"})


class Topic(StrEnum):
    """What is compared, in the order of the 日計."""

    CATEGORY = "category"
    TAX = "tax"
    OVERAGE = "overage"
    PAID_IN = "paid_in"
    PAID_OUT = "paid_out"
    SHORT_EXPLAINED = "short_explained"
    OVER_EXPLAINED = "over_explained"
    OVER = "over"
    SHORT = "short"
    # Rows of the journal that no 日計 accounts for.
    UNEXPECTED = "unexpected"


MOVEMENT_TOPICS = {
    MovementDirection.PAID_IN: Topic.PAID_IN,
    MovementDirection.PAID_OUT: Topic.PAID_OUT,
    MovementDirection.SHORT_EXPLAINED: Topic.SHORT_EXPLAINED,
    MovementDirection.OVER_EXPLAINED: Topic.OVER_EXPLAINED,
}


class Subject(NamedTuple):
    """A topic, and of which tax category or reason."""

    topic: Topic
    name: str = ""


@dataclass(frozen=True, slots=True)
class Margin:
    """What the 日計 count, what the journal posts, and what it says that it leaves out: 送らない, or without an account yet."""

    counted: int = 0
    posted: int = 0
    left_out: int = 0

    def __add__(self, other: Margin) -> Margin:
        return Margin(self.counted + other.counted, self.posted + other.posted, self.left_out + other.left_out)

    @property
    def agrees(self) -> bool:
        return self.counted == self.posted + self.left_out


type Margins = Mapping[Subject, Margin]
Group = tuple[str, ...]


def margins_of_day(
    figures: DayFigures, entries: Iterable[JournalEntry], *, left_out: Iterable[LeftOut] = (), missing: Iterable[Missing] = ()
) -> Margins:
    """Set the entries of a day's full journal, and what it says that it leaves out, against its figures.

    A row that is neither there nor left out is one that was lost: then the subject does not agree.
    """
    posted, unsent = _posted(entries), _left_out(left_out)
    nameless = {_group(line.key) for line in missing}
    carries_tax = any(sums[group].tax for sums in (posted, unsent) for group in sums if group[0] == "sales")
    found: dict[Subject, Margin] = defaultdict(Margin)
    for group, subject, counted in _counted(figures):
        sent, kept = posted.pop(group, Taxed()), unsent.pop(group, Taxed())
        if group in nameless:
            kept = Taxed(counted.amount - sent.amount, counted.tax - sent.tax)
        found[subject] += Margin(counted.amount, sent.amount, kept.amount)
        if counted.tax and carries_tax:
            found[Subject(Topic.TAX)] += Margin(counted.tax, sent.tax, kept.tax)
    for group in posted.keys() | unsent.keys():
        if group[0] not in DRAWER_FAMILIES:
            sums = (posted.get(group, Taxed()).amount, unsent.get(group, Taxed()).amount)
            found[Subject(Topic.UNEXPECTED, "/".join(group))] += Margin(0, *sums)
    return dict(found)


def all_agree(margins: Margins) -> bool:
    """Tell whether every subject agrees."""
    return all(margin.agrees for margin in margins.values())


def together(*many: Margins) -> Margins:
    """Return the sums of margins, in the order of the 日計."""
    sums: dict[Subject, Margin] = defaultdict(Margin)
    for margins in many:
        for subject, margin in margins.items():
            sums[subject] += margin
    return dict(sorted(sums.items(), key=lambda item: _position(item[0])))


def _position(subject: Subject) -> tuple[int, int, str]:
    category = TaxCategory(subject.name).position if subject.topic is Topic.CATEGORY else 0
    return (list(Topic).index(subject.topic), category, subject.name)


def _posted(entries: Iterable[JournalEntry]) -> dict[Group, Taxed]:
    sums: dict[Group, Taxed] = defaultdict(Taxed)
    for entry in entries:
        sums[_group(entry.key)] += Taxed(entry.signed_amount, entry.signed_tax)
    return sums


def _left_out(lines: Iterable[LeftOut]) -> dict[Group, Taxed]:
    sums: dict[Group, Taxed] = defaultdict(Taxed)
    for line in lines:
        sums[_group(line.key)] += Taxed(line.amount, line.tax)
    return sums


def _group(key: str) -> Group:
    """Leave out of a key what may cut one amount of the 日計 into several rows: nature, rate of an expense, pieces."""
    family, *rest = key.split("/")
    if family in SALES_FAMILIES:
        return ("sales", *rest[:2])
    return (family,) if family in DRAWER_FAMILIES or family in (Topic.OVER, Topic.SHORT) else (family, *rest[:1])


def _counted(figures: DayFigures) -> Iterator[tuple[Group, Subject, Taxed]]:
    sales: dict[Group, Taxed] = defaultdict(Taxed)
    for line in figures.lines:
        sales["sales", line.method, line.category.value] += Taxed(line.amount, line.tax)
    for group, taxed in sales.items():
        yield group, Subject(Topic.CATEGORY, group[2]), taxed
    for overage in figures.overages:
        yield ("overage", overage.method), Subject(Topic.OVERAGE), Taxed(overage.amount)
    for movement in figures.movements:
        topic = MOVEMENT_TOPICS[movement.direction]
        amount = movement.amount if movement.direction.is_inward else -movement.amount
        yield (topic.value, movement.movement), Subject(topic, movement.reason_name), Taxed(amount)
    yield ("over",), Subject(Topic.OVER), Taxed(figures.overs)
    yield ("short",), Subject(Topic.SHORT), Taxed(-figures.shorts)


@dataclass(frozen=True, slots=True)
class FileTotals:
    """What files of 弥生インポート形式 say when they are read back: rows, and both sides of them added up by themselves."""

    rows: int = 0
    debit: int = 0
    credit: int = 0
    unreadable: int = 0


def file_totals(contents: Iterable[bytes]) -> FileTotals:
    """Read the files back and add their columns up; a line that cannot be read counts as unreadable."""
    return reduce(_with_row, (row for content in contents for row in read_daybook(content)), FileTotals())


def _with_row(totals: FileTotals, row: object) -> FileTotals:
    if not isinstance(row, DaybookRow):
        return FileTotals(totals.rows, totals.debit, totals.credit, totals.unreadable + 1)
    return FileTotals(totals.rows + 1, totals.debit + row.debit.amount, totals.credit + row.credit.amount, totals.unreadable)
