"""Posting to a 接続先リンク: the only module that speaks HTTP to others.

`post` never raises for what the network or the receiver does; it returns how far it came. The type of an exception cannot tell
that (a stalled handshake and a receiver that read everything both end in ReadTimeout), so the phase is marked where urllib3
connects, sends and reads. The link's path never enters requests or urllib3: it is put in where the request line is written.
"""

import contextlib
import functools
import http.client
import io
import logging
import socket
import ssl
import uuid

import requests
import requests.adapters
import requests.certs
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Retry
from urllib3.connection import HTTPConnection, HTTPSConnection

from yayoi_link.addresses import LinkURL
from yayoi_link.dialling import OutboundRules
from yayoi_link.one_try import Gate, GateRefused, OneTry, Stopped
from yayoi_link.verdicts import BODY_LIMIT, Answer, ErrorCode, Phase

ANSWER_LIMIT = BODY_LIMIT + 80 * 1024  # header and framing included

logger = logging.getLogger(__name__)
# This one prints what it could not parse of an answer, and an answer may echo the link.
logging.getLogger("urllib3.connection").addFilter(lambda record: False)


def post(link: LinkURL, body: bytes, *, key: uuid.UUID, gate: Gate, rules: OutboundRules) -> Answer:
    """Post `body` (JSON, not empty) once, or find out why not; takes at most `rules.deadline` seconds.

    Raises only what `gate` raises besides GateRefused, unchanged: then nothing was sent.
    """
    this_try = OneTry(link, gate, rules)
    with this_try.watchdog, contextlib.suppress(Stopped):
        if this_try.find_addresses():
            _exchange(this_try, body, key)
    if this_try.gate_failure:
        raise this_try.gate_failure
    return this_try.answer()


def check(link: LinkURL, rules: OutboundRules) -> Answer:
    """Look up, connect and check the certificate, but send nothing. In order when `answer.reached_the_gate`."""
    return post(link, b"", key=uuid.uuid4(), gate=_refuse, rules=rules)


def _refuse() -> None:
    raise GateRefused


def _exchange(this_try: OneTry, body: bytes, key: uuid.UUID) -> None:
    """Send the request and read the answer. Expected failures are on record already, by `OneTry.at`."""
    rules = this_try.rules
    options = {
        "headers": {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Connection": "close",
            "Content-Type": "application/json",
            "Idempotency-Key": f'"{key}"',
            "User-Agent": "regi-admin",
        },
        "timeout": (rules.connect_timeout, rules.deadline),
        "verify": rules.ca_bundle or requests.certs.where(),
        "stream": True,
    }
    try:
        with _OneRequest(this_try) as session, session.post(this_try.link.origin, body, **options) as response:
            this_try.read(response.raw.read1)
    except Exception as failure:  # what fails after the gate is UNKNOWN, whatever it is, and its text is not for others
        if this_try.error:
            return
        if this_try.passed_gate_at is None:
            raise
        logger.error("Unexpected %s in phase %s of a posting", type(failure).__name__, this_try.phase)
        this_try.error = ErrorCode.UNEXPECTED


class _WatchedConnection(HTTPConnection):
    """Marks the phases, dials the checked address, and asks the gate before the first byte."""

    debuglevel = 0  # whoever raises http.client's own would have it print the link

    def __init__(self, *args, this_try: OneTry, **options):
        super().__init__(*args, **options)
        self.this_try = this_try
        self.answer_stream: io.BufferedReader | None = None

    def _new_conn(self) -> socket.socket:
        sock = self.this_try.dial()
        self.this_try.phase = Phase.TLS if self.this_try.link.scheme == "https" else Phase.CONNECT
        return sock

    def connect(self) -> None:
        with self.this_try.at(Phase.CONNECT):
            super().connect()
        self.this_try.note_connection(self.sock)
        self.answer_stream = _WholeLines(_Bounded(self.sock.makefile("rb", buffering=0)))

    def putrequest(self, method: str, url: str, *args, **options) -> None:
        super().putrequest(method, self.this_try.link.target, *args, **options)

    def send(self, data: bytes) -> None:
        """Called twice: with the header, then with the body."""
        if self.sock is None:
            self.connect()
        is_header = self.this_try.passed_gate_at is None
        if is_header:
            self.this_try.pass_gate()
        completes_the_request = not is_header and not self._answer_has_begun()
        self.sock.settimeout(self.this_try.remaining)
        self.this_try.refuse_late_sending()
        with self.this_try.at(Phase.SEND_HEADER if is_header else Phase.SEND_BODY):
            super().send(data)
        self.this_try.seen["body_all_sent"] = completes_the_request

    def _answer_has_begun(self) -> bool:
        """Whether the receiver answers before it can have read the body: such an answer acknowledges nothing.

        Looks into the stream instead of polling the socket, because TLS sends tickets of its own.
        """
        with self.this_try.at(Phase.SEND_BODY):
            self.sock.settimeout(0)
            try:
                return bool(self.answer_stream.peek(1))
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return False

    def getresponse(self):
        # The stream belongs to the response from here on: http.client closes the connection when it hands over the body.
        stream, self.answer_stream = self.answer_stream, None
        self.response_class = functools.partial(_response_from, stream)
        with self.this_try.at(Phase.AWAIT_STATUS):
            response = super().getresponse()
        self.this_try.note_header(response.status, response.headers)
        return response

    def close(self) -> None:
        if self.answer_stream:
            self.answer_stream.close()
            self.answer_stream = None
        super().close()


