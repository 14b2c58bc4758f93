"""A second database for the gate journal, of the same kind as that of the tests, and thrown away with the test."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, connections

from regi_admin.demo_settings import sqlite_url
from yayoi_link import gate_journal
from yayoi_link.gate_journal_table import DATABASE


@pytest.fixture
def journal_database(transactional_db, tmp_path):
    """Its URL, for processes; in this process it is in use already, and has no journal yet."""
    database = {"sqlite": SqliteDatabase, "postgresql": PostgresqlDatabase}[connection.vendor](tmp_path)
    configuration = connection.settings_dict | {"NAME": database.name}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DATABASES", settings.DATABASES | {DATABASE: configuration})
        use_journal_database()
        yield database.url
        connections[DATABASE].close()
    del connections[DATABASE]
    database.forget()


@pytest.fixture
def journal_table(journal_database):
    gate_journal.create_empty()
    return journal_database


def use_journal_database():
    """Django knows only those connections by itself that were there when the tests began. For one thread."""
    connections[DATABASE] = type(connections["default"])(settings.DATABASES[DATABASE], DATABASE)


class SqliteDatabase:
    def __init__(self, folder):
        self.name = str(folder / "gate-journal.sqlite3")
        self.url = sqlite_url(Path(self.name))

    def forget(self):
        Path(self.name).unlink(missing_ok=True)


class PostgresqlDatabase:
    def __init__(self, folder):
        self.name = f"{connection.settings_dict['NAME']}_gate_journal"
        self.url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.name}").geturl()
        self._run("CREATE DATABASE {}")

    def forget(self):
        self._run("DROP DATABASE {} WITH (FORCE)")

    def _run(self, statement):
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement.format(connection.ops.quote_name(self.name)))
