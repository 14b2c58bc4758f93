"""マスタ同期: each store's master data has a version, and each register knows which one it has taken."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from stores.audit import AuditAction, Origin
from stores.models import Register, Store


def master_changed(stores: Store | Iterable[Store]) -> None:
    """Raise the master version of a store, or of several: their registers are due for マスタ同期."""
    stores = [stores] if isinstance(stores, Store) else stores
    Store.objects.filter(pk__in=[store.pk for store in stores]).update(master_version=F("master_version") + 1)


@transaction.atomic
def sync_master(stores: Iterable[Store], *, by: Origin) -> int:
    """Mark the portal's own registers of the stores as having taken the current master; return how many were due.

    A register with a token fetches it by itself, and is current when it has.
    """
    stores = list(stores)
    current = Store.objects.filter(pk=OuterRef("store_id")).values("master_version")[:1]
    due = Register.objects.in_use().filter(store__in=stores).knowing_tokens().filter(has_token=False).due_for_sync()
    synced = due.update(synced_version=Subquery(current), synced_at=by.at)
    for store in stores:
        by.record(AuditAction.MASTER_SYNCED, store=store, subject=str(store))
    return synced
