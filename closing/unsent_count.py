"""A count that was sent after its session had expired: the browser keeps it until somebody has signed in again."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from closing.models import BusinessDay

COOKIE = "regi_unsent_count"
SALT = "closing.unsent_count"
KEPT_FOR = timedelta(hours=12)
MOST_BYTES = 3_800  # of what browsers take as one cookie
OF_A_COUNT = "register"  # what the names of the fields of a count begin with


def keeps_unsent_count(view):
    """Mark a view whose POST is a count: of whoever is not signed in any more it is kept, and nothing is registered."""
    view.keeps_unsent_count = True
    return view


def write_unsent_count(response: HttpResponse, request: HttpRequest) -> None:
    """Give the fields of the count back to the browser, signed. Too many of them are left to the drafts."""
    typed = {name: text for name, text in request.POST.items() if name.startswith(OF_A_COUNT) and text}
    kept = {"page": request.path, "day": request.POST.get("day", ""), "typed": typed}
    signed = signing.dumps(kept, salt=SALT, compress=True)
    if len(signed) > MOST_BYTES:
        return
    response.set_cookie(
        COOKIE,
        signed,
        max_age=KEPT_FOR,
        path=reverse("closing:till"),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def take_unsent_count(request: HttpRequest, day: BusinessDay) -> dict[str, str] | None:
    """Return what was typed on this page of this day before the session expired; it is given back once."""
    try:
        kept = signing.loads(request.COOKIES[COOKIE], salt=SALT, max_age=KEPT_FOR)
    except (KeyError, signing.BadSignature):
        return None
    if (kept["page"], kept["day"]) != (request.path, str(day.pk)):
        return None
    request.unsent_count_is_taken = True
    return kept["typed"]


def forget_unsent_count(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=reverse("closing:till"), samesite="Lax")
