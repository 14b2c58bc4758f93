import json
import subprocess
import sys

import pytest
from django.db import connection

from regi_admin.processes import CHECKOUT


@pytest.fixture(scope="module")
def found():
    """From a process of its own: it makes a database, and throws it away."""
    command = [sys.executable, "manage.py", "benchmark", "close", "--json", "--sizes", "10", "1500"]
    return json.loads(subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout)


def test_the_close_is_measured_on_the_configured_kind_of_database(found):
    assert (found["benchmark"], found["database"]) == ("close", connection.vendor)
    assert [measured["slips"] for measured in found["measurements"]] == [10, 1500]


def test_a_close_asks_the_same_queries_however_many_slips_the_day_has(found):
    small, large = found["measurements"]

    assert small["queries"] == large["queries"]


def test_a_close_loads_no_slip(found):
    _small, large = found["measurements"]

    assert large["peak_kib"] < 1024
