"""The worker as a process of its own, on the database of the test, for tests that kill, stop and freeze it."""

import contextlib
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

import pytest
from django.conf import settings

from regi_admin import processes
from tests.running_portal import url_of_test_database

PATIENCE = 60  # seconds; only a broken test waits that long
# Short, so that a lease ends while a test waits for it.
SHORT_LEASE = {"DELIVERY_DEADLINE_SECONDS": "1", "DELIVERY_LEASE_SECONDS": "2"}


def eventually(is_so):
    """Wait until it is so."""
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, "it never came to be"
        time.sleep(0.02)


@dataclass
class WorkerProcess:
    process: Popen
    log: Path

    @property
    def text(self):
        return self.log.read_text(encoding="utf-8")

    def exit_code(self):
        return self.process.wait(PATIENCE)

    def kill(self):
        self.process.kill()
        self.process.wait(PATIENCE)

    def ask_to_stop(self, signum=signal.SIGTERM):
        self.process.send_signal(signum)
        eventually(lambda: "stops; tries in hand" in self.text)

    def is_frozen(self):
        return Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)


@dataclass
class Workers:
    """Starts workers; what still runs at the end of the test is ended."""

    directory: Path
    ending: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    count: int = 0

    def start(self, *options, **environment):
        return self.run(["manage.py", "worker", *options], **environment)

    def start_with_fault(self, point, fault, **environment):
        return self.run(["-m", "tests.yayoi_link.worker_with_fault", point, fault], **environment)

    def run(self, arguments, **environment):
        self.count += 1
        log = self.directory / f"worker-{self.count}.log"
        variables = os.environ | {"DATABASE_URL": url_of_test_database(), "STATE_DIR": str(settings.STATE_DIR)} | environment
        process = processes.start(arguments, environment=variables, log=log)
        self.ending.callback(processes.end, [process])
        return WorkerProcess(process, log)


@pytest.fixture
def workers(transactional_db, state_dir, tmp_path):
    workers = Workers(tmp_path)
    with workers.ending:
        yield workers
