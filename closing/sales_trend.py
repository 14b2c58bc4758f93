"""Amounts by name and over time: what stores, methods and rates came to in each part of a period. Money in yen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from closing.analysis_period import Span
from closing.chart_scale import change_permille, share_permille
from closing.charts import Series

CHARTED = 5
OTHERS = 6  # the mark of what is drawn together


@dataclass(frozen=True, slots=True)
class Strand:
    """One name's amount in each part of the period (None where there was nothing), the tax in them, and the sum of the period before."""

    key: Hashable
    name: str
    amounts: tuple[int | None, ...]
    taxes: tuple[int | None, ...]
    before: int = 0

    @property
    def total(self) -> int:
        return sum(amount or 0 for amount in self.amounts)

    @property
    def tax(self) -> int:
        return sum(tax or 0 for tax in self.taxes)

    @property
    def untaxed(self) -> int:
        return self.total - self.tax

    @property
    def difference(self) -> int:
        return self.total - self.before

    @property
    def permille(self) -> int | None:
        return change_permille(self.total, self.before)

    @property
    def parts(self) -> tuple[tuple[int, int], ...]:
        """Return amount and tax of each part."""
        return tuple((amount or 0, tax or 0) for amount, tax in zip(self.amounts, self.taxes, strict=True))


@dataclass(frozen=True, slots=True)
class Trend:
    """Strands over the same parts of a period."""

    spans: tuple[Span, ...]
    strands: tuple[Strand, ...]

    @property
    def sum(self) -> Strand:
        """All strands together."""
        return together("", self.strands, len(self.spans))

    @property
    def shares(self) -> tuple[tuple[Strand, int | None], ...]:
        """Return each strand and how many tenths of a percent of the whole it is."""
        whole = self.sum.total
        return tuple((strand, share_permille(strand.total, whole)) for strand in self.strands)

    @property
    def rows(self) -> tuple[tuple[Span, tuple[tuple[int, int], ...], tuple[int, int]], ...]:
        """Return each part of the period, the strands' amounts and taxes in it, and their sums."""
        columns = list(zip(*(strand.parts for strand in self.strands), strict=True)) or [()] * len(self.spans)
        return tuple(zip(self.spans, columns, self.sum.parts, strict=True))

    def series(self, others: str) -> tuple[Series, ...]:
        """Return what a chart shows: the first five strands, or the first four and all `others` together."""
        alone = self.strands if len(self.strands) <= CHARTED else self.strands[: CHARTED - 1]
        named = [Series(strand.name, strand.amounts, mark) for mark, strand in enumerate(alone, 1)]
        rest = self.strands[len(alone) :]
        return (*named, *([Series(others, together(others, rest, len(self.spans)).amounts, OTHERS)] if rest else []))


def trend_of(
    spans: tuple[Span, ...],
    rows: Iterable[tuple[Hashable, date, int, int]],
    *,
    names: Mapping[Hashable, str],
    before: Mapping[Hashable, int],
) -> Trend:
    """Return the rows of (key, date, amount, tax) by key, in the order of `names`. A key without a row that came to something before is there, too."""
    sums = _by_part(spans, rows)
    nothing = ((None,) * len(spans),) * 2
    strands = (Strand(key, name, *map(tuple, sums.get(key, nothing)), before.get(key, 0)) for key, name in names.items())
    return Trend(spans, tuple(strand for strand in strands if strand.key in sums or strand.before))


def together(name: str, strands: Sequence[Strand], parts: int) -> Strand:
    """Return the strands added up."""
    amounts = tuple(_sum([strand.amounts[part] for strand in strands]) for part in range(parts))
    taxes = tuple(_sum([strand.taxes[part] for strand in strands]) for part in range(parts))
    return Strand("", name, amounts, taxes, sum(strand.before for strand in strands))


def _sum(amounts: Sequence[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _by_part(spans, rows):
    """Return amounts and taxes per key and part; None where no row is."""
    begins = [span.first for span in spans]
    sums = {}
    for key, day, amount, tax in rows:
        part = bisect_right(begins, day) - 1
        for column, added in zip(sums.setdefault(key, ([None] * len(spans), [None] * len(spans))), (amount, tax), strict=True):
            column[part] = (column[part] or 0) + added
    return sums
