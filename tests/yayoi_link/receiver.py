"""A receiver of postings on a real local socket, as well-behaved or as broken as a test wants it.

A behaviour is a function of one `Call`: what the receiver does with one connection, from the first byte on.
"""

import contextlib
import functools
import json
import socket
import struct
import threading
from collections import Counter
from dataclasses import dataclass

LINGER_NOT = struct.pack("ii", 1, 0)
PATIENCE = 30  # seconds; only a broken test waits that long
LAST_WORDS = 1  # seconds for callers that are still connected at the end
REASONS = {200: "OK", 204: "No Content"}


@dataclass(frozen=True)
class Posting:
    """A request that arrived whole."""

    path: str
    headers: dict
    body: bytes

    @property
    def key(self):
        return self.headers["idempotency-key"].strip('"')


class Call:
    """One connection, seen from the receiver."""

    def __init__(self, receiver, connection):
        self.receiver = receiver
        self.connection = connection
        self.unread = b""

    def read_header(self):
        while b"\r\n\r\n" not in self.unread:
            self._read_more()
        header, _, self.unread = self.unread.partition(b"\r\n\r\n")
        request_line, *lines = header.decode("ascii").split("\r\n")
        pairs = (line.split(": ", 1) for line in lines)
        return request_line.split(" ")[1], {name.lower(): value for name, value in pairs}

    def read_posting(self):
        """Read all of the request: from now on the receiver has one copy of it."""
        path, headers = self.read_header()
        length = int(headers["content-length"])
        while len(self.unread) < length:
            self._read_more()
        posting = Posting(path, headers, self.unread[:length])
        self.receiver.received.append(posting)
        return posting

    def read_some_of_the_body(self):
        self.read_header()
        while not self.unread:
            self._read_more()

    def answer(self, status, body=b"", *, content_type="application/json", **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Something')}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
        self.send("\r\n".join([*lines, *(f"{name}: {value}" for name, value in names.items())]).encode() + b"\r\n\r\n" + body)

    def send(self, content):
        self.connection.sendall(content)

    def drip(self, content):
        """Send byte after byte, until the caller has had enough."""
        for position in range(len(content)):
            self.send(content[position : position + 1])
            if self.receiver.is_over.wait(0.02):
                return

    def wait_for_the_end(self):
        """Say nothing until the caller hangs up."""
        while self.connection.recv(65536):
            pass

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        self.connection.close()

    def _read_more(self):
        received = self.connection.recv(65536)
        self.receiver.bytes_read += len(received)
        if not received:
            raise ConnectionAbortedError("the caller hung up")
        self.unread += received


class Receiver:
    """Listens while the `with` block lasts; with an SSLContext it speaks TLS. `received` holds every complete copy."""

    def __init__(self, behaviour=None, *, tls=None):
        self.behaviour = behaviour or acknowledge
        self.tls = tls
        self.received = []
        self.connections = 0
        self.is_over = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.bytes_read = 0
        self.has_answered = threading.Event()
        self.last_caller = None
        self.open = []
        self.threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self):
        self.threads[0].start()
        return self

    def __exit__(self, *failure):
        """Take what was connected so far, and let every caller finish or be cut off."""
        self.is_over.set()
        with socket.socket() as last:
            last.bind(("127.0.0.1", 0))
            self.last_caller = last.getsockname()
            last.connect(("127.0.0.1", self.port))
            self.threads[0].join(PATIENCE)
        self.listener.close()
        for thread in self.threads:
            thread.join(LAST_WORDS)
        for connection in self.open:
            close_quietly(connection)
        for thread in self.threads:
            thread.join(PATIENCE)

    def url(self, token="token", host="127.0.0.1"):
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}/link/{token}"

    @property
    def copies(self):
        """How many complete copies of each generation arrived."""
        return Counter(posting.key for posting in self.received)

    def _accept(self):
        while True:
            connection, caller = self.listener.accept()
            if caller == self.last_caller:
                connection.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self.threads.append(thread)
            thread.start()

    def _serve(self, connection):
        connection.settimeout(PATIENCE)
        self.open.append(connection)
        with contextlib.suppress(OSError):  # the caller hung up: what this receiver is for
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
                self.open.append(connection)
            self.behaviour(Call(self, connection))
        close_quietly(connection)


def close_quietly(connection):
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def acknowledgement(count):
    return json.dumps({"received": count}).encode()


def acknowledge(call):
    posting = call.read_posting()
    call.answer(200, acknowledgement(len(json.loads(posting.body)["transactions"])))


def answering(status, body=b"", **headers):
    """Read the whole posting and answer this."""

    def behaviour(call):
        call.read_posting()
        call.answer(status, body, **headers)

    return behaviour


def answering_raw(content):
    """Read the whole posting, send these bytes, and close."""

    def behaviour(call):
        call.read_posting()
        call.send(content)

    return behaviour


def dripping(content):
    def behaviour(call):
        call.read_posting()
        call.drip(content)

    return behaviour


def refuse(call):
    """The receiver's own refusal: nothing was booked."""
    call.read_posting()
    call.answer(503, acknowledgement(0))


def answer_before_the_request(call):
    call.answer(200, acknowledgement(2))
    call.receiver.has_answered.set()
    call.read_posting()


def stay_silent(call):
    call.read_posting()
    call.wait_for_the_end()


def accept_and_stall(call):
    """Take the connection and say nothing at all: a stalled handshake, when the caller speaks TLS."""
    call.wait_for_the_end()


def close_after_body(call):
    call.read_posting()


def reset_after_body(call):
    call.read_posting()
    call.reset()


def reset_mid_body(call):
    call.read_some_of_the_body()
    call.reset()


def reset_after_header(call):
    call.read_header()
    call.reset()


def in_turn(*behaviours):
    """The first connection meets the first behaviour, and so on; the last one stays."""
    remaining = list(behaviours)
    lock = threading.Lock()

    @functools.wraps(behaviours[-1])
    def behaviour(call):
        with lock:
            present = remaining.pop(0) if len(remaining) > 1 else remaining[0]
        present(call)

    return behaviour
