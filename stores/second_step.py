"""Between the password and the code: a session in which nobody is signed in yet, and what the session proves afterwards."""

from django.utils import timezone
from django.utils.crypto import constant_time_compare

from stores import audit
from stores.audit import AuditAction, Origin
from stores.authenticator import new_secret
from stores.client_address import client_address
from stores.factor_secret import SecretUnavailable, seal, unseal
from stores.models import SecondFactor, Staff
from stores.models.second_factor import MOST_TRIES
from stores.second_factor import factor_of, use_code
from stores.sign_in import SignInRefused, enter_portal, is_in_use

AWAITED = "awaited_code"
AWAITED_FOR = 600  # seconds
PASSED = "second_factor"
OFFERED = "offered_secret"


def await_code(request, person: Staff, *, target: str) -> None:
    """Remember whose password was right, in place of whatever session there was. Nobody is signed in by this."""
    request.session.flush()
    at = int(timezone.now().timestamp())
    request.session[AWAITED] = {"person": person.pk, "proof": person.get_session_auth_hash(), "at": at, "target": target}


def awaited_person(request) -> Staff | None:
    """Return whose code is awaited; None when nobody's is, or when too much time or a change of the password has come between."""
    awaited = request.session.get(AWAITED)
    if not awaited or timezone.now().timestamp() - awaited["at"] > AWAITED_FOR:
        return None
    person = Staff.objects.select_related("company", "second_factor").filter(pk=awaited["person"]).first()
    if person is None or not is_in_use(person) or factor_of(person) is None:
        return None
    return person if constant_time_compare(awaited["proof"], person.get_session_auth_hash()) else None


def enter_with_code(request, person: Staff, typed: str) -> str:
    """Begin the session of the person whose code this is, and return where the sign-in was to lead.

    Raises SignInRefused for a wrong or used code and after too many tries.
    """
    factor, target = factor_of(person), request.session[AWAITED]["target"]
    by = Origin(person, timezone.now(), client_address(request))
    is_allowed = SecondFactor.objects.allow_try(factor, at=by.at)
    if not is_allowed or not use_code(factor, typed, by=by):
        if is_allowed:
            note_failure(person, by=by)
        raise SignInRefused
    enter_portal(request, person)
    mark_passed(request, factor)
    return target


def note_failure(person: Staff, *, by: Origin) -> None:
    entry = {"actor": None, "company": person.company, "subject": str(person), "address": by.address, "at": by.at}
    audit.record(AuditAction.SECOND_STEP_FAILED, **entry)
    if SecondFactor.objects.filter(person=person, tries__gte=MOST_TRIES).exists():
        audit.record(AuditAction.SIGN_IN_LOCKED, **entry)


def mark_passed(request, factor: SecondFactor) -> None:
    """Let this session count as one that was opened with the second factor."""
    request.session[PASSED] = factor.pk


def has_passed(request) -> bool:
    """Tell whether this session was opened with the second factor that the person has now."""
    factor = factor_of(request.user)
    return factor is not None and request.session.get(PASSED) == factor.pk


def offered_secret(request) -> bytes:
    """Return the secret that this session is being shown, a new one when there is none yet. It lies sealed in the session."""
    try:
        return unseal(request.session.get(OFFERED, ""), person_id=request.user.pk)
    except SecretUnavailable:
        secret = new_secret()
        request.session[OFFERED] = seal(secret, person_id=request.user.pk)
        return secret


def drop_offered_secret(request) -> None:
    """Forget the secret that this session was shown."""
    request.session.pop(OFFERED, None)
