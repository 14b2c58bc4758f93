"""Which people have signed in from this browser before: a signed cookie, so that guessing elsewhere cannot lock them out here."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from django.core import signing

from stores.models import Staff

COOKIE = "regi_device"
COOKIE_AGE = timedelta(days=365)
SALT = "stores.known_device"
MOST_PEOPLE = 30


@dataclass(frozen=True, slots=True)
class KnownDevice:
    name: str = ""
    people: list[int] = field(default_factory=list)

    def name_for(self, person: Staff | None) -> str:
        """Return the device's name when the person has signed in here before, else nothing."""
        return self.name if person and person.pk in self.people else ""

    def with_person(self, person: Staff) -> "KnownDevice":
        others = [pk for pk in self.people if pk != person.pk]
        return KnownDevice(self.name or secrets.token_hex(16), [person.pk, *others][:MOST_PEOPLE])


def read_device(request) -> KnownDevice:
    """Return what the cookie says; a missing, old or forged one is a device that nobody knows."""
    try:
        name, people = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_AGE)
    except signing.BadSignature:
        return KnownDevice()
    return KnownDevice(name, people)


def write_device(response, device: KnownDevice, *, secure: bool) -> None:
    """Set the cookie on the response."""
    value = signing.dumps([device.name, device.people], salt=SALT)
    response.set_cookie(COOKIE, value, max_age=COOKIE_AGE, httponly=True, samesite="Lax", secure=secure)
