"""The short reference at the end of each 摘要, by which a row is found again: which store, business day and revision it posts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

# A store's code may hold hyphens; day and revision are the last two numbers.
REFERENCE = re.compile(r"#(?P<store>[0-9A-Za-z-]{1,20})-(?P<day>[0-9]{6})-(?P<revision>[0-9]{1,9})(?![0-9A-Za-z-])")


@dataclass(frozen=True, slots=True)
class RowReference:
    store_code: str
    business_date: date
    revision: int


def reference_in(text: str) -> RowReference | None:
    """Return the last reference that the text holds, in half or full width; None where it holds none. Never raises."""
    if "#" not in text and "＃" not in text:
        return None  # as in most of the books, which are not ours
    references = [reference for found in REFERENCE.finditer(normalize("NFKC", text)) if (reference := _reference(found))]
    return references[-1] if references else None


def tagged(description: str, key: str) -> str:
    """Return what 仕訳メモ says of a row: the reference out of its 摘要, and its key. Without a reference nothing."""
    written = [found[0] for found in REFERENCE.finditer(description)]
    return f"{written[-1]} {key}" if written else ""


def tagged_key(memo: str) -> str:
    """Return the key that `tagged` wrote into a 仕訳メモ, empty for any other text."""
    found = REFERENCE.match(memo)
    return memo[found.end() + 1 :] if found and memo[found.end() : found.end() + 1] == " " else ""


def _reference(found: re.Match[str]) -> RowReference | None:
    day = found["day"]
    try:
        business_date = date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        return None
    return RowReference(found["store"], business_date, int(found["revision"]))
