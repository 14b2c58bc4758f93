"""Japanese on an English page that nobody translated."""

import re
from pathlib import Path

from regi_admin.catalogue import read_catalogue
from tests.journeys.leftovers import rows_of_database

JAPANESE = re.compile(r"[\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff\u3400-\u9fff]+")
WORDS = (Path(__file__).parent / "words.js").read_text(encoding="utf-8")
ESCAPED = re.compile(r"\\u([0-9a-f]{4})")


def japanese_in(text):
    return set(JAPANESE.findall(text))


def words_that_stay():
    """Return the Japanese of an English page: names and texts that people entered, and words quoted from Yayoi's screens."""
    rows = set().union(*(japanese_in(unescaped(text)) for _, text in rows_of_database()))
    return rows | japanese_in(" ".join(str(message.string) for message in read_catalogue()))


def unescaped(text):
    """SQLite keeps JSON as it was written: in ASCII."""
    return ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), text)


def untranslated(page, known_words):
    return [f"untranslated: {word}" for word in sorted(japanese_in(page.evaluate(WORDS)) - known_words)]
