"""Full-text search of short texts as people type in Japanese and in English.

Width, case, and ひらがな or カタカナ make no difference. Japanese has no blanks between words, so what is looked for is cut into pairs of
characters, and a text fits when it has two fifths of them; words in Latin letters are looked for as they are. Pairs of hiragana, which
are mostly grammar, count little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from unicodedata import normalize

LEAST_SHARE = 0.4
GRAMMAR_WEIGHT = 0.2
LONG_GRAMMAR = 4  # characters
# What a piece is worth in the question, in the words that lead there, and in the answer.
IN_TITLE, IN_WORDS, IN_BODY = 5, 4, 1
KATAKANA, HIRAGANA = range(0x30A1, 0x30F7), 0x60
WORD = re.compile(r"[\w々〆ー]+")
HIRAGANA_ONLY = re.compile(r"[ぁ-ゖー]+")
LATIN_WORD = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Searched:
    """A text to be found: its title, words that people may use instead, and the rest."""

    title: str
    words: str
    body: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, and whether somebody looked for it."""

    text: str
    is_hit: bool


def fold(text: str) -> str:
    """Return the text with one width, one case and one kana."""
    return "".join(chr(ord(each) - HIRAGANA) if ord(each) in KATAKANA else each for each in normalize("NFKC", text).casefold())


def search(query: str, texts: Sequence[Searched]) -> list[int]:
    """Return the places of the texts that fit, the best first; none for a query without a word."""
    looked_for = _grams(query)
    scored = [(_score(looked_for, text), place) for place, text in enumerate(texts)] if looked_for else []
    return [place for score, place in sorted(scored, key=lambda each: (-each[0], each[1])) if score]


def marked(text: str, query: str) -> list[Piece]:
    """Cut the text where it begins and ceases to be what was looked for."""
    weights = _weights(text, _grams(query))
    runs = [list(run) for _weighs, run in groupby(zip(text, weights, strict=True), key=lambda each: each[1] > 0)]
    return [Piece("".join(character for character, _weight in run), _is_hit([weight for _character, weight in run])) for run in runs]


def _weights(text, grams):
    """Of each character, the weight of the heaviest piece that covers it."""
    folded, origins = _fold_with_origins(text)
    weights = [0.0] * len(text)
    for gram, weight in grams.items():
        for start in _places(folded, gram):
            for origin in origins[start : start + len(gram)]:
                weights[origin] = max(weight, weights[origin])
    return weights


def _is_hit(weights):
    """A short stretch of grammar says nothing."""
    return max(weights) == 1 or (max(weights) > 0 and len(weights) >= LONG_GRAMMAR)


def _grams(query: str) -> dict[str, float]:
    """What is looked for, folded, each with its weight. A word of one character, or all of hiragana, is taken as it is."""
    grams: dict[str, float] = {}
    for word in WORD.findall(normalize("NFKC", query).casefold()):
        for run in re.findall(r"[a-z0-9_]+|[^a-z0-9_]+", word):
            if LATIN_WORD.fullmatch(run) or len(run) == 1:
                grams[fold(run)] = 1
                continue
            is_grammar = not HIRAGANA_ONLY.fullmatch(run)
            for first, second in pairwise(run):
                weight = GRAMMAR_WEIGHT if is_grammar and HIRAGANA_ONLY.fullmatch(first + second) else 1
                grams[fold(first + second)] = max(weight, grams.get(fold(first + second), 0))
    return grams


def _score(looked_for: dict[str, float], text: Searched) -> float:
    parts = ((fold(text.title), IN_TITLE), (fold(text.words), IN_WORDS), (fold(text.body), IN_BODY))
    best = {gram: max((worth for part, worth in parts if gram in part), default=0) for gram in looked_for}
    share = sum(weight for gram, weight in looked_for.items() if best[gram]) / sum(looked_for.values())
    return sum(weight * best[gram] for gram, weight in looked_for.items()) * share if share >= LEAST_SHARE else 0


def _fold_with_origins(text: str) -> tuple[str, list[int]]:
    """Fold character by character, and say of each of what comes out which character it was."""
    folded = [(each, place) for place, character in enumerate(text) for each in fold(character)]
    return "".join(each for each, _place in folded), [place for _each, place in folded]


def _places(text: str, gram: str) -> Iterator[int]:
    start = text.find(gram)
    while start >= 0:
        yield start
        start = text.find(gram, start + 1)
