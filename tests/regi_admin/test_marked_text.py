"""Japanese in a template that nobody marked for translation would stand on the English page, and no check of the catalogue would see it."""

import re

import pytest

from regi_admin.processes import CHECKOUT

JAPANESE = re.compile(r"[\u3041-\u30fa\u3400-\u9fff]")
MARKED = re.compile(
    r"{% (blocktranslate|comment)\b.*?{% end\1 %}|{% translate .*?%}|{#.*?#}|_\((?:\"[^\"]*\"|'[^']*')\)",
    re.DOTALL,
)
TEMPLATES = CHECKOUT / "templates"
# A language is called by its own name; the papers for the tax accountant are Japanese whoever makes them.
JAPANESE_FOR_EVERYBODY = {"header/languages.html"}
PAPERS = "yayoi_link/papers/"


def templates():
    names = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
    return [name for name in names if name not in JAPANESE_FOR_EVERYBODY and not name.startswith(PAPERS)]


def unmarked_in(text):
    return [line.strip() for line in MARKED.sub("", text).splitlines() if JAPANESE.search(line)]


def test_all_japanese_in_templates_is_marked_for_translation():
    found = {name: unmarked_in((TEMPLATES / name).read_text(encoding="utf-8")) for name in templates()}

    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("text", ["<p>売上</p>", "{% translate '売上' %}を見る", "{% blocktranslate %}売上{% endblocktranslate %} 現金"])
def test_japanese_beside_the_marks_is_found(text):
    assert len(unmarked_in(text)) == 1
