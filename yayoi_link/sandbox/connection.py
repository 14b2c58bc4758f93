"""Breaking the connection under a request, as a failing network or receiver does."""

import contextlib
import os
import select
import socket
import struct

from django.http import HttpRequest, HttpResponse

LINGER_NOT = struct.pack("ii", 1, 0)


def cut(request: HttpRequest) -> HttpResponse:
    """Reset the caller's connection at once. The response that is returned reaches nobody."""
    connection_of(request).setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    return hang_up(request)


def hang_up(request: HttpRequest) -> HttpResponse:
    """Close the caller's connection without a word. The response that is returned reaches nobody.

    gunicorn goes on owning the descriptor, so it is not closed but replaced by a dead pair of sockets:
    the kernel then ends the connection, and gunicorn's own clean-up finds something to close.
    """
    dead_end, peer = socket.socketpair()
    peer.close()
    os.dup2(dead_end.fileno(), connection_of(request).fileno(), inheritable=False)
    dead_end.close()
    return HttpResponse(status=500)


def fall_silent(request: HttpRequest, *, at_most_seconds: float) -> HttpResponse:
    """Answer nothing until the caller hangs up or the time is over; then cut."""
    has_hung_up(request, within_seconds=at_most_seconds)
    return cut(request)


def say(request: HttpRequest, content: bytes) -> HttpResponse:
    """Answer with these bytes, whether they are HTTP or not, and hang up."""
    send(request, content)
    return hang_up(request)


def drip(request: HttpRequest, content: bytes, *, pause_seconds: float) -> HttpResponse:
    """Answer with one byte after the other until the caller has had enough, and hang up."""
    for position in range(len(content)):
        send(request, content[position : position + 1])
        if has_hung_up(request, within_seconds=pause_seconds):
            break
    return hang_up(request)


def send(request: HttpRequest, content: bytes) -> None:
    """Write past gunicorn. Whether the caller is still there is for who waits for him to find out."""
    with contextlib.suppress(OSError):
        connection_of(request).sendall(content)


def has_hung_up(request: HttpRequest, *, within_seconds: float) -> bool:
    """Wait for the caller to end the connection: nothing else can still come from him."""
    readable, _writable, _failed = select.select([connection_of(request)], [], [], within_seconds)
    return bool(readable)


def connection_of(request: HttpRequest) -> socket.socket:
    return request.META["gunicorn.socket"]
