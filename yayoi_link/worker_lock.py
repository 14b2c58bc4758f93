"""One worker per SQLite file: a second one would believe that what the first has in hand was left behind by the dead."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from django.db import connection


class AnotherWorker(Exception):
    """A worker already runs on this database, which allows one."""


@contextlib.contextmanager
def only_worker() -> Iterator[bool]:
    """Be the only worker of the database while the block runs, where only one may be: on SQLite.

    Yields whether this is so; False on PostgreSQL, where several may run. The lock lies beside the database file, whatever STATE_DIR
    says, and ends with the process, however that ends. Raises AnotherWorker.
    """
    if connection.vendor != "sqlite":
        yield False
        return
    with lock_file().open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherWorker from None
        yield True


def lock_file() -> Path:
    """Where the lock of this database lies, by whatever path the database is reached."""
    return Path(os.path.realpath(connection.settings_dict["NAME"]) + "-worker")
