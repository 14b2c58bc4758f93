"""A month of 日計 added up: what 税額集計表 and the cover of the monthly papers say. All money is whole yen."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from closing.categories import Nature, TaxCategory
from closing.figures import DayFigures, SalesLine


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount and the tax in it."""

    amount: int = 0
    tax: int = 0

    def __add__(self, other: Taxed) -> Taxed:
        return Taxed(self.amount + other.amount, self.tax + other.tax)

    @property
    def untaxed(self) -> int:
        """税抜: the amount without its tax."""
        return self.amount - self.tax


@dataclass(frozen=True, slots=True)
class CategoryMonth:
    """What a month sold, took back as mistakes and took back as goods of one tax category; both of the latter are negative."""

    category: TaxCategory
    sold: Taxed = Taxed()
    mistaken: Taxed = Taxed()
    returned: Taxed = Taxed()

    @property
    def net(self) -> Taxed:
        return self.sold + self.mistaken + self.returned

    def with_line(self, line: SalesLine) -> CategoryMonth:
        """Return this with the line in the column that its nature belongs to."""
        column = COLUMNS[line.nature]
        return replace(self, **{column: getattr(self, column) + Taxed(line.amount, line.tax)})


COLUMNS = {Nature.SALE: "sold", Nature.MISTAKE: "mistaken", Nature.EARLIER_MISTAKE: "mistaken", Nature.RETURN: "returned"}


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The sums of some closed days. Names mean what they mean in DayFigures."""

    days: int = 0
    gross_sales: int = 0
    sales_tax: int = 0
    non_sales_total: int = 0
    payments_total: int = 0
    overage_total: int = 0
    paid_in: int = 0
    paid_out: int = 0
    overs: int = 0
    shorts: int = 0
    categories: tuple[CategoryMonth, ...] = ()

    @property
    def sales(self) -> tuple[CategoryMonth, ...]:
        return tuple(month for month in self.categories if month.category.is_sales)

    @property
    def non_sales(self) -> tuple[CategoryMonth, ...]:
        return tuple(month for month in self.categories if not month.category.is_sales)


def added(total: MonthFigures, day: DayFigures) -> MonthFigures:
    """Return the sums with one more day in them. Nothing is computed anew: tax is the sum of the days' tax."""
    months = {month.category: month for month in total.categories}
    for line in day.lines:
        months[line.category] = months.get(line.category, CategoryMonth(line.category)).with_line(line)
    names = {field.name for field in fields(MonthFigures)} - {"days", "categories"}
    sums = {name: getattr(total, name) + getattr(day, name) for name in names}
    ordered = tuple(sorted(months.values(), key=lambda month: month.category.position))
    return MonthFigures(days=total.days + 1, categories=ordered, **sums)


def sum_of(months: tuple[CategoryMonth, ...]) -> Taxed:
    """Return the net of some categories together."""
    return sum((month.net for month in months), Taxed())