class _WatchedTLSConnection(_WatchedConnection, HTTPSConnection):
    """The same, with TLS between connecting and the gate."""


class _Bounded(io.RawIOBase):
    """An answer's bytes, of which an endless header runs out."""

    def __init__(self, raw: io.RawIOBase):
        self.raw = raw
        self.left = ANSWER_LIMIT

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int | None:
        count = self.raw.readinto(buffer)
        self.left -= count or 0
        if self.left < 0:
            raise http.client.LineTooLong("answer")
        return count

    def close(self) -> None:
        self.raw.close()
        super().close()


class _WholeLines(io.BufferedReader):
    """Hands out no line that is cut: http.client takes the end of the connection for the end of a header, or of a chunk's size."""

    def readline(self, size: int = -1) -> bytes:
        line = super().readline(size)
        if not line.endswith(b"\n") and len(line) != size:
            raise http.client.RemoteDisconnected
        return line


class _Opened:
    """Stands for a socket whose stream was opened before."""

    def __init__(self, stream: io.BufferedReader):
        self.stream = stream

    def makefile(self, mode: str) -> io.BufferedReader:
        return self.stream


def _response_from(stream: io.BufferedReader, sock: socket.socket, **options) -> http.client.HTTPResponse:
    return http.client.HTTPResponse(_Opened(stream), **options)


class _OneRequest(requests.Session):
    """A session that takes nothing from the environment and follows no redirect."""

    def __init__(self, this_try: OneTry):
        super().__init__()
        self.trust_env = False
        self.headers.clear()
        self.mount("https://", _OneConnection(this_try))
        self.mount("http://", _OneConnection(this_try))

    def get_redirect_target(self, response: requests.Response) -> None:
        # Without this, requests reads all of a redirect's body and parses its Location even when told not to follow.
        return None


class _OneConnection(requests.adapters.HTTPAdapter):
    """Makes watched connections to the link's host, and none a second time."""

    def __init__(self, this_try: OneTry):
        super().__init__(max_retries=Retry(0, read=False))
        self.this_try = this_try
        self.pool: HTTPConnectionPool | None = None

    def get_connection_with_tls_context(self, request, verify, proxies=None, cert=None) -> HTTPConnectionPool:
        link = self.this_try.link
        if link.scheme == "https":
            self.pool = HTTPSConnectionPool(link.host, link.port, ssl_context=_trust(verify), cert_reqs="CERT_REQUIRED")
            self.pool.ConnectionCls = functools.partial(_WatchedTLSConnection, this_try=self.this_try)
            return self.pool
        self.pool = HTTPConnectionPool(link.host, link.port)
        self.pool.ConnectionCls = functools.partial(_WatchedConnection, this_try=self.this_try)
        return self.pool

    def cert_verify(self, conn, url, verify, cert) -> None:
        """The context has it all; the original would read the bundle again for each posting."""

    def close(self) -> None:
        super().close()
        if self.pool:
            self.pool.close()


@functools.cache
def _trust(bundle: str) -> ssl.SSLContext:
    """One context per bundle: reading it takes 16 ms."""
    context = ssl.create_default_context(cafile=bundle)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
