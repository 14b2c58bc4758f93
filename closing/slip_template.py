"""The slip file to fill in: its columns, and example lines that the reader refuses as long as somebody leaves them in."""

from collections.abc import Iterator, Sequence
from datetime import date

from closing import slip_columns as columns
from closing.categories import TaxCategory
from closing.slip_file import EXAMPLE

REFUNDED = "000123"


def template_columns(methods: Sequence[str]) -> list[str]:
    """Return the header: what every slip has, what it may have, and one column per code of a payment method."""
    return [*columns.REQUIRED, *columns.OPTIONAL, *map(columns.payment_column, methods)]


def template_rows(methods: Sequence[str], *, store_code: str, register: int, staff_code: str, day: date) -> Iterator[list[str | int]]:
    """Yield a cash sale over both rates, one paid by the second method, and a return of yesterday's slip, in yen."""
    first, second = methods[0], methods[1] if len(methods) > 1 else methods[0]
    of_all = {columns.BUSINESS_DATE: day.isoformat(), columns.REGISTER: register, columns.STAFF: staff_code}
    standard, reduced = TaxCategory.STANDARD_10, TaxCategory.REDUCED_8
    rates = {columns.AMOUNTS[standard]: 1100, columns.TAXES[standard]: 100}
    lower = {columns.AMOUNTS[reduced]: 540, columns.TAXES[reduced]: 40}
    sale = {columns.KIND: "売上", columns.ISSUED_AT: f"{day} 10:05:00", columns.GUESTS: 2, **rates}
    examples = [
        {**sale, **lower, columns.TENDERED: 2000, columns.CHANGE: 360, columns.payment_column(first): 1640},
        {**sale, columns.ISSUED_AT: f"{day} 10:20:00", columns.payment_column(second): 1100},
        {
            columns.KIND: "赤",
            columns.ISSUED_AT: f"{day} 11:30:00",
            columns.ORIGINAL: f"{store_code}-{register}-{day:%Y%m%d}-{REFUNDED}",
            columns.REASON: "返品",
            **{column: -amount for column, amount in rates.items()},
            columns.payment_column(first): -1100,
        },
    ]
    for position, example in enumerate(examples, 1):
        cells = {columns.NUMBER: f"{EXAMPLE}{position}", **of_all, **example}
        yield [cells.get(column, "") for column in template_columns(methods)]
