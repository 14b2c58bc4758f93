"""What must hold before the portal may run for real: `manage.py check --deploy`, and at the start of the web server."""

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.utils import DatabaseError

from stores.models import Staff

DEMO_PASSWORD = "regi-demo"  # noqa: S105 (printed by bin/demo for everyone to read)
DEMO_ADMINISTRATORS = ["1000/0001", "2000/0001"]
SQLITE_SYNCHRONOUS_FULL = 2


@register
def check_delivery_lease(app_configs, **options):
    """A worker that hangs until its deadline must still own its delivery, twice over."""
    if settings.DELIVERY_LEASE >= 2 * settings.DELIVERY_DEADLINE:
        return []
    return [Error("DELIVERY_LEASE_SECONDS is less than twice DELIVERY_DEADLINE_SECONDS.", id="regi_admin.E001")]


@register(Tags.security, deploy=True)
def check_durability(app_configs, **options):
    """What was committed before a power cut must be there after it; otherwise a delivery could be sent twice."""
    return [problem for connection in connections.all() for problem in durability_problems(connection)]


def durability_problems(connection):
    try:
        found = durability_settings(connection)
    except DatabaseError:
        return [Error(f"The database ({connection.alias}) cannot be reached, so its durability is unknown.", id="regi_admin.E002")]
    return [
        Error(
            f"The database ({connection.alias}) runs with {name} = {value}: {needed} is needed, or a power cut can lose what was committed.",
            id="regi_admin.E003",
        )
        for name, (value, needed) in found.items()
        if value != needed
    ]


def durability_settings(connection):
    """Return {name of the setting: (the value in force, the value needed)}."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return {
                "journal_mode": (cursor.execute("PRAGMA journal_mode").fetchone()[0], "wal"),
                "synchronous": (cursor.execute("PRAGMA synchronous").fetchone()[0], SQLITE_SYNCHRONOUS_FULL),
            }
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')")
        return {name: (value, "on") for name, value in cursor.fetchall()}


@register(Tags.database)
def check_demo_passwords(app_configs, **options):
    """The demo's password is public: with it nobody else may be able to reach the portal."""
    if settings.DEBUG or settings.SERVED_ON_LOOPBACK_ONLY:
        return []
    return [
        Error(
            f"{username} still has the password of the demo.",
            hint="Change it, or serve on loopback only (ALLOWED_HOSTS).",
            id="regi_admin.E004",
        )
        for username in demo_administrators()
    ]


def demo_administrators():
    """Name the administrators of the demo companies who still have the demo's password; none before the first migrate."""
    try:
        people = list(Staff.objects.filter(username__in=DEMO_ADMINISTRATORS, is_active=True).values_list("username", "password"))
    except DatabaseError:
        return []
    return [username for username, password in people if check_password(DEMO_PASSWORD, password)]


def refuse_demo_passwords():
    """Raise ImproperlyConfigured, naming who still has the demo's password, where others than this machine could use it."""
    errors = check_demo_passwords(None)
    if errors:
        raise ImproperlyConfigured(" ".join(error.msg for error in errors))
