"""The stores and registers of a company: made, changed, retired, never deleted, each time with a line in 操作履歴."""

from datetime import date
from typing import Any

from django.db import transaction

from stores.audit import AuditAction, Origin
from stores.master_sync import master_changed
from stores.models import Register, Store
from stores.signals import store_retired


@transaction.atomic
def add_store(store: Store, *, by: Origin) -> Store:
    """Save a new store."""
    store.save()
    by.record(AuditAction.STORE_CREATED, store=store, subject=str(store))
    return store


@transaction.atomic
def change_store(store: Store, *, changes: dict[str, Any], by: Origin) -> Store:
    """Save a store's new name, 締め時刻 or tolerance; its registers are due for マスタ同期."""
    store.save(update_fields=["name", "closes_at", "difference_tolerance"])
    master_changed(store)
    by.record(AuditAction.STORE_CHANGED, store=store, subject=str(store), changes=changes)
    return store


@transaction.atomic
def retire_store(store: Store, *, on: date | None, by: Origin) -> Store:
    """Take a store out of use from a date on, or into use again (None). Its books stay."""
    store.retired_on = on
    store.save(update_fields=["retired_on"])
    by.record(AuditAction.STORE_RETIRED if on else AuditAction.STORE_RESTORED, store=store, subject=str(store))
    if on:
        store_retired.send(sender=Store, store=store, by=by)
    return store


@transaction.atomic
def add_register(register: Register, *, by: Origin) -> Register:
    """Save a new register of a store."""
    register.save()
    master_changed(register.store)
    by.record(AuditAction.REGISTER_CREATED, store=register.store, subject=f"{register.store} {register}")
    return register


@transaction.atomic
def change_register(register: Register, *, changes: dict[str, Any], by: Origin) -> Register:
    """Save a register's new name."""
    register.save(update_fields=["name"])
    master_changed(register.store)
    by.record(AuditAction.REGISTER_CHANGED, store=register.store, subject=f"{register.store} {register}", changes=changes)
    return register


@transaction.atomic
def retire_register(register: Register, *, on: date | None, by: Origin) -> Register:
    """Take a register out of use from a date on, or into use again (None)."""
    register.retired_on = on
    register.save(update_fields=["retired_on"])
    master_changed(register.store)
    action = AuditAction.REGISTER_RETIRED if on else AuditAction.REGISTER_RESTORED
    by.record(action, store=register.store, subject=f"{register.store} {register}")
    return register
