import secrets
from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

# Each hash takes 19 MiB and a core: a flood of sign-ins queues up here instead of starving the shops.
CONCURRENT_HASHES = BoundedSemaphore(2)

# Without what is mistaken for something else on paper: 0 O, 1 l I, 5 S, 2 Z.
LETTERS = "abcdefghijkmnpqrtuvwxy"
DIGITS = "346789"


class PortalArgon2Hasher(Argon2PasswordHasher):
    """OWASP's smallest recommended Argon2id: 19 MiB, two passes, one lane. At most two at a time in a process."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1

    def encode(self, password, salt):
        with CONCURRENT_HASHES:
            return super().encode(password, salt)

    def verify(self, password, encoded):
        with CONCURRENT_HASHES:
            return super().verify(password, encoded)


def initial_password():
    """Return a random password that can be read from paper and typed at a till: three groups of four."""
    groups = ["".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(2)]
    return "-".join([*groups, "".join(secrets.choice(DIGITS) for _ in range(4))])
