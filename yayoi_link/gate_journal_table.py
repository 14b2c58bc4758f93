"""The gate journal as a table in a second database, for workers on several machines.

Plain SQL instead of a model: the table is made once and never migrated, and a missing one must never be made by accident.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, connections, transaction
from django.db.backends.utils import CursorWrapper

from yayoi_link.gate_journal_file import JournalMissing

DATABASE = "gate_journal"
RESTORED = "restored"
NEWEST_LINES = 20
CREATE = {
    "sqlite": "CREATE TABLE gate_journal (number INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL)",
    "postgresql": "CREATE TABLE gate_journal (number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, line TEXT NOT NULL)",
}
APPEND = "INSERT INTO gate_journal (line) VALUES (%s)"
SINCE_RESTORE = """
    SELECT line FROM gate_journal
    WHERE number > (SELECT COALESCE(MAX(number), 0) FROM gate_journal WHERE line = %s) ORDER BY number
"""
NEWEST = "SELECT line FROM gate_journal ORDER BY number DESC LIMIT %s"
AT_ONCE = 1000


class JournalTable:
    """The promises of `gate_journal`, kept by a database."""

    def __init__(self):
        self.connection = connections[DATABASE]

    def exists(self) -> bool:
        return "gate_journal" in self.connection.introspection.table_names()

    def create_empty(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(CREATE[self.connection.vendor])

    def append(self, texts: list[str]) -> None:
        with self._durably() as cursor:
            cursor.executemany(APPEND, [(text,) for text in texts])

    def append_restored(self) -> None:
        with self._durably() as cursor:
            if self.connection.vendor == "postgresql":
                # A line with a lower number must not be committed after the marker.
                cursor.execute("LOCK TABLE gate_journal IN EXCLUSIVE MODE")
            cursor.execute(APPEND, [RESTORED])

    def since_restore(self) -> Iterator[str]:
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(SINCE_RESTORE, [RESTORED])
                while rows := cursor.fetchmany(AT_ONCE):
                    yield from (line for (line,) in rows)
        except Error:
            self.connection.close()
            raise JournalMissing from None

    def newest(self) -> Iterator[str]:
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(NEWEST, [NEWEST_LINES])
                newest = [line for (line,) in cursor.fetchall()]
        except Error:
            self.connection.close()
            raise JournalMissing from None
        yield from reversed(newest[: newest.index(RESTORED)] if RESTORED in newest else newest)

    @contextmanager
    def _durably(self) -> Iterator[CursorWrapper]:
        """One transaction, on the disk when the block has ended."""
        try:
            with transaction.atomic(using=DATABASE, durable=True), self.connection.cursor() as cursor:
                if self.connection.vendor == "postgresql":
                    cursor.execute("SET LOCAL synchronous_commit TO on")
                yield cursor
        except Error:
            # Whatever it was, the next gate begins with a new connection.
            self.connection.close()
            if not self.exists():
                raise JournalMissing from None
            raise
