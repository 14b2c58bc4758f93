"""The processes of the chaos run: the receiver, and real workers that are started, frozen and killed within milliseconds.

A server process that has loaded the portal already forks them, so that a hundred deaths take no longer than one start.
"""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from yayoi_link.benchmark_processes import as_in_production
from yayoi_link.chaos_receiver import receive

SECRET = "chaos-secret"  # noqa: S105  of which nothing must be found afterwards
THREADS = 16
LOADED = ["regi_admin.wsgi", "yayoi_link.worker", "yayoi_link.management.commands.worker", "yayoi_link.chaos_receiver"]
# Deadline and lease are short, so that a lease ends while somebody waits for it.
SHORT = {"DELIVERY_DEADLINE_SECONDS": "1", "DELIVERY_LEASE_SECONDS": "2"}
ENDS_WITHIN = 60  # seconds


@dataclass(frozen=True, slots=True)
class ChaosReceiver:
    """The receiver's port, the file of its notes, and the switch after which it does only good."""

    port: int
    notes: Path
    calm: Event

    def url(self, token: str) -> str:
        return f"http://127.0.0.1:{self.port}/link/{SECRET}-{token}"


@dataclass
class Workers:
    """As many workers as the database allows: one on SQLite, several on PostgreSQL."""

    context: ForkServerContext
    log: Path
    running: list[BaseProcess] = field(default_factory=list)
    frozen: dict[BaseProcess, threading.Timer] = field(default_factory=dict)

    def start_all(self) -> None:
        for _ in range(1 if connection.vendor == "sqlite" else 3):
            self.start()

    def start(self) -> None:
        worker = self.context.Process(target=work, args=(str(self.log),), daemon=True)
        worker.start()
        self.running.append(worker)

    def kill(self, worker: BaseProcess) -> None:
        """kill -9, wherever it is, and start another one."""
        self._thaw(worker)
        worker.kill()
        worker.join()
        self.running.remove(worker)
        self.start()

    def freeze(self, worker: BaseProcess, *, seconds: float) -> bool:
        """SIGSTOP, and SIGCONT after so many seconds, whatever the caller is waiting for then: perhaps for a lock of this worker's.

        False when it has just ended: a crash of the database may have been its end.
        """
        try:
            os.kill(worker.pid, signal.SIGSTOP)
        except ProcessLookupError:
            return False
        self.frozen[worker] = threading.Timer(seconds, self._thaw, [worker])
        self.frozen[worker].start()
        return True

    def replace_the_ended(self) -> None:
        for worker in [worker for worker in self.running if not worker.is_alive()]:
            self.running.remove(worker)
            self.start()

    def thaw_all(self) -> None:
        for worker in list(self.frozen):
            self._thaw(worker)

    def _thaw(self, worker):
        if timer := self.frozen.pop(worker, None):
            timer.cancel()
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGCONT)

    def end(self) -> None:
        """SIGTERM: every worker finishes what it has in hand."""
        self.thaw_all()
        for worker in self.running:
            worker.terminate()
        for worker in self.running:
            worker.join(ENDS_WITHIN)
            worker.kill()


def work(log: str) -> None:
    """In the forked process: `manage.py worker`, with what it prints in a file."""
    with Path(log).open("ab") as lines:
        os.dup2(lines.fileno(), 1)
        os.dup2(lines.fileno(), 2)
    call_command("worker", threads=THREADS)


@contextlib.contextmanager
def running_processes(folder: Path, environment: Mapping[str, str], *, seed: int) -> Iterator[tuple[ChaosReceiver, Workers]]:
    """The receiver, and workers that are still to be started, while the block runs; afterwards none of them is left."""
    with _in(environment | as_in_production() | SHORT):
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(LOADED)
        receiver, process = _start_receiver(context, folder, seed)
        workers = Workers(context, folder / "workers.log")
        try:
            yield receiver, workers
        finally:
            workers.end()
            process.kill()
            process.join()


def _start_receiver(context, folder, seed):
    notes, calm = folder / "received", context.Event()
    notes.touch()
    ours, theirs = context.Pipe()
    process = context.Process(target=receive, args=(str(notes), seed, calm, theirs), daemon=True)
    process.start()
    return ChaosReceiver(ours.recv(), notes, calm), process


@contextlib.contextmanager
def _in(environment):
    """What the server that forks the workers finds in its environment when it starts."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
