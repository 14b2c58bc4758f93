"""接続先リンク at rest: whoever has the link can write into the books, so only its ciphertext is stored.

AES-256-GCM with a random nonce, bound to company, store and version, so that a ciphertext copied to another row does
not open. A key may be any text; LINK_KEYS holds them newest first.
"""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class KeyUnavailable(Exception):
    """None of LINK_KEYS opens the ciphertext."""


def _cipher(key: str) -> AESGCM:
    return AESGCM(hashlib.sha256(key.encode()).digest())


def _binding(company_id: int, store_id: int, version: int) -> bytes:
    return f"{company_id}/{store_id}/{version}".encode()


def encrypt(text: str, *, company_id: int, store_id: int, version: int) -> str:
    """Return the text as ciphertext under the newest key, bound to company, store and version."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(settings.LINK_KEYS[0]).encrypt(nonce, text.encode(), _binding(company_id, store_id, version))
    return base64.b64encode(nonce + sealed).decode()


def decrypt(ciphertext: str, *, company_id: int, store_id: int, version: int) -> str:
    """Return the text. Raises KeyUnavailable when no key of LINK_KEYS opens it, or when it was moved to another row."""
    try:
        raw = base64.b64decode(ciphertext)
    except ValueError:
        raise KeyUnavailable from None
    for key in settings.LINK_KEYS:
        try:
            opened = _cipher(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _binding(company_id, store_id, version))
        except (InvalidTag, ValueError):  # ValueError: too short to be a ciphertext at all
            continue
        return opened.decode()
    raise KeyUnavailable


def link_hash(text: str) -> str:
    """Return the keyed hash by which the same link is found again without being stored."""
    return hmac.new(settings.LINK_HASH_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
