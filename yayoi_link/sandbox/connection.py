"""Breaking the connection under a request, as a failing network or receiver does."""

import os
import select
import socket
import struct

from django.http import HttpRequest, HttpResponse

LINGER_NOT = struct.pack("ii", 1, 0)


def cut(request: HttpRequest) -> HttpResponse:
    """Reset the caller's connection at once. The response that is returned reaches nobody.

    gunicorn goes on owning the descriptor, so it is not closed but replaced by a dead pair of sockets:
    the kernel then drops the connection with RST, and gunicorn's own clean-up finds something to close.
    """
    connection = request.META["gunicorn.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    dead_end, peer = socket.socketpair()
    peer.close()
    os.dup2(dead_end.fileno(), connection.fileno(), inheritable=False)
    dead_end.close()
    return HttpResponse(status=500)


def fall_silent(request: HttpRequest, *, at_most_seconds: int) -> HttpResponse:
    """Answer nothing until the caller hangs up or the time is over; then cut."""
    select.select([request.META["gunicorn.socket"]], [], [], at_most_seconds)
    return cut(request)
