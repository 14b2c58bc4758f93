"""Proves that journal entries say what the figures of the day say: of a preview, of a closing, or read back from a posting."""

from collections.abc import Iterable

from closing.categories import MovementDirection, TaxCategory
from closing.figures import DayFigures
from closing.mismatch import Subject, Sums
from yayoi_link.journal import SALES_FAMILIES, JournalEntry, LeftOut


def disagreements(
    figures: DayFigures, entries: Iterable[JournalEntry], *, left_out: Iterable[LeftOut] = (), carries_tax: bool
) -> list[Sums]:
    """Return where the figures differ from what is posted together with what is `left_out` of it: counted, and posted.

    An empty list is the proof. Meant for entries of a full journal without missing lines; `carries_tax`: under 税抜経理.
    """
    signed = [(entry.key.split("/"), entry.signed_amount, entry.signed_tax) for entry in entries]
    signed += [(line.key.split("/"), line.amount, line.tax) for line in left_out]
    sales = [(key[1], key[2], amount, tax) for key, amount, tax in signed if key[0] in SALES_FAMILIES]
    margins = [
        *(_method_margin(total.method, total.amount, sales) for total in figures.methods),
        *(_category_margin(category, figures, sales) for category in TaxCategory),
        Sums(Subject.TAX, figures.sales_tax if carries_tax else 0, sum(tax for *_, tax in sales)),
        Sums(Subject.OVERAGE, figures.overage_total, _sum_of("overage", signed)),
        Sums(Subject.PAID_IN, figures.paid_in, _sum_of("paid_in", signed)),
        Sums(Subject.PAID_OUT, figures.paid_out, -_sum_of("paid_out", signed)),
        Sums(Subject.SHORTS_EXPLAINED, _moved(figures, MovementDirection.SHORT_EXPLAINED), -_sum_of("short_explained", signed)),
        Sums(Subject.OVERS_EXPLAINED, _moved(figures, MovementDirection.OVER_EXPLAINED), _sum_of("over_explained", signed)),
        Sums(Subject.OVER, figures.overs, _sum_of("over", signed)),
        Sums(Subject.SHORT, figures.shorts, -_sum_of("short", signed)),
    ]
    return [sums for sums in margins if sums.differ]


def _method_margin(method: str, counted: int, sales: list[tuple[str, str, int, int]]) -> Sums:
    return Sums(Subject.PAYMENTS, counted, sum(amount for paid_by, _, amount, _ in sales if paid_by == method), of=method)


def _category_margin(category: TaxCategory, figures: DayFigures, sales: list[tuple[str, str, int, int]]) -> Sums:
    counted = sum(line.amount for line in figures.lines if line.category is category)
    return Sums(Subject.CATEGORY, counted, sum(amount for _, sold_as, amount, _ in sales if sold_as == category), of=category)


def _sum_of(family: str, signed: list[tuple[list[str], int, int]]) -> int:
    return sum(amount for key, amount, _ in signed if key[0] == family)


def _moved(figures: DayFigures, direction: MovementDirection) -> int:
    return sum(movement.amount for movement in figures.movements if movement.direction is direction)
