"""The portal as its users meet it: web server, worker and sandbox as processes, on the database of the test."""

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from regi_admin import processes
from regi_admin.demo_settings import sqlite_url
from regi_admin.processes import PortalEnded
from yayoi_link import gate_journal


@dataclass(frozen=True, slots=True)
class Portal:
    url: str
    sandbox_url: str
    processes: dict[str, subprocess.Popen]
    environment: dict[str, str]
    logs: Path

    def log_of(self, name):
        return (self.logs / f"{name}.log").read_text(encoding="utf-8")


def kept_database(django_db_blocker):
    """Keep what every test leaves behind for the next, as the database of a real portal does, until the last one is done."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", interactive=False, verbosity=0)
        connection.close()


def url_of_test_database():
    """Where another process finds the database of this test."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return sqlite_url(Path(name))
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture
def state_dir(settings, tmp_path):
    """A gate journal that knows nothing, as the database of the test does."""
    settings.STATE_DIR = tmp_path / "state"
    gate_journal.create_empty()
    return settings.STATE_DIR


@pytest.fixture(scope="session")
def static_files(tmp_path_factory):
    """Collected once, into a folder of this run: the runs on two databases go on at the same time."""
    os.environ["STATIC_ROOT"] = str(tmp_path_factory.mktemp("static"))
    environment = os.environ | {"DEBUG": "0"}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
        cwd=processes.CHECKOUT,
        env=environment,
        check=True,
    )


@pytest.fixture
def portal(transactional_db, static_files, state_dir, tmp_path):
    with running_portal(tmp_path) as portal:
        yield portal


@contextlib.contextmanager
def running_portal(directory):
    """Start the three on the database of the test; their logs and the sandbox's database are files in the directory."""
    port, sandbox_port = processes.free_ports(2)
    url, sandbox_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}"
    logs = directory / "logs"
    logs.mkdir()
    environment = environment_of_processes(directory, sandbox_url)
    with processes.running(processes.commands(port, sandbox_port), environment=environment, logs=logs) as started:
        running = Portal(url, sandbox_url, started, environment, logs)
        try:
            processes.wait_until_ready(started, [f"{url}/readyz", f"{sandbox_url}/"])
        except PortalEnded as reason:
            pytest.fail("\n".join([str(reason), *(running.log_of(name) for name in started)]))
        yield running


def environment_of_processes(directory, sandbox_url):
    environment = os.environ | {
        "DEBUG": "0",
        "DATABASE_URL": url_of_test_database(),
        "STATE_DIR": str(settings.STATE_DIR),
        "SANDBOX_DATABASE_URL": sqlite_url(directory / "sandbox.sqlite3"),
        "SANDBOX_URL": sandbox_url,
    }
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    return environment
