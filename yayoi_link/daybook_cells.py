"""Dates and amounts as Yayoi's exports write them."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from unicodedata import normalize

# First year of each era, less one.
ERAS = {"R": 2018, "H": 1988, "S": 1925}
DATE = re.compile(r"(?P<era>[RHS]?)\.?(?P<year>[0-9]{1,4})[/.-](?P<month>[0-9]{1,2})[/.-](?P<day>[0-9]{1,2})")
PLAIN_DATE = re.compile(r"(?P<era>)(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
AMOUNT = re.compile(r"-?[0-9]{1,11}")


@lru_cache(maxsize=4096)
def read_date(cell: str) -> date | None:
    """Return the day of `20260401`, `2026/4/1`, `R08/04/01` or `R.08/04/01`; None for anything else. Never raises."""
    text = normalize("NFKC", cell).replace(" ", "").upper()
    found = PLAIN_DATE.fullmatch(text) or DATE.fullmatch(text)
    if not found:
        return None
    try:
        return date(ERAS.get(found["era"], 0) + int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def read_amount(cell: str) -> int | None:
    """Return the yen of a cell, 0 for a blank one; None for what is no whole number of at most 11 digits. Never raises."""
    text = normalize("NFKC", cell).replace(",", "").strip()
    if not text:
        return 0
    return int(text) if AMOUNT.fullmatch(text) else None
