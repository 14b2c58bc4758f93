"""The gate journal: one line on disk, fsynced, before each delivery's first byte.

It lies outside the database and its backups. A restored backup believes that yesterday's deliveries were never sent;
the journal knows better, and while it does, nothing is sent until somebody has run `after_restore`.
"""

import errno
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

RESTORED = b"restored"
NEWEST_BYTES = 64 * 1024


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


def append(*lines: GateLine) -> None:
    """Write the lines and return when all are on the disk. Raises JournalMissing, and OSError; never makes a new journal."""
    _append(b"\n".join(json.dumps(asdict(line)).encode() for line in lines))


def append_restored() -> None:
    """Write that everything before this line has been looked after by `after_restore`."""
    _append(RESTORED)


def lines_since_restore() -> Iterator[GateLine]:
    """Yield the lines after the last marker of `after_restore`. Raises JournalMissing, also when it cannot be read."""
    return _lines(from_byte=0)


def newest_lines() -> Iterator[GateLine]:
    """The same, of some hundred newest lines only. Raises JournalMissing."""
    return _lines(from_byte=-NEWEST_BYTES)


def _lines(*, from_byte: int) -> Iterator[GateLine]:
    try:
        with path().open("rb") as journal:
            size = journal.seek(0, os.SEEK_END)
            journal.seek(_after_last_marker(journal, from_byte if from_byte >= 0 else max(0, size + from_byte)))
            yield from (line for text in journal if (line := _parse(text)))
    except OSError:
        raise JournalMissing from None


def _after_last_marker(journal: BinaryIO, start: int) -> int:
    position = journal.seek(start)
    for text in journal:
        position += len(text)
        if text.strip() == RESTORED:
            start = position
    return start


def _parse(text: bytes) -> GateLine | None:
    """None for an empty line, for a marker, and for the torn rest of a line that never passed its gate."""
    try:
        return GateLine(**json.loads(text))
    except (ValueError, TypeError):
        return None


def _append(text: bytes) -> None:
    # Begins with a line's end too, so that the torn rest of another line does not swallow it.
    line = b"\n" + text + b"\n"
    try:
        journal = os.open(path(), os.O_WRONLY | os.O_APPEND)
    except FileNotFoundError:
        raise JournalMissing from None
    try:
        if os.write(journal, line) < len(line):
            raise OSError(errno.ENOSPC, "The gate journal took a part of a line only.")
        os.fsync(journal)
    finally:
        os.close(journal)


def _sync_folder() -> None:
    folder = os.open(settings.STATE_DIR, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
