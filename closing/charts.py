"""Where the columns and lines of a chart lie.

Heights are pixels from the top. Positions across are hundredths of a percent of the drawing's width, so that it fits any
screen while its words keep their size. All whole numbers; amounts are yen, None is a slot without any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from closing.chart_scale import Scale, Tick

ACROSS = 10_000
HEIGHT = 220


@dataclass(frozen=True, slots=True)
class Slot:
    """One place across: its full name, what stands under it (often nothing), and whether it is set off, as a weekend is."""

    name: str
    label: str = ""
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One name and its amount in each slot. `mark` is the number of its pattern and colour."""

    name: str
    amounts: Sequence[int | None]
    mark: int = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle: one amount of a column."""

    series: Series
    amount: int
    x: int
    width: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Point:
    """One amount of a line."""

    slot: Slot
    amount: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line; where an amount is missing it is interrupted."""

    series: Series
    points: tuple[Point | None, ...]

    @property
    def stretches(self) -> tuple[tuple[Point, Point], ...]:
        """Return the ends of its straight parts."""
        return tuple((left, right) for left, right in pairwise(self.points) if left and right)

    @property
    def marks(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point)


@dataclass(frozen=True, slots=True)
class Column:
    """What is drawn in one slot. `left` and `width` are the slot's own, `middle` is where its label stands."""

    slot: Slot
    left: int
    width: int
    pieces: tuple[Piece, ...] = ()

    @property
    def middle(self) -> int:
        return self.left + self.width // 2


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing: the columns hold the slots in any case, and the pieces of a chart of columns; lines lie above them."""

    scale: Scale
    columns: tuple[Column, ...]
    series: tuple[Series, ...]
    lines: tuple[Line, ...] = ()

    @property
    def ticks(self) -> tuple[Tick, ...]:
        return self.scale.ticks

    @property
    def height(self) -> int:
        return self.scale.height

    @property
    def has_marked(self) -> bool:
        return any(column.slot.is_marked for column in self.columns)

    @property
    def zero(self) -> int:
        return self.scale.y(0)


def column_chart(slots: Sequence[Slot], series: Sequence[Series], *, height: int = HEIGHT) -> Chart:
    """Return columns in which the series are stacked: what is more than nothing upwards from zero, what is less downwards."""
    stacks = [_stack([one.amounts[number] for one in series]) for number in range(len(slots))]
    scale = Scale.over((end for stack in stacks for _start, end in stack), height=height)
    columns = []
    for place, stack in zip(_places(slots), stacks, strict=True):
        pieces = (_piece(place, scale, one, ends) for one, ends in zip(series, stack, strict=True))
        columns.append(Column(place.slot, place.left, place.width, tuple(piece for piece in pieces if piece.amount)))
    return Chart(scale, tuple(columns), tuple(series))


def line_chart(slots: Sequence[Slot], series: Sequence[Series], *, height: int = HEIGHT) -> Chart:
    """Return one line per series."""
    scale = Scale.over((amount for one in series for amount in one.amounts if amount is not None), height=height)
    places = _places(slots)
    lines = tuple(
        Line(one, tuple(_point(place, scale, amount) for place, amount in zip(places, one.amounts, strict=True))) for one in series
    )
    return Chart(scale, tuple(places), tuple(series), lines)


def _places(slots):
    edges = [ACROSS * number // len(slots) for number in range(len(slots) + 1)] if slots else []
    return [Column(slot, left, right - left) for slot, (left, right) in zip(slots, pairwise(edges), strict=True)]


def _stack(amounts):
    """Return from where to where each amount reaches, those below zero apart from those above it."""
    above = below = 0
    ends = []
    for amount in amounts:
        if amount is None or amount >= 0:
            ends.append((above, above := above + (amount or 0)))
        else:
            ends.append((below, below := below + amount))
    return ends


def _piece(place, scale, series, ends):
    start, end = ends
    top, bottom = scale.y(max(ends)), scale.y(min(ends))
    margin = place.width // 8
    # What is there is seen, however little it is beside the rest.
    return Piece(series, end - start, place.left + margin, place.width - 2 * margin, top, max(bottom - top, 1))


def _point(place, scale, amount):
    return None if amount is None else Point(place.slot, amount, place.middle, scale.y(amount))
