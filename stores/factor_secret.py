"""The secret of an authenticator app at rest: who reads the database must not be able to make codes.

AES-256-GCM with a random nonce, bound to the person, so that a ciphertext copied to another person does not open. The keys come from
LINK_KEYS, newest first, and are told apart from those of the links by a word of their own.
"""

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class SecretUnavailable(Exception):
    """None of LINK_KEYS opens the ciphertext."""


def seal(secret: bytes, *, person_id: int) -> str:
    """Return the secret as ciphertext under the newest key, bound to the person."""
    nonce = os.urandom(NONCE_BYTES)
    return base64.b64encode(nonce + cipher(settings.LINK_KEYS[0]).encrypt(nonce, secret, binding(person_id))).decode()


def unseal(sealed: str, *, person_id: int) -> bytes:
    """Return the secret. Raises SecretUnavailable when no key of LINK_KEYS opens it, or when it is another person's."""
    try:
        raw = base64.b64decode(sealed)
    except ValueError:
        raise SecretUnavailable from None
    for key in settings.LINK_KEYS:
        try:
            return cipher(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], binding(person_id))
        except (InvalidTag, ValueError):  # ValueError: too short to be a ciphertext at all
            continue
    raise SecretUnavailable


def cipher(key: str) -> AESGCM:
    return AESGCM(hashlib.sha256(b"second factor/" + key.encode()).digest())


def binding(person_id: int) -> bytes:
    return f"person/{person_id}".encode()
