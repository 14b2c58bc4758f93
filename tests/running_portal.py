"""The portal as its users meet it: web server, worker and sandbox as processes, on the database of the test."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from regi_admin import processes
from regi_admin.demo_settings import sqlite_url
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
def static_files():
    environment = os.environ | {"DEBUG": "0"}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
        cwd=processes.CHECKOUT,
        env=environment,
        check=True,
    )


@pytest.fixture
def portal(transactional_db, static_files, state_dir, tmp_path):
    port, sandbox_port = processes.free_ports(2)
    url, sandbox_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}"
    logs = tmp_path / "logs"
    logs.mkdir()
    environment = os.environ | {
        "DEBUG": "0",
        "DATABASE_URL": url_of_test_database(),
        "STATE_DIR": str(state_dir),
        "SANDBOX_DATABASE_URL": sqlite_url(tmp_path / "sandbox.sqlite3"),
        "SANDBOX_URL": sandbox_url,
    }
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    with processes.running(processes.commands(port, sandbox_port), environment=environment, logs=logs) as started:
        processes.wait_until_ready(started, [f"{url}/readyz", f"{sandbox_url}/"])
        yield Portal(url, sandbox_url, started, environment, logs)
