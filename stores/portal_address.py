"""Where the portal is reached from outside, for links in mails. Never taken from a request: whoever sends one chooses its Host."""

from django.conf import settings


def address_of(path: str) -> str:
    """Return the full address of a path, or nothing where the portal has not been told its own."""
    origins = [origin for origin in settings.CSRF_TRUSTED_ORIGINS if "*" not in origin]
    return origins[0].rstrip("/") + path if origins else ""
