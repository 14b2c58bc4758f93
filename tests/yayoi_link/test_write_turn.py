"""Waiting for the only write lock of SQLite."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection

from tests.yayoi_link.impatient_database import IMPATIENCE, locked_database
from tests.yayoi_link.receiver import PATIENCE
from yayoi_link.write_turn import short_transaction

LONGER_THAN_THE_CONNECTION_WAITS = 3 * IMPATIENCE["sqlite"]["timeout"]

pytestmark = [
    pytest.mark.usefixtures("impatient_database"),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL lets many write at once"),
]


def write(*, begins_within):
    try:
        with short_transaction(begins_within=begins_within):
            return "written"
    finally:
        connection.close()


def test_who_may_wait_longer_than_the_connection_asks_for_the_lock_again(transactional_db):
    with ThreadPoolExecutor(1) as threads:
        with locked_database():
            waiting = threads.submit(write, begins_within=PATIENCE)
            time.sleep(LONGER_THAN_THE_CONNECTION_WAITS)

        assert waiting.result() == "written"


def test_who_may_not_is_told_that_the_database_is_locked(transactional_db):
    with ThreadPoolExecutor(1) as threads, locked_database():
        waiting = threads.submit(write, begins_within=0.0)

        with pytest.raises(OperationalError, match="locked"):
            waiting.result()
