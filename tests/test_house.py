"""Rules of the house that a machine can check."""

import ast
import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType
from django.urls import URLPattern, get_resolver

CHECKOUT = Path(__file__).resolve().parent.parent
APPS = ["regi_admin", "stores", "closing", "yayoi_link"]
MODULES = sorted(path for app in APPS for path in (CHECKOUT / app).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(path for folder in [*APPS, "templates"] for path in (CHECKOUT / folder).rglob("*.html"))
# The papers for the tax accountant are files, not pages: always in Japanese, and to be read without the portal's style sheet.
PAGES = [path for path in TEMPLATES if path.parent.name != "papers"]
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
TRANSLATES = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext", "gettext_noop"}
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=[\"']|javascript:", re.IGNORECASE)
NAME_OF_LANGUAGE = "日本語"  # is written in itself, whatever the language of the page
VAGUE = {"utils", "helpers", "common", "base", "misc", "services", "tools", "stuff"}


def name_of(path):
    return path.relative_to(CHECKOUT).as_posix()


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def views_in(resolver):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry.callback
        elif entry.namespace != "admin":
            yield from views_in(entry)


def modules_imported_by(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


def untranslated_texts(tree):
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TRANSLATES]
    expected = {inner for call in calls for argument in call.args for inner in ast.walk(argument)}
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    expected |= {node.body[0].value for node in ast.walk(tree) if isinstance(node, documented) and ast.get_docstring(node)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    # A word that is compared as well as shown stands in the same module a second time.
    known = {getattr(node, "value", None) for node in expected}
    return [text.value for text in texts if text.value not in known and JAPANESE.search(text.value)]


def untranslated_markup(source):
    is_translated = False
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK and "blocktranslate" in token.contents.split()[0]:
            is_translated = token.contents.startswith("blocktranslate")
        if token.token_type == TokenType.TEXT and not is_translated and JAPANESE.search(token.contents.replace(NAME_OF_LANGUAGE, "")):
            yield token.contents.strip()


def test_every_view_says_who_may_use_it():
    silent = [f"{view.__module__}.{view.__qualname__}" for view in views_in(get_resolver()) if not hasattr(view, "requires")]

    assert silent == []


def test_only_the_outbound_module_speaks_http():
    speakers = [name_of(path) for path in MODULES if {"requests", "urllib3"} & set(modules_imported_by(tree_of(path)))]

    assert speakers == ["yayoi_link/outbound.py"]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_has_no_inline_script_or_style(path):
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_template_of_a_page_shows_no_text_that_cannot_be_translated(path):
    assert list(untranslated_markup(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", [path for path in MODULES if {"views", "forms"} & {*path.parts, path.stem}], ids=name_of)
def test_a_page_says_nothing_that_cannot_be_translated(path):
    assert untranslated_texts(tree_of(path)) == []


def test_no_function_is_longer_than_forty_lines():
    functions = ((path, node) for path in MODULES for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef))
    too_long = [f"{name_of(path)}: {node.name}" for path, node in functions if node.end_lineno - node.lineno >= 40]

    assert too_long == []


def test_no_module_is_longer_than_four_hundred_lines():
    too_long = [name_of(path) for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 400]

    assert too_long == []


def test_every_module_is_named_after_what_it_explains():
    assert [name_of(path) for path in MODULES if path.stem in VAGUE] == []


def test_the_locks_name_no_index():
    locks = [CHECKOUT / "requirements.txt", CHECKOUT / "requirements-dev.txt"]

    assert [lock.name for lock in locks if "://" in lock.read_text(encoding="utf-8")] == []
