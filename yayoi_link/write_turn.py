"""The threads of a worker write to SQLite in turn: SQLite itself lets them wait by chance, and some of them for many seconds."""

import contextlib
import threading
import time
from collections.abc import Iterator

from django.db import OperationalError, connection, transaction

_turn = threading.Lock()


@contextlib.contextmanager
def short_transaction(*, durable: bool = False, begins_within: float = 0.0) -> Iterator[None]:
    """A transaction that may write, waiting for its turn first. Not to be nested, and nothing slow belongs inside.

    Where SQLite's write lock is not to be had in the time that the connection waits for it, it is asked for again for so many
    seconds. Raises OperationalError after that.
    """
    in_turn = _turn if connection.vendor == "sqlite" else contextlib.nullcontext()
    with in_turn, contextlib.ExitStack() as ending:
        _begin(ending, durable=durable, until=time.monotonic() + begins_within)
        yield


def _begin(ending: contextlib.ExitStack, *, durable: bool, until: float) -> None:
    while True:
        try:
            ending.enter_context(transaction.atomic(durable=durable))
        except OperationalError:
            if connection.vendor != "sqlite" or time.monotonic() >= until:
                raise
        else:
            return
