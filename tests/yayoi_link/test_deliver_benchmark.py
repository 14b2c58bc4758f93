import json
import subprocess
import sys

import pytest
from django.db import connection

from regi_admin.processes import CHECKOUT
from yayoi_link.benchmark_processes import BenchmarkReceiver

# They make a database of the configured kind.
pytestmark = pytest.mark.on_both_databases

SMALL = ["--deliveries", "30", "--delays", "0", "--idle", "2", "--stores", "5", "--within", "1"]


@pytest.fixture(scope="module")
def found():
    """From a process of its own: it makes a database, and throws it away."""
    command = [sys.executable, "manage.py", "benchmark", "deliver", "--json", *SMALL]
    return json.loads(subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout)


def test_the_deliveries_are_measured_on_the_configured_kind_of_database(found):
    throughput, *_closes = found["measurements"]

    assert (found["benchmark"], found["database"]) == ("deliver", connection.vendor)
    assert (throughput["deliveries"], throughput["receiver_milliseconds"], len(throughput["resident_mib"])) == (30, 0, 10)


def test_closes_are_measured_one_by_one_and_many_at_once(found):
    _throughput, *closes = found["measurements"]

    assert [each["closes"] for each in closes] == [2, 5]
    assert all(0 < each["median"] <= each["percentile_99"] for each in closes)


def test_a_delivery_that_arrives_twice_is_no_good_figure(tmp_path):
    log = tmp_path / "received"
    log.write_text("key-1 1.0\nkey-2 1.5\nkey-1 2.0\n")

    with pytest.raises(ValueError, match="arrived twice"):
        BenchmarkReceiver(watched=None, port=0, log=log, certificate=log).first_bytes()
