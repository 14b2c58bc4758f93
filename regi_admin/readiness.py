"""Whether the portal can do its work: what /readyz answers."""

from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.functions import Now

from yayoi_link.models import WorkerSighting

WORKER_MISSED_AFTER = timedelta(seconds=60)


def reasons_not_ready() -> list[str]:
    """Return what is missing, in words for whoever runs the portal; an empty list means ready."""
    try:
        pending = pending_migrations()
        if pending:
            return [f"migrations: {pending} pending"]
        return [] if worker_is_seen() else ["worker: not seen for 60 seconds"]
    except DatabaseError:
        return ["database: no answer"]


def pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def worker_is_seen() -> bool:
    """Both moments are the database's, whatever the clocks of the machines say."""
    return WorkerSighting.objects.filter(seen_at__gte=Now() - WORKER_MISSED_AFTER).exists()
