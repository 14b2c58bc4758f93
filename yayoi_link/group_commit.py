"""Group commit: what many threads write at the same moment goes into one transaction, over one connection.

Every commit waits for the disk, on SQLite for the only write lock too, and every connection is one that the server has to keep.
While one transaction commits, the next ones gather; so a busy worker commits seldom, and an idle one at once.
"""

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from django.db import Error, OperationalError, connection

from yayoi_link.write_turn import short_transaction

# Writes a number of things, inside a transaction, and returns for each what came of it, in the same order.
Write = Callable[[Sequence], Sequence]

AT_ONCE = 100
# How long to wait for somebody else's row on PostgreSQL, in ms: together hardly at all, because that would make all the others
# wait too, and because whoever holds one lock and waits for the next meets somebody who does it the other way round.
PATIENCE_TOGETHER = 100
PATIENCE_ALONE = 2_000
# How long to wait for the write lock of SQLite, in ms, before asking anew: it asks ever less often, and would miss the moment.
ASKS_ANEW_AFTER = 20
BEGINS_WITHIN = 20.0  # seconds


@dataclass(frozen=True, slots=True)
class _Waiting:
    write: Write
    item: object
    written: Future = field(default_factory=Future)


class _Writer:
    def __init__(self):
        self.queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def end(self) -> None:
        """Write what is waiting, and end."""
        self.queue.put(None)
        self.thread.join()

    def _run(self) -> None:
        while waiting := self._gather():
            _write_for_all(waiting)
        connection.close()

    def _gather(self) -> list[_Waiting]:
        gathered = [self.queue.get()]
        while len(gathered) < AT_ONCE and gathered[-1] is not None:
            try:
                gathered.append(self.queue.get_nowait())
            except queue.Empty:
                break
        if gathered[-1] is None and len(gathered) > 1:
            self.queue.put(gathered.pop())
        return [each for each in gathered if each]


_writer: _Writer | None = None


@contextlib.contextmanager
def one_writer() -> Iterator[None]:
    """Let one thread of this process write for all others while the block runs."""
    global _writer
    _writer = _Writer()
    _writer.thread.start()
    try:
        yield
    finally:
        _writer.end()
        _writer = None


def write_together(write: Write, item: object) -> object:
    """Have the item written, with whatever other threads bring at this moment, and return what came of it once it is committed.

    Where no thread writes for all, the caller's own does. Raises what `write` raises for this item alone.
    """
    return write_all_together(write, [item])[0].result()


def write_all_together(write: Write, items: Sequence) -> list[Future]:
    """The same for several items: return, when all are committed or have failed, what came of each."""
    waiting = [_Waiting(write, item) for item in items]
    if not _writer:
        _write_for_all(waiting)
    for each in waiting if _writer else ():
        _writer.queue.put(each)
    for each in waiting:
        each.written.exception()  # waits
    return [each.written for each in waiting]


def _write_for_all(waiting: Sequence[_Waiting]) -> None:
    """Write all in one transaction; where that fails, each alone, so that none fails because of another."""
    try:
        results = _commit(waiting)
    except Exception as failure:  # whatever it is, the thread that waits is to have it
        concerns_all = len(waiting) == 1 or _is_away(failure)
        if _writer:
            connection.close()
        for each in waiting:
            each.written.set_exception(failure) if concerns_all else _write_for_all([each])
        return
    for each in waiting:
        each.written.set_result(results[each.written])


def _commit(waiting: Sequence[_Waiting]) -> dict[Future, object]:
    results: dict[Future, object] = {}
    _be_patient(PATIENCE_TOGETHER if len(waiting) > 1 else PATIENCE_ALONE)
    with short_transaction(durable=True, begins_within=BEGINS_WITHIN if _writer else 0.0):
        for write in dict.fromkeys(each.write for each in waiting):
            alike = [each for each in waiting if each.write is write]
            results |= zip((each.written for each in alike), write([each.item for each in alike]), strict=True)
    return results


def _is_away(failure: Exception) -> bool:
    """Whether no one else would fare better: to find that out one after the other may take longer than anybody waits."""
    if not isinstance(failure, Error):
        return False
    if connection.vendor == "postgresql":
        return not connection.is_usable()
    return isinstance(failure, OperationalError)


def _be_patient(milliseconds: int) -> None:
    """For the writer only, whose connection nobody else uses."""
    if not _writer:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{milliseconds}ms"])
        else:
            cursor.execute(f"PRAGMA busy_timeout = {ASKS_ANEW_AFTER}")
