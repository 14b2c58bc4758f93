"""How a connection comes to be: a name is looked up, its addresses are dialled, and a watchdog keeps the deadline."""

import contextlib
import heapq
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Self

from yayoi_link.addresses import HTTPS_ONLY

ADDRESSES_TRIED = 4
LOOKUPS_AT_ONCE = 64
# So that a name that hangs does not keep all others waiting.
LOOKUPS_OF_A_NAME = 48
SHORTEST = 0.001  # seconds; a timeout of 0 would mean something else to a socket


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

    A lookup cannot be interrupted: it runs in one of a limited number of threads, and when its time is over it is left to itself.
    """
    found: Future = Future()
    _lookups.begin(found, resolve, host, port)
    try:
        answers = found.result(timeout=seconds)
    except TimeoutError:
        found.cancel()
        raise
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


@dataclass(frozen=True, slots=True)
class _Lookup:
    found: Future
    resolve: Callable[..., Sequence[tuple]]
    host: str
    port: int


class _LookupThreads:
    """A bounded pool of daemon threads: a lookup that hangs does not keep the process from ending, nor other names waiting."""

    def __init__(self, at_most: int):
        self.left = at_most
        self.idle = 0
        self.waiting: list[_Lookup] = []
        self.running: Counter[str] = Counter()
        self.changed = threading.Condition()

    def begin(self, found: Future, resolve: Callable[..., Sequence[tuple]], host: str, port: int) -> None:
        """Let the next thread that is free look up, and put into `found` what comes of it."""
        with self.changed:
            self.waiting.append(_Lookup(found, resolve, host, port))
            self.changed.notify()
            if self.idle < len(self.waiting) and self.left:
                threading.Thread(target=self._run, name="name-lookup", daemon=True).start()
                self.left -= 1

    def _run(self) -> None:
        while True:
            lookup = self._next()
            if lookup.found.set_running_or_notify_cancel():
                self._answer(lookup)
            with self.changed:
                self.running[lookup.host] -= 1
                self.changed.notify()

    @staticmethod
    def _answer(lookup: _Lookup) -> None:
        try:
            lookup.found.set_result(lookup.resolve(lookup.host, lookup.port, type=socket.SOCK_STREAM))
        except BaseException as failure:  # whatever it is, the thread that waits is to have it
            lookup.found.set_exception(failure)

    def _next(self) -> _Lookup:
        with self.changed:
            self.idle += 1
            while not (lookup := self._first_allowed()):
                self.changed.wait()
            self.idle -= 1
            self.waiting.remove(lookup)
            self.running[lookup.host] += 1
            return lookup

    def _first_allowed(self) -> _Lookup | None:
        # Those whose caller has given up go first: they take no time.
        return next((each for each in self.waiting if each.found.cancelled() or self.running[each.host] < LOOKUPS_OF_A_NAME), None)


_lookups = _LookupThreads(LOOKUPS_AT_ONCE)


class Watchdog:
    """Cuts the connection at the deadline: no timeout of a socket ends an answer that drips.

    It holds a duplicate of the descriptor, which stays the same under TLS; the lock keeps it from cutting a stranger's
    connection that was given the same number later.
    """

    def __init__(self, seconds: float):
        self.lock = threading.Lock()
        self.cuts_at = time.monotonic() + seconds
        self.watched: socket.socket | None = None
        self.is_needed = True
        self.has_cut = False

    def __enter__(self) -> Self:
        _alarm.add(self)
        return self

    def __exit__(self, *failure) -> None:
        with self.lock:
            self.is_needed = False
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

    def __lt__(self, other: Self) -> bool:
        return self.cuts_at < other.cuts_at


class _Alarm:
    """The one thread in which all watchdogs wait for their deadlines."""

    def __init__(self):
        self.waiting: list[Watchdog] = []
        self.changed = threading.Condition()
        self.thread: threading.Thread | None = None

    def add(self, watchdog: Watchdog) -> None:
        with self.changed:
            heapq.heappush(self.waiting, watchdog)
            if not self.thread:
                self.thread = threading.Thread(target=self._run, name="watchdogs", daemon=True)
                self.thread.start()
            elif self.waiting[0] is watchdog:
                self.changed.notify()

    def _run(self) -> None:
        while True:
            watchdog = self._next()
            if watchdog.is_needed:
                watchdog.cut()

    def _next(self) -> Watchdog:
        with self.changed:
            while not self.waiting or (left := self.waiting[0].cuts_at - time.monotonic()) > 0:
                self.changed.wait(left if self.waiting else None)
            return heapq.heappop(self.waiting)


_alarm = _Alarm()
