"""Real backups of the database of a test: the file on SQLite, a copy by the server on PostgreSQL."""

import sqlite3

import pytest
from django.db import connection


class SqliteBackup:
    def __init__(self, directory):
        self.copy = directory / "backup.sqlite3"

    def make(self):
        connection.ensure_connection()
        with sqlite3.connect(self.copy) as copy:
            connection.connection.backup(copy)
        copy.close()

    def restore(self):
        connection.ensure_connection()
        with sqlite3.connect(self.copy) as copy:
            copy.backup(connection.connection)
        copy.close()

    def forget(self):
        connection.close()


class PostgresqlBackup:
    def __init__(self, directory):
        self.database = connection.settings_dict["NAME"]
        self.copy = f"{self.database}_backup"

    def make(self):
        self._replace(self.copy, by=self.database)

    def restore(self):
        self._replace(self.database, by=self.copy)

    def forget(self):
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.copy)

    def _replace(self, database, *, by):
        """Whoever is connected to either is thrown out, as by a real restore."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)
        self._run("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", database, by)

    def _run(self, statement, *databases):
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement.format(*(connection.ops.quote_name(database) for database in databases)))


@pytest.fixture
def backup(transactional_db, tmp_path):
    backup = {"sqlite": SqliteBackup, "postgresql": PostgresqlBackup}[connection.vendor](tmp_path)
    yield backup
    backup.forget()
