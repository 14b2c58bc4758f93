"""The gate journal: one line on disk, fsynced, before each delivery's first byte.

It lies outside the database and its backups. A restored backup believes that yesterday's deliveries were never sent;
the journal knows better, and while it does, nothing is sent until somebody has run `after_restore`.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

RESTORED = "restored"


class JournalMissing(Exception):
    """The journal is not where it was: nothing may be sent, because nobody knows what was."""


@dataclass(frozen=True, slots=True)
class GateLine:
    """One passing of the gate: the delivery's key, whose day it is, and with which fence it was claimed."""

    key: str
    company: str
    store: str
    day: str
    generation: int
    fence: int


def path() -> Path:
    return settings.STATE_DIR / "gate-journal"


def exists() -> bool:
    return path().exists()


def create_empty() -> None:
    """Make the journal of a portal that has never sent anything."""
    settings.STATE_DIR.mkdir(parents=True, exist_ok=True)
    path().touch(exist_ok=False)
    _sync_folder()


def append(line: GateLine) -> None:
    """Write the line and return when it is on the disk. Raises JournalMissing; never makes a new journal."""
    _append_text(json.dumps(asdict(line)))


def append_restored() -> None:
    """Write that everything before this line has been looked after by `after_restore`."""
    _append_text(RESTORED)


def lines_since_restore() -> list[GateLine]:
    """Return the lines after the last marker of `after_restore`. Raises JournalMissing."""
    texts = list(_texts())
    since = max((number for number, text in enumerate(texts, 1) if text == RESTORED), default=0)
    return [line for text in texts[since:] if (line := _parse(text))]


def _parse(text: str) -> GateLine | None:
    try:
        return GateLine(**json.loads(text))
    except ValueError:
        return None  # the torn rest of a line that never passed its gate


def _texts() -> Iterator[str]:
    try:
        with path().open(encoding="utf-8") as journal:
            # A line that a power cut left half-written never passed its gate.
            yield from (text.rstrip("\n") for text in journal if text.endswith("\n"))
    except FileNotFoundError:
        raise JournalMissing from None


def _append_text(text: str) -> None:
    try:
        journal = os.open(path(), os.O_RDWR | os.O_APPEND)
    except FileNotFoundError:
        raise JournalMissing from None
    try:
        os.write(journal, (_closing_of_torn_line(journal) + text + "\n").encode())
        os.fsync(journal)
    finally:
        os.close(journal)


def _closing_of_torn_line(journal: int) -> str:
    """A half-written last line must not swallow this one: what is left of it is ended, and read as no JSON."""
    size = os.fstat(journal).st_size
    torn = size > 0 and os.pread(journal, 1, size - 1) != b"\n"
    return "\n" if torn else ""


def _sync_folder() -> None:
    folder = os.open(settings.STATE_DIR, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
