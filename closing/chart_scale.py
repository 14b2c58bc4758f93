"""Which round amounts stand beside a chart, and how high an amount of yen lies in it. All whole numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

FACTORS = (1, 2, 5)
INTERVALS = 5  # at most, so that a chart stays calm


@dataclass(frozen=True, slots=True)
class Tick:
    """A round amount, and its distance from the top of the drawing in pixels."""

    amount: int
    y: int


@dataclass(frozen=True, slots=True)
class Scale:
    """From `lowest` to `highest` yen in steps of `step`, on so many pixels. Zero always lies on it."""

    lowest: int
    highest: int
    step: int
    height: int

    @classmethod
    def over(cls, amounts: Iterable[int], *, height: int) -> Scale:
        """Return the scale that shows all the amounts (yen) and zero."""
        known = [0, *amounts]
        lowest, highest = min(known), max(known)
        step = round_step(max(highest - lowest, 1))
        return cls(_whole_steps(lowest, step), max(-_whole_steps(-highest, step), step if lowest == 0 else 0), step, height)

    def y(self, amount: int) -> int:
        """Return how many pixels from the top an amount of yen lies."""
        span = self.highest - self.lowest
        return (2 * self.height * (self.highest - amount) + span) // (2 * span)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Return the round amounts, the highest first."""
        amounts = range(self.highest, self.lowest - 1, -self.step)
        return tuple(Tick(amount, self.y(amount)) for amount in amounts)


def round_step(span: int) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, 50 … yen of which at most five make up the span."""
    magnitude = 1
    while span > INTERVALS * FACTORS[-1] * magnitude:
        magnitude *= 10
    return next(factor * magnitude for factor in FACTORS if span <= INTERVALS * factor * magnitude)


def _whole_steps(amount: int, step: int) -> int:
    return amount // step * step


def change_permille(amount: int, before: int) -> int | None:
    """Return by how many tenths of a percent the amount differs from the one before; None where nothing can be compared."""
    if before <= 0:
        return None
    return (2000 * (amount - before) + before) // (2 * before)


def share_permille(amount: int, whole: int) -> int | None:
    """Return how many tenths of a percent of the whole the amount is; None of a whole that is nothing or less."""
    return (2000 * amount + whole) // (2 * whole) if whole > 0 else None
