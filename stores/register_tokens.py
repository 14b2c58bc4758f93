"""接続トークン: by which a register proves to the portal which one it is. Shown once, kept as a digest, revoked at once."""

import secrets
from hashlib import sha256

from django.db import transaction

from stores.audit import AuditAction, Origin
from stores.models import Register, RegisterToken

# So that a token is recognised where it does not belong, such as in a mail or in a log.
PREFIX = "regi_"
RANDOM_BYTES = 32
SHOWN = 4


@transaction.atomic
def issue_token(register: Register, *, by: Origin) -> str:
    """Return a new token of the register. It is in this answer and nowhere else."""
    secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    token = RegisterToken.objects.create(
        register=register, digest=digest_of(secret), hint=secret[-SHOWN:], issued_at=by.at, issued_by=by.actor
    )
    by.record(AuditAction.TOKEN_ISSUED, store=register.store, subject=f"{register.store} {register} {token}")
    return secret


@transaction.atomic
def revoke_token(token: RegisterToken, *, by: Origin) -> bool:
    """Let the token open nothing from now on, and return whether it was this that ended it."""
    if not RegisterToken.objects.in_force().filter(pk=token.pk).update(revoked_at=by.at):
        return False
    register = token.register
    by.record(AuditAction.TOKEN_REVOKED, store=register.store, subject=f"{register.store} {register} {token}")
    return True


def find_token(secret: str) -> RegisterToken | None:
    """Return the token in force that this is, with its register, store and company; None for anything else."""
    found = RegisterToken.objects.in_force().select_related("register__store__company")
    return found.filter(digest=digest_of(secret)).first()


def digest_of(secret: str) -> str:
    """Return what is stored of a token. It is random enough that nobody guesses it, so a fast digest is no weakness."""
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
