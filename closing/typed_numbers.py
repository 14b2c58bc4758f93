"""Numbers as people type them."""

from unicodedata import normalize

DECORATION = str.maketrans("", "", ",¥円枚 ")


def bare_number(text: str) -> str:
    """Return the text without what only decorates a number: １２，３００, ¥12,300 and 12300円 are 12300."""
    return normalize("NFKC", text).translate(DECORATION)
