"""Which of the two runs of the tests does what: beside SQLite and beside PostgreSQL.

Whatever reads or writes rows is tried on both. A figure, a page in Chromium or a command with a database of its own comes to the same
beside either, so that each of these modules runs in one of the two, by turns.
"""

import pytest
from django.db import connection

VENDORS = ("sqlite", "postgresql")
USE_DATABASE = {"db", "transactional_db"}
# Nothing is left to do here, because the other run does all of it: that is no failure.
ALL_ELSEWHERE = pytest.StashKey[bool]()


def pytest_addoption(parser):
    parser.addoption("--not-shared", action="store_true", help="run every test here, also what the run beside the other database does")


def pytest_configure(config):
    config.addinivalue_line("markers", "on_both_databases: depends on the database though nothing says so")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--not-shared"):
        return
    modules = sorted({item.path for item in items if is_shared(item)})
    elsewhere = {module for number, module in enumerate(modules) if VENDORS[number % 2] != connection.vendor}
    left_out = [item for item in items if item.path in elsewhere and is_shared(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not (item.path in elsewhere and is_shared(item))]
    config.stash[ALL_ELSEWHERE] = bool(left_out) and not items


def pytest_sessionfinish(session, exitstatus):
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and session.config.stash.get(ALL_ELSEWHERE, False):
        session.exitstatus = pytest.ExitCode.OK


def is_shared(item) -> bool:
    if item.get_closest_marker("on_both_databases"):
        return False
    uses_rows = USE_DATABASE & set(item.fixturenames) or item.get_closest_marker("django_db")
    return "chromium" in item.fixturenames or not uses_rows
