"""二段階認証: who has it, who must have it, how it begins and ends, and what a typed code opens."""

import logging
import secrets
import unicodedata
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stores import audit
from stores.audit import AuditAction, Origin
from stores.authenticator import DIGITS, matching_step
from stores.factor_secret import SecretUnavailable, seal, unseal
from stores.models import Company, RecoveryCode, Role, SecondFactor, Staff
from stores.passwords import LETTERS

logger = logging.getLogger(__name__)

RECOVERY_CODES = 10
GROUPS_OF_A_RECOVERY_CODE = 4  # of four letters each: random enough that a fast digest is no weakness
ROLES_UNDER_THE_RULE = [Role.COMPANY_ADMIN, Role.STORE_MANAGER]


def factor_of(person: Staff) -> SecondFactor | None:
    """Return the person's second factor; None when the person signs in by password alone."""
    return getattr(person, "second_factor", None)


def must_have_factor(person: Staff) -> bool:
    """Tell whether the person may not go without: an operator, or whom the company's rule names."""
    if person.company_id is None:
        return True
    return person.company.requires_second_factor and person.role in ROLES_UNDER_THE_RULE


def lacks_factor(person: Staff) -> bool:
    """Tell whether the person has to set up 二段階認証 before anything else."""
    return must_have_factor(person) and factor_of(person) is None


@transaction.atomic
def enrol(person: Staff, secret: bytes, *, step: int, by: Origin) -> tuple[SecondFactor, list[str]]:
    """Let codes of this secret open the person's account, in place of any before; return its new recovery codes too.

    `step` is that of the code which proved that the app has the secret; it opens nothing more. The person's sessions end.
    """
    # First, because it waits for whoever is enrolling the same person at the same moment.
    person.end_sessions()
    SecondFactor.objects.filter(person=person).delete()
    sealed = seal(secret, person_id=person.pk)
    factor = SecondFactor.objects.create(person=person, sealed_secret=sealed, last_step=step, enrolled_at=by.at)
    note(AuditAction.SECOND_FACTOR_ENROLLED, person, by=by)
    return factor, new_codes(factor)


@transaction.atomic
def renew_recovery_codes(factor: SecondFactor, *, by: Origin) -> list[str]:
    """Return new recovery codes, which are in this answer and nowhere else. The old ones open nothing from now on."""
    # Waits for whoever renews them at the same moment, so that ten are left and not twenty.
    factor.person.end_sessions()
    note(AuditAction.RECOVERY_CODES_RENEWED, factor.person, by=by)
    return new_codes(factor)


@transaction.atomic
def remove_factor(person: Staff, *, by: Origin) -> bool:
    """Let the password alone open the account again; tell whether there was a second factor. The person's sessions end."""
    person.end_sessions()
    removed, _rows = SecondFactor.objects.filter(person=person).delete()
    if removed:
        note(AuditAction.SECOND_FACTOR_REMOVED, person, by=by)
    return bool(removed)


@transaction.atomic
def change_rule(company: Company, *, is_required: bool, by: Origin) -> None:
    """Ask 企業管理者 and 店長 of the company for a second factor, or leave it to each person."""
    if not Company.objects.filter(pk=company.pk).exclude(requires_second_factor=is_required).update(requires_second_factor=is_required):
        return
    words = {True: _("必須"), False: _("任意")}
    changes = {_("企業管理者と店長の二段階認証"): [words[not is_required], words[is_required]]}
    by.record(AuditAction.SECOND_FACTOR_RULE_CHANGED, subject=str(company), changes=changes)


def use_code(factor: SecondFactor, typed: str, *, by: Origin) -> bool:
    """Tell whether what was typed opens the account now: a code of the app or a recovery code. It never does so again."""
    typed = plain(typed)
    if typed.isdigit():
        return use_app_code(factor, typed, at=by.at)
    if not SecondFactor.objects.use_recovery_code(factor, digest_of(typed), at=by.at):
        return False
    note(AuditAction.RECOVERY_CODE_USED, factor.person, by=by, changes={_("残り"): factor.codes_left})
    return True


def use_app_code(factor: SecondFactor, code: str, *, at: datetime) -> bool:
    try:
        secret = unseal(factor.sealed_secret, person_id=factor.person_id)
    except SecretUnavailable:
        logger.error("The second factor of person %s opens with none of LINK_KEYS", factor.person_id)
        return False
    step = matching_step(secret, code, at=at) if len(code) == DIGITS else None
    return step is not None and SecondFactor.objects.use_step(factor, step)


def reseal_secrets() -> int:
    """Encrypt every secret under the newest key; return how many were. What no key opens is left as it is and logged."""
    resealed = 0
    for factor in SecondFactor.objects.iterator():
        try:
            secret = unseal(factor.sealed_secret, person_id=factor.person_id)
        except SecretUnavailable:
            logger.error("The second factor of person %s opens with none of LINK_KEYS", factor.person_id)
            continue
        sealed = seal(secret, person_id=factor.person_id)
        resealed += SecondFactor.objects.filter(pk=factor.pk, sealed_secret=factor.sealed_secret).update(sealed_secret=sealed)
    return resealed


def new_codes(factor: SecondFactor) -> list[str]:
    codes = [new_code() for _number in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(factor=factor).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, digest=digest_of(plain(code))) for code in codes)
    return codes


def new_code() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(4)) for _group in range(GROUPS_OF_A_RECOVERY_CODE))


def plain(typed: str) -> str:
    """Return a code without what people type beside it: spaces, hyphens, capitals, wide characters."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", typed).lower() if letter.isalnum())


def digest_of(code: str) -> str:
    return sha256(code.encode("utf-8", "surrogateescape")).hexdigest()


def note(action: AuditAction, person: Staff, *, by: Origin, changes: dict | None = None) -> None:
    """Write the line into the history of the person's company, whoever acts: an operator has none of his own."""
    audit.record(action, actor=by.actor, company=person.company, at=by.at, subject=str(person), changes=changes, address=by.address)
