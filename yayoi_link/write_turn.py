"""The threads of a worker write to SQLite in turn: SQLite itself lets them wait by chance, and some of them for many seconds."""

import contextlib
import threading
from collections.abc import Iterator

from django.db import connection, transaction

_turn = threading.Lock()


@contextlib.contextmanager
def short_transaction(*, durable: bool = False) -> Iterator[None]:
    """A transaction that may write, waiting for its turn first. Not to be nested, and nothing slow belongs inside."""
    in_turn = _turn if connection.vendor == "sqlite" else contextlib.nullcontext()
    with in_turn, transaction.atomic(durable=durable):
        yield
