"""Whether the portal can do its work: what /readyz answers."""

from django.db import Error, connection, models
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext_lazy as _

from yayoi_link.models import WorkerSighting
from yayoi_link.restoring import SendingStopped, sending_stopped_reason


class NotReady(models.TextChoices):
    """What is missing: a word for machines, and a sentence for whoever runs the portal."""

    DATABASE = "database", _("データベースに接続できません。")
    MIGRATIONS = "migrations", _("データベースの更新（manage.py migrate）が済んでいません。")
    WORKER = "worker", _("ワーカー（manage.py worker）が60秒以上確認できません。閉局はできますが、弥生には送信されません。")


def reasons_not_ready() -> list[NotReady | SendingStopped]:
    """Return what is missing; an empty list means ready. Asks the database anew each time."""
    try:
        if pending_migrations():
            return [NotReady.MIGRATIONS]
        worker = None if WorkerSighting.any_alive() else NotReady.WORKER
        return [reason for reason in (worker, sending_stopped_reason()) if reason]
    except Error:
        connection.close()
        return [NotReady.DATABASE]


def pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
