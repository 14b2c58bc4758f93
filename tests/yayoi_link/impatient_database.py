"""A database that does not answer, for as long as somebody else holds its locks."""

import contextlib

import pytest
from django.db import connection, transaction

IMPATIENCE = {"sqlite": {"timeout": 0.1}, "postgresql": {"options": "-c synchronous_commit=on -c lock_timeout=100ms"}}


@pytest.fixture
def impatient_database(transactional_db):
    """Whoever has to wait for a lock fails at once."""
    options = connection.settings_dict["OPTIONS"]
    connection.settings_dict["OPTIONS"] = options | IMPATIENCE[connection.vendor]
    connection.close()
    yield
    connection.settings_dict["OPTIONS"] = options
    connection.close()


@contextlib.contextmanager
def locked_database():
    """Hold the lock that every delivery needs; in a thread of its own, over that thread's connection."""
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("LOCK TABLE yayoi_link_delivery IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        connection.close()
