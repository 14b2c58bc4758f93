"""The gate journal: one line, durable, before each delivery's first byte.

It lies outside the database and its backups. A restored backup believes that yesterday's deliveries were never sent;
the journal knows better, and while it does, nothing is sent until somebody has run `after_restore`. Usually it is a file in STATE_DIR;
workers on several machines share a table in a database of its own, GATE_JOURNAL_DATABASE_URL.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from django.conf import settings

from yayoi_link.gate_journal_file import JournalFile, JournalMissing
from yayoi_link.gate_journal_table import DATABASE, JournalTable

__all__ = ["GateLine", "JournalMissing", "append", "append_restored", "create_empty", "exists", "lines_since_restore", "newest_lines"]


@dataclass(frozen=True, slots=True)
class GateLine:
    """One passing of the gate: the delivery's key, whose day it is, and with which fence it was claimed."""

    key: str
    company: str
    store: str
    day: str
    generation: int
    fence: int


def exists() -> bool:
    """Tell whether there is a journal. Raises django.db.Error when the database that should hold it does not answer."""
    return _journal().exists()


def create_empty() -> None:
    """Make the journal of a portal that has never sent anything."""
    _journal().create_empty()


def append(*lines: GateLine) -> None:
    """Write the lines and return when all are durable; never makes a new journal.

    Raises JournalMissing, OSError where it is a file, and django.db.Error where it is a table.
    """
    _journal().append([json.dumps(asdict(line)) for line in lines])


def append_restored() -> None:
    """Write that everything before this line has been looked after by `after_restore`."""
    _journal().append_restored()


def lines_since_restore() -> Iterator[GateLine]:
    """Yield the lines after the last marker of `after_restore`. Raises JournalMissing, also when it cannot be read."""
    return _parsed(_journal().since_restore())


def newest_lines() -> Iterator[GateLine]:
    """The same, of some twenty newest lines only. Raises JournalMissing."""
    return _parsed(_journal().newest())


def _journal() -> JournalFile | JournalTable:
    return JournalTable() if DATABASE in settings.DATABASES else JournalFile(settings.STATE_DIR / "gate-journal")


def _parsed(texts: Iterable[str | bytes]) -> Iterator[GateLine]:
    """Leave out empty lines, markers, and the torn rest of a line that never passed its gate."""
    for text in texts:
        try:
            yield GateLine(**json.loads(text))
        except (ValueError, TypeError):
            continue
