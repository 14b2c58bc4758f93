"""What people see when the portal itself fails: a fault of the program, or a database that is away."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.views.defaults import server_error as program_error

AWAY = (OperationalError, InterfaceError)
COME_BACK_AFTER = 10  # seconds


def server_error(request):
    """Tell a database that is away from a fault; what was typed into a close is kept, so that one press sends it again."""
    if not isinstance(sys.exception(), AWAY):
        return program_error(request)
    fields = [(name, value) for name, values in typed(request).lists() for value in values]
    # Without the request's context: everything in it asks the database.
    page = render_to_string("503.html", {"fields": fields, "address": request.get_full_path()})
    return HttpResponse(page, status=503, headers={"Retry-After": str(COME_BACK_AFTER), "Cache-Control": "no-store"})


def typed(request):
    """What was posted, where it holds no secret and may be sent twice; the token against forged requests is among it, unchanged."""
    return request.POST if is_safe_to_repeat(request) else QueryDict()


def is_safe_to_repeat(request):
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return getattr(view, "is_safe_to_repeat", False)
