"""Signing in, at the portal and at レジ業務: one hash, one answer, and limits that cannot be turned against a shop."""

import logging

from django.contrib.auth import login
from django.contrib.auth.hashers import check_password
from django.utils import timezone

from stores import audit
from stores.audit import AuditAction
from stores.client_address import client_address
from stores.known_device import read_device
from stores.models import SignInThrottle, Staff, Store

logger = logging.getLogger(__name__)


class SignInRefused(Exception):
    """Nobody is signed in. Why is not said: not to the visitor, not to the caller."""


def authenticate_staff(request, *, company_code: str, code: str, password: str) -> Staff:
    """Return the person whose password this is, for exactly one Argon2 hash whoever was named.

    Raises SignInRefused when the company, the code or the password is wrong, when the person or the company is not in use,
    and when too many tries have failed. The caller shows one message for all of them.
    """
    person = Staff.objects.select_related("company", "second_factor").filter(company__code=company_code, code=code).first()
    return verify_person(request, person, account=f"{company_code}/{code}", password=password)


def authenticate_operator(request, *, username: str, password: str) -> Staff:
    """Return the operator (運営) whose password this is. The same limits, the same silence."""
    person = Staff.objects.filter(company=None, username=username).first()
    return verify_person(request, person, account=username, password=password)


def verify_person(request, person: Staff | None, *, account: str, password: str) -> Staff:
    at = timezone.now()
    account = account[:41]
    device = read_device(request).name_for(person)
    is_allowed = SignInThrottle.objects.allow_try(account, device, at=at)
    is_right = check_password(password, person.password if person else "")
    if person and is_allowed and is_right and is_in_use(person):
        SignInThrottle.objects.filter(account=account, device=device).delete()
        request.known_device = read_device(request).with_person(person)
        return person

    SignInThrottle.objects.forget_old(at=at)
    if is_allowed:
        note_failure(request, person, is_locked=SignInThrottle.objects.locks(account, device), at=at)
    raise SignInRefused


def is_in_use(person: Staff) -> bool:
    return person.is_active and (person.company is None or person.company.is_active)


def note_failure(request, person: Staff | None, *, is_locked: bool, at) -> None:
    """Record a failed try under the person it named. What else was typed is not kept: it may be a password in the wrong field."""
    address = client_address(request)
    if person is None:
        logger.warning("Sign-in refused: unknown account, from %s", address)
        return
    entry = {"actor": None, "company": person.company, "subject": str(person), "address": address, "at": at}
    audit.record(AuditAction.SIGN_IN_FAILED, **entry)
    if is_locked:
        audit.record(AuditAction.SIGN_IN_LOCKED, **entry)


def enter_portal(request, person: Staff) -> None:
    """Begin the person's session in the portal, in place of whatever session there was."""
    request.session.flush()
    login(request, person, backend="stores.backends.PortalBackend")
    audit.record(
        AuditAction.SIGNED_IN,
        actor=person,
        company=person.company,
        subject=str(person),
        address=client_address(request),
        at=timezone.now(),
    )


def enter_till(request, store: Store, operator: Staff) -> None:
    """Replace the session by a new one of the till operator, limited to レジ業務 of this store.

    Who was signed in to the portal on this browser is signed out: a shared till must not carry more than its operator's rights.
    """
    request.session.flush()
    login(request, operator, backend="stores.backends.PortalBackend")
    request.session["till_store"] = store.pk
    request.till_store = store
    audit.record(
        AuditAction.SIGNED_IN_AT_TILL,
        actor=operator,
        company=store.company,
        store=store,
        subject=str(operator),
        address=client_address(request),
        at=timezone.now(),
    )
