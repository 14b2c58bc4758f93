"""What an authenticator app and the portal have in common: a secret, and the codes that follow from it and the time (RFC 6238)."""

import base64
import os
from datetime import datetime
from hmac import compare_digest
from urllib.parse import quote, urlencode

from django_otp.oath import hotp

STEP = 30  # seconds for which a code is shown
DIGITS = 6
STEPS_OF_TOLERANCE = 1  # a phone's clock may be this far off, and a person this slow
SECRET_BYTES = 20  # what RFC 4226 recommends
ISSUER = "レジ管理画面"


def new_secret() -> bytes:
    """Return a random secret."""
    return os.urandom(SECRET_BYTES)


def code_of(secret: bytes, step: int) -> str:
    """Return the code of one step, as the app shows it."""
    return f"{hotp(secret, step, DIGITS):0{DIGITS}}"


def step_at(at: datetime) -> int:
    """Return the number of the step that a moment lies in."""
    return int(at.timestamp()) // STEP


def matching_step(secret: bytes, code: str, *, at: datetime) -> int | None:
    """Return the step whose code this is, of those that count at this moment; None when it is the code of none of them."""
    now = step_at(at)
    steps = range(now - STEPS_OF_TOLERANCE, now + STEPS_OF_TOLERANCE + 1)
    return next((step for step in steps if compare_digest(code_of(secret, step).encode(), code.encode())), None)


def in_words(secret: bytes) -> str:
    """Return the secret as people type it into an app: Base32 in groups of four."""
    letters = base64.b32encode(secret).decode()
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def enrolment_uri(secret: bytes, *, account: str) -> str:
    """Return what the QR code says: which account of which issuer the secret is for."""
    query = urlencode({"secret": base64.b32encode(secret).decode(), "issuer": ISSUER}, quote_via=quote)
    return f"otpauth://totp/{quote(ISSUER)}:{quote(account, safe='')}?{query}"
