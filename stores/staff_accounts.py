"""The accounts of the people: made, changed, stopped, each time with a line in 操作履歴 and with the person's sessions ended."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stores.audit import AuditAction, Origin
from stores.master_sync import master_changed
from stores.models import Role, SecondFactor, SignInThrottle, Staff, Store
from stores.passwords import initial_password


def create_account(person: Staff, *, stores: list[Store], by: Origin) -> str:
    """Save a new person and return the initial password, which is shown once and kept nowhere."""
    password = give_initial_password(person)
    add_account(person, stores=stores, by=by)
    return password


def give_initial_password(person: Staff) -> str:
    """Set an initial password without saving it, and return it. Hashing takes time, for which no transaction should be held."""
    password = initial_password()
    person.set_password(password)
    person.must_change_password = True
    return password


@transaction.atomic
def add_account(person: Staff, *, stores: list[Store], by: Origin) -> Staff:
    """Save a new person who has been given an initial password."""
    person.save()
    person.stores.set(stores)
    master_changed(stores_that_know(person))
    by.record(
        AuditAction.STAFF_CREATED,
        subject=str(person),
        changes={_("権限"): Role(person.role).label, _("担当店舗"): [str(store) for store in stores]},
    )
    return person


@transaction.atomic
def change_account(person: Staff, *, stores: list[Store], changes: dict[str, Any], ends_sessions: bool, by: Origin) -> None:
    """Save a person's new name, role, mail address or stores. With other rights the sessions that have the old ones end."""
    # `person` already carries the new role; the registers that are to forget the person know the stored one.
    master_changed(stores_that_know(Staff.objects.get(pk=person.pk)))
    person.save(update_fields=["name", "role", "email"])
    person.stores.set(stores)
    master_changed(stores_that_know(person))
    if ends_sessions:
        person.end_sessions()
    by.record(AuditAction.STAFF_CHANGED, subject=str(person), changes=changes)


@transaction.atomic
def reset_password(person: Staff, *, by: Origin) -> str:
    """Give the person a new initial password and return it; a lockout is lifted, open sessions end."""
    password = initial_password()
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    person.end_sessions()
    SignInThrottle.objects.forget(person.username)
    SecondFactor.objects.forgive(person)
    by.record(AuditAction.PASSWORD_RESET, subject=str(person))
    return password


@transaction.atomic
def change_own_password(person: Staff, password: str, *, by: Origin) -> None:
    """Set the password that the person chose. The other sessions of the person end with it."""
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    by.record(AuditAction.PASSWORD_CHANGED, subject=str(person))


@transaction.atomic
def end_other_sessions(person: Staff, *, by: Origin) -> None:
    """End every session of the person. The caller keeps the one that this is asked in."""
    person.end_sessions()
    by.record(AuditAction.SESSIONS_ENDED, subject=str(person))


@transaction.atomic
def set_in_use(person: Staff, *, is_active: bool, by: Origin) -> None:
    """Stop a person from signing in, or allow it again. What the person did stays in the books."""
    person.is_active = is_active
    person.save(update_fields=["is_active"])
    person.end_sessions()
    master_changed(stores_that_know(person))
    by.record(AuditAction.STAFF_REACTIVATED if is_active else AuditAction.STAFF_DEACTIVATED, subject=str(person))


def stores_that_know(person: Staff) -> list[Store]:
    """Return the stores whose registers list this person."""
    return list(Store.objects.visible_to(person).in_use())
