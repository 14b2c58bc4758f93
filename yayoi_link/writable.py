"""Text that every Yayoi product can take: CP932 characters, a width counted in 半角 columns."""

import re
from unicodedata import category, combining, normalize

# What CP932 lacks, and what a reader takes for the same.
EQUIVALENTS = {
    "\u2014": "―",
    "\u2013": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u00a5": "￥",
    "\u00a0": " ",
    "\u2022": "・",
    "\u00b7": "・",
    "\u301c": "～",
    "\u2212": "－",
    "\u2016": "∥",
    "\u20ac": "EUR",
    "\u2122": "(TM)",
    "\u00a9": "(C)",
    "\u00ae": "(R)",
    "\u00ab": "《",
    "\u00bb": "》",
    "\u00df": "ss",
    "\u00f8": "o",
    "\u00d8": "O",
    "\u00e6": "ae",
    "\u0153": "oe",
    "\U00020bb7": "吉",
    "\u525d": "剥",
    "\u9830": "頬",
    "\u5653": "嘘",
    "\U00020b9f": "叱",
    "\u7e6b": "繋",
    "\u3094": "ヴ",
}
MARKED = re.compile(r".[\u0300-\u036f\u3099\u309a]+", re.DOTALL)
# Variation selectors choose a shape of the character before them, not another character.
INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]")


class UnwritableText(ValueError):
    """A character that Yayoi cannot hold and that has no equivalent."""

    def __init__(self, text: str, character: str) -> None:
        super().__init__(f"{character!r} in {text!r}")
        self.text, self.character = text, character


def writable(text: str) -> str:
    """Return the text with characters that CP932 holds, others replaced by their listed equivalent; never by `?`.

    Accents of Latin letters are dropped, blanks and line breaks become single spaces. Raises UnwritableText, naming the
    first character without an equivalent.
    """
    composed = MARKED.sub(lambda match: normalize("NFC", match[0]), INVISIBLE.sub("", text))
    return " ".join("".join(_writable_character(character, text) for character in composed).split())


def replaced(text: str) -> str:
    """Return what is written in place of the text where a character had to give way; empty where none had to, or none can."""
    try:
        written = writable(text)
    except UnwritableText:
        return ""
    return "" if written == " ".join(text.split()) else written


def _writable_character(character: str, text: str) -> str:
    if character.isspace() or category(character) == "Cc":
        return " "
    for candidate in (EQUIVALENTS.get(character, character), _without_accent(character)):
        try:
            # Some characters come back from CP932 as their wide twins: the file and the posting must say the same.
            return candidate.encode("cp932").decode("cp932")
        except UnicodeEncodeError:
            continue
    raise UnwritableText(text, character)


def _without_accent(character: str) -> str:
    return "".join(part for part in normalize("NFD", character) if not combining(part))


def columns(text: str) -> int:
    """Return the width in 半角 columns: full-width characters count 2. Takes text from `writable`."""
    return len(text.encode("cp932"))


def shortened(text: str, width: int) -> str:
    """Return as much of the text as fits into `width` 半角 columns, without half a character or a blank at its end."""
    while columns(text) > max(width, 0):
        text = text[:-1]
    return text.rstrip()
