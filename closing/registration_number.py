"""登録番号 of 適格請求書発行事業者, and the dates that their receipts can bear."""

import re
from datetime import date, timedelta
from unicodedata import normalize

# インボイス制度: no earlier receipt has a number, and none is deducted by 経過措置.
INVOICES_SINCE = date(2023, 10, 1)
WRITTEN = re.compile(r"T?([1-9])([0-9]{12})")


def read_registration_number(text: str) -> str | None:
    """Return the number as T and 13 digits, None when it cannot be one.

    Full-width characters, blanks, hyphens and a missing T are how people copy it from a receipt. The first digit checks the
    others, as in a 法人番号 (財務省令第70号 第2条).
    """
    match = WRITTEN.fullmatch(re.sub(r"[\s-]", "", normalize("NFKC", text)).upper())
    if not match or int(match[1]) != check_digit(match[2]):
        return None
    return f"T{match[1]}{match[2]}"


def check_digit(number: str) -> int:
    """Return the digit that stands before twelve others: counted from the right, every second one weighs double."""
    weighed = (int(digit) * (2 if position % 2 else 1) for position, digit in enumerate(reversed(number)))
    return 9 - sum(weighed) % 9


def may_be_dated(receipt: date, day: date) -> bool:
    """Say whether a receipt that was paid on the 営業日 can bear that 領収書日付: its year decides how much tax is deducted.

    The day may go on after midnight.
    """
    return INVOICES_SINCE <= receipt <= day + timedelta(days=1)
