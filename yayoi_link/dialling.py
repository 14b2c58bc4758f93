"""How a connection comes to be: a name is looked up, its addresses are dialled, and a watchdog keeps the deadline."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Self

from yayoi_link.addresses import HTTPS_ONLY

ADDRESSES_TRIED = 4
LOOKUPS_AT_ONCE = 64
SHORTEST = 0.001  # seconds; a timeout of 0 would mean something else to a socket

_lookups = threading.BoundedSemaphore(LOOKUPS_AT_ONCE)


@dataclass(frozen=True, slots=True)
class OutboundRules:
    """What the settings allow: where to, and for how long (seconds).

    `resolve` is called like `socket.getaddrinfo`; `ca_bundle` is a file of trusted certificates, empty for the usual ones.
    """

    deadline: float = 30.0
    connect_timeout: float = 10.0
    ports: frozenset[int] = HTTPS_ONLY
    allow_loopback: bool = False
    ca_bundle: str = ""
    resolve: Callable[..., Sequence[tuple]] = socket.getaddrinfo


@dataclass(frozen=True, slots=True)
class Address:
    """Something that a socket can connect to."""

    family: int
    sockaddr: tuple

    @property
    def ip(self) -> str:
        return self.sockaddr[0]


def look_up(host: str, port: int, *, resolve: Callable[..., Sequence[tuple]], seconds: float) -> list[Address]:
    """Return all addresses of a name, looked up once. Raises TimeoutError, or the resolver's OSError.

    A lookup cannot be interrupted: it runs in a thread of its own, of which there is a limited number.
    """
    until = time.monotonic() + seconds
    if not _lookups.acquire(timeout=seconds):
        raise TimeoutError
    found: Future = Future()
    lookup = threading.Thread(target=_run_lookup, args=(found, resolve, host, port), name="name-lookup", daemon=True)
    try:
        lookup.start()
    except RuntimeError:  # no more threads: give the place back, or in the end nobody gets one
        _lookups.release()
        raise
    answers = found.result(timeout=max(SHORTEST, until - time.monotonic()))
    if not answers:
        raise socket.gaierror(socket.EAI_NONAME)
    return list(dict.fromkeys(Address(family, sockaddr) for family, _, _, _, sockaddr in answers))


def dial(addresses: Sequence[Address], *, seconds: float) -> tuple[socket.socket, Address]:
    """Connect to the first of at most 4 addresses that answers, sharing the time out. Raises the last one's OSError."""
    until = time.monotonic() + seconds
    failure: OSError = TimeoutError()
    tried = addresses[:ADDRESSES_TRIED]
    for position, address in enumerate(tried):
        share = (until - time.monotonic()) / (len(tried) - position)
        try:
            return _connect(address, seconds=max(SHORTEST, share)), address
        except OSError as refused:
            failure = refused
    raise failure


def _run_lookup(found: Future, resolve: Callable[..., Sequence[tuple]], host: str, port: int) -> None:
    try:
        found.set_result(resolve(host, port, type=socket.SOCK_STREAM))
    except BaseException as failure:  # whatever it is, the thread that waits is to have it
        found.set_exception(failure)
    finally:
        _lookups.release()


def _connect(address: Address, *, seconds: float) -> socket.socket:
    sock = socket.socket(address.family, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.connect(address.sockaddr)
    except BaseException:
        sock.close()
        raise
    return sock


class Watchdog:
    """Cuts the connection at the deadline: no timeout of a socket ends an answer that drips.

    It holds a duplicate of the descriptor, which stays the same under TLS; the lock keeps it from cutting a stranger's
    connection that was given the same number later.
    """

    def __init__(self, seconds: float):
        self.lock = threading.Lock()
        self.watched: socket.socket | None = None
        self.has_cut = False
        self.timer = threading.Timer(seconds, self.cut)
        self.timer.daemon = True

    def __enter__(self) -> Self:
        self.timer.start()
        return self

    def __exit__(self, *failure) -> None:
        self.timer.cancel()
        with self.lock:
            if self.watched:
                self.watched.close()
            self.watched = None

    def watch(self, sock: socket.socket) -> None:
        """Cut this connection at the deadline, or at once if that is over."""
        with self.lock:
            self.watched = sock.dup()
        if self.has_cut:
            self.cut()

    def cut(self) -> None:
        """End whatever waits for the connection: it reads the end of the stream."""
        with self.lock:
            self.has_cut = True
            if self.watched:
                with contextlib.suppress(OSError):
                    self.watched.shutdown(socket.SHUT_RDWR)
