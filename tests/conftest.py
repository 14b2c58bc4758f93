"""What every test stands on: the settings of a test run, and its database."""

import os
import tempfile
from pathlib import Path

import django
import pytest
from django.core.cache import cache
from django.utils import translation
from hypothesis import settings as hypothesis_settings

SCRATCH = tempfile.TemporaryDirectory(prefix="regi-test-")

# Set before Django reads them, and whatever a .env beside the code says.
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "regi_admin.settings",
    "DEBUG": "1",
    "SECRET_KEY": "for-tests-only",
    "LINK_KEYS": "for-tests-only",
    "LINK_HASH_KEY": "for-tests-only-too",
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "OUTBOUND_ALLOW_LOOPBACK": "1",
    "CSRF_TRUSTED_ORIGINS": "",
    "MAILER_URL": "",
    "STATE_DIR": f"{SCRATCH.name}/state",
    # Playwright keeps an event loop in the thread of the tests, where nobody else uses the ORM at the same time.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}
os.environ.setdefault("DATABASE_URL", f"sqlite:///{SCRATCH.name}/portal.sqlite3")
django.setup()

# A slow machine is no failure.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")

pytest_plugins = [
    "tests.cast",
    "tests.sharing",
    "tests.browser",
    "tests.running_portal",
    "tests.stores.mail_server",
    "tests.yayoi_link.shop",
    "tests.yayoi_link.paper_month",
    "tests.yayoi_link.worker_process",
    "tests.yayoi_link.backups",
    "tests.yayoi_link.impatient_database",
    "tests.yayoi_link.journal_database",
]


@pytest.fixture(autouse=True)
def nothing_is_kept_from_the_test_before():
    """Every test begins with the same keys in the database, for other things."""
    cache.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """On SQLite the tests use a file: threads and other processes must see the same database."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(Path(SCRATCH.name) / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    from django.db import connection

    prepare = {"sqlite": lift_triggers_to_flush, "postgresql": count_rows_never}[connection.vendor]
    with django_db_blocker.unblock():
        prepare(connection)


def lift_triggers_to_flush(connection):
    """After a test with real transactions Django empties the tables, which SQLite's append-only triggers refuse: it lifts them for that."""
    operations = type(connection.ops)
    operations.sql_flush = with_triggers_lifted(operations.sql_flush)


def count_rows_never(connection):
    """PostgreSQL counts rows when it likes: tables that a test has left empty, and the next one's queries would be planned by that."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'ALTER TABLE "{table}" SET (autovacuum_enabled = false)')


@pytest.fixture(autouse=True)
def nobody_else_has_spoken():
    """The last request leaves its language to its thread, and here the next test runs in the same one."""
    yield
    translation.deactivate()


def with_triggers_lifted(sql_flush):
    def flush(self, style, tables, **options):
        with self.connection.cursor() as cursor:
            triggers = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        return [
            *(f'DROP TRIGGER "{name}"' for name, _ in triggers),
            *sql_flush(self, style, tables, **options),
            *(sql for _, sql in triggers),
        ]

    return flush
