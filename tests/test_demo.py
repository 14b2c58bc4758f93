"""bin/demo after its set-up, with real processes, in a copy of the checkout."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest

from regi_admin import processes
from regi_admin.demo_settings import sqlite_url

LEFT_BY_RUNS = {".git", ".venv", ".python", ".env", "demo", "state", "staticfiles", "screens"}
OWN_SETTINGS = ["DEBUG", "SECRET_KEY", "LINK_KEYS", "LINK_HASH_KEY", "STATE_DIR"]
STARTING_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Demo:
    process: subprocess.Popen
    ports: list[int]
    output: Path

    def printed(self):
        return self.output.read_text(encoding="utf-8")

    def wait_until_started_or_ended(self):
        deadline = time.monotonic() + STARTING_SECONDS
        while "Ctrl-C" not in self.printed() and self.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)

    def end(self, signum):
        self.process.send_signal(signum)
        return self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    def left_by_runs(folder, names):
        return LEFT_BY_RUNS & set(names) if Path(folder) == processes.CHECKOUT else []

    return shutil.copytree(processes.CHECKOUT, tmp_path_factory.mktemp("demo") / "a checkout", ignore=left_by_runs)


@pytest.fixture(scope="module")
def database_url(tmp_path_factory):
    """A database of the demo's own, on the server of this test run."""
    url = os.environ["DATABASE_URL"]
    if url.startswith("sqlite"):
        yield sqlite_url(tmp_path_factory.mktemp("database") / "demo.sqlite3")
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("CREATE DATABASE test_demo")
        yield urlsplit(url)._replace(path="/test_demo").geturl()
        server.execute("DROP DATABASE test_demo WITH (FORCE)")


@pytest.fixture
def start_demo(checkout, database_url, tmp_path):
    """Return a function that starts the demo, and returns when it has printed its addresses or has ended."""
    started = []

    def start(ports=None):
        ports = ports or processes.free_ports(2)
        environment = {name: value for name, value in os.environ.items() if name not in OWN_SETTINGS}
        environment |= {"PORT": str(ports[0]), "SANDBOX_PORT": str(ports[1]), "DATABASE_URL": database_url}
        output = tmp_path / f"output-{len(started)}"
        with output.open("w") as file:
            process = subprocess.Popen([sys.executable, "-m", "regi_admin.demo"], cwd=checkout, env=environment, stdout=file, stderr=file)
        started.append(Demo(process, ports, output))
        started[-1].wait_until_started_or_ended()
        return started[-1]

    yield start
    for demo in started:
        demo.end(signal.SIGTERM)


def started_by(demo):
    """The processes that the demo started, and those that they started."""
    return psutil.Process(demo.process.pid).children(recursive=True)


def test_ctrl_c_ends_all_three_and_leaves_nothing_running(start_demo):
    demo = start_demo()
    family = started_by(demo)
    answers = [processes.answer_of(f"http://127.0.0.1:{port}/") for port in demo.ports]

    exit_code = demo.end(signal.SIGINT)

    assert (answers, exit_code) == (["200", "200"], 0)
    assert [process.is_running() for process in family] == [False] * len(family)


def test_the_others_end_when_one_of_the_three_dies(start_demo):
    demo = start_demo()
    family = started_by(demo)
    worker = next(process for process in family if process.cmdline()[-2:] == ["manage.py", "worker"])

    worker.kill()

    assert demo.process.wait(timeout=60) == 1
    assert demo.printed().endswith("The worker ended by itself with exit code -9.\n")
    assert [process.is_running() for process in family] == [False] * len(family)


def test_the_books_of_the_demo_add_up(start_demo, checkout, database_url):
    start_demo().end(signal.SIGINT)

    environment = os.environ | {"DATABASE_URL": database_url}
    proved = subprocess.run([sys.executable, "manage.py", "check_books"], cwd=checkout, env=environment, capture_output=True, text=True)

    assert (proved.returncode, proved.stdout.count("\n")) == (0, 1)
    assert proved.stdout.endswith("日分の帳簿は、すべて一致しています。\n")


def test_a_port_in_use_is_said_in_one_sentence(start_demo):
    demo = start_demo()

    second = start_demo(ports=demo.ports)

    assert second.process.wait(timeout=60) == 1
    assert second.printed() == f"Port {demo.ports[0]} is in use: end what listens there, or choose another with PORT=…\n"
