"""The translations of the portal: `bin/messages update|check|compile`. Only Babel is needed, no GNU gettext.

Japanese is the source language, so a message's id is the Japanese text. The catalogue has no dates and no line numbers:
a change of it shows the changed sentences only.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

CHECKOUT = Path(__file__).resolve().parent.parent
CATALOGUE = CHECKOUT / "locale" / "en" / "LC_MESSAGES" / "django.po"
SOURCES = ["stores", "closing", "yayoi_link", "regi_admin", "templates"]
LAZY = {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")}
KEYWORDS = DEFAULT_KEYWORDS | LAZY | {"gettext_noop": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")
HEADER = """msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def update() -> int:
    """Bring the catalogue in line with the code: new messages come in without a translation, unused ones go."""
    catalogue = read_catalogue()
    catalogue.update(messages_in_code(), no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    body = io.BytesIO()
    write_po(body, catalogue, width=140, omit_header=True, sort_by_file=True, include_lineno=False)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(HEADER + body.getvalue().decode(), encoding="utf-8")
    return 0


def check() -> int:
    """Name everything that would show Japanese in the English portal, or break when it is shown. Returns an exit code."""
    found = list(problems(messages_in_code(), read_catalogue()))
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


def compile_catalogue() -> int:
    """Write the file that Django reads."""
    with CATALOGUE.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_catalogue())
    return 0


def read_catalogue() -> Catalog:
    """Return the committed catalogue, empty when there is none yet."""
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as committed:
        return read_po(committed, locale="en")


def messages_in_code() -> Catalog:
    """Return a catalogue of every message in the Python modules and the templates."""
    found = Catalog()
    for path in sorted(path for source in SOURCES for path in (CHECKOUT / source).rglob("*") if path.suffix in {".py", ".html", ".txt"}):
        name = path.relative_to(CHECKOUT).as_posix()
        for _, message, comments, context in messages_in_file(path, name):
            found.add(message, None, [(name, 1)], auto_comments=comments, context=context)
    return found


def messages_in_file(path: Path, name: str) -> Iterator[tuple]:
    """Yield (line, message, comments, context) as Babel does; a template is first turned into Python by Django."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Text between the tags comes out as words of X; without its indentation it cannot offend the tokenizer.
        text = "\n".join(line.strip() for line in templatize(text, origin=name).splitlines())
    return extract("python", io.BytesIO(text.encode()), KEYWORDS, options={"encoding": "utf-8"})


def problems(code: Catalog, catalogue: Catalog) -> Iterator[str]:
    """Yield one sentence for each message that is missing, unused, untranslated, fuzzy or has other placeholders."""
    for message in code:
        if message.id and catalogue.get(message.id, message.context) is None:
            yield f"not in the catalogue: {source_text(message)} ({message.locations[0][0]})"
    for message in [*catalogue, *catalogue.obsolete.values()]:
        if message.id:
            yield from problems_of(message, is_used=code.get(message.id, message.context) is not None)


def problems_of(message: Message, *, is_used: bool) -> Iterator[str]:
    """Yield what is wrong with one entry of the catalogue."""
    translations = message.string if isinstance(message.string, tuple) else (message.string,)
    if not is_used:
        yield f"no longer in the code: {source_text(message)}"
    if not all(translations):
        yield f"not translated: {source_text(message)}"
        return
    if message.fuzzy:
        yield f"fuzzy: {source_text(message)}"
    for translation in translations:
        if placeholders(translation) != placeholders(source_text(message)):
            yield f"other placeholders: {source_text(message)} → {translation}"


def source_text(message: Message) -> str:
    """Return the Japanese text; of a plural pair the one that names the count."""
    return message.id if isinstance(message.id, str) else message.id[-1]


def placeholders(text: str) -> set[str]:
    """Return the names that the code fills in, whatever their order."""
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


COMMANDS = {"update": update, "check": check, "compile": compile_catalogue}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit("usage: bin/messages update|check|compile")
    if not settings.configured:
        settings.configure()  # the template lexer asks for them; the portal's own are not needed
    sys.exit(COMMANDS[sys.argv[1]]())
