"""The gate journal as a file on this machine: lines are only ever appended, and fsynced."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

RESTORED = b"restored"
NEWEST_BYTES = 4 * 1024


class JournalMissing(Exception):
    """The journal is not where it was: nothing may be sent, because nobody knows what was."""


class JournalFile:
    """The promises of `gate_journal`, kept by a file."""

    def __init__(self, path: Path):
        self.path = path

    def exists(self) -> bool:
        return self.path.exists()

    def create_empty(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch(exist_ok=False)
        self._sync_folder()

    def append(self, texts: list[str]) -> None:
        self._append(b"\n".join(text.encode() for text in texts))

    def append_restored(self) -> None:
        self._append(RESTORED)

    def since_restore(self) -> Iterator[bytes]:
        return self._lines(from_byte=0)

    def newest(self) -> Iterator[bytes]:
        return self._lines(from_byte=-NEWEST_BYTES)

    def _lines(self, *, from_byte: int) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as journal:
                size = journal.seek(0, os.SEEK_END)
                journal.seek(_after_last_marker(journal, from_byte if from_byte >= 0 else max(0, size + from_byte)))
                yield from journal
        except OSError:
            raise JournalMissing from None

    def _append(self, text: bytes) -> None:
        # Begins with a line's end too, so that the torn rest of another line does not swallow it.
        line = b"\n" + text + b"\n"
        try:
            journal = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        except FileNotFoundError:
            raise JournalMissing from None
        try:
            if os.write(journal, line) < len(line):
                raise OSError(errno.ENOSPC, "The gate journal took a part of a line only.")
            os.fsync(journal)
        finally:
            os.close(journal)

    def _sync_folder(self) -> None:
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _after_last_marker(journal: BinaryIO, start: int) -> int:
    position = journal.seek(start)
    for text in journal:
        position += len(text)
        if text.strip() == RESTORED:
            start = position
    return start
