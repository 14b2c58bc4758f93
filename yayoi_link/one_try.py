"""One try of posting: how far it came, what stopped it, and what it found out; requests and urllib3 stay outside."""

import contextlib
import hashlib
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NoReturn

from yayoi_link.addresses import BadLink, LinkProblem, LinkURL, check_addresses
from yayoi_link.dialling import SHORTEST, Address, OutboundRules, Watchdog, dial, look_up
from yayoi_link.failures import error_code, timeout_code
from yayoi_link.verdicts import BODY_LIMIT, Answer, ErrorCode, Phase, retry_after_seconds

SEND_WITHIN = 1.0  # seconds after the gate; later the process was frozen, and people may have decided meanwhile
PIECE_OF_A_SECRET = 8  # characters; shorter pieces of a path occur by chance
PROBLEM_CODES = {
    LinkProblem.ADDRESS: ErrorCode.BLOCKED_ADDRESS,
    LinkProblem.SCHEME: ErrorCode.BLOCKED_SCHEME,
    LinkProblem.PORT: ErrorCode.BLOCKED_PORT,
}

# Called once, after connecting and before any byte: puts on record that something is going to be sent. Raises GateRefused to stop.
# May return the `awake_clock()` from which SEND_WITHIN counts (taken when its own transaction began); None means now.
Gate = Callable[[], float | None]


class GateRefused(Exception):
    """Raised by a gate: do not send. `reason` is an own code, handed back in the answer."""

    def __init__(self, reason: str = ""):
        super().__init__(reason)
        self.reason = reason


class Stopped(BaseException):
    """Ends a try from inside urllib3, which swallows some OSErrors. Never leaves `post`."""


def awake_clock() -> float:
    """Seconds that go on while the process or the whole machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class OneTry:
    """One try: its phase, its deadline, and what it found out so far (`seen`, fields of Answer)."""

    def __init__(self, link: LinkURL, gate: Gate, rules: OutboundRules):
        self.link = link
        self.gate = gate
        self.gate_failure: BaseException | None = None
        self.rules = rules
        self.started = time.monotonic()
        self.watchdog = Watchdog(rules.deadline)
        self.addresses: list[Address] = []
        self.phase = Phase.RESOLVE
        self.error: ErrorCode | str = ""
        self.passed_gate_at: float | None = None
        self.seen: dict = {}

    @property
    def remaining(self) -> float:
        """Seconds until the deadline; never 0, which would mean something else to a socket."""
        return max(SHORTEST, self.started + self.rules.deadline - time.monotonic())

    def answer(self) -> Answer:
        """All of it, at the end."""
        return Answer(
            phase=self.phase,
            error=self.error,
            passed_gate=self.passed_gate_at is not None,
            duration_ms=round((time.monotonic() - self.started) * 1000),
            **self.seen,
        )

    def code_of(self, failure: BaseException) -> ErrorCode:
        """The error's code. A connection cut by the watchdog looks like one closed by the receiver."""
        return timeout_code(self.phase) if self.watchdog.has_cut else error_code(failure, self.phase)

    def stop(self, error: ErrorCode) -> NoReturn:
        """End the try here."""
        self.error = error
        raise Stopped

    @contextlib.contextmanager
    def at(self, phase: Phase) -> Iterator[None]:
        """Mark the phase, and put what fails in it into an own code before urllib3 wraps or swallows it."""
        self.phase = phase
        try:
            yield
        except Exception as failure:  # whatever it is: what it becomes further up no longer tells
            # The first one: a reset while sending shows up once more while reading.
            self.error = self.error or self.code_of(failure.__cause__ or failure)
            raise

    def find_addresses(self) -> bool:
        """Look the name up once and check every address that it has; False, with the error set, if it may not be dialled."""
        rules = self.rules
        try:
            self.addresses = look_up(self.link.host, self.link.port, resolve=rules.resolve, seconds=rules.deadline)
            ips = [address.ip for address in self.addresses]
            check_addresses(self.link, ips, ports=rules.ports, allow_loopback=rules.allow_loopback)
        except BadLink as problem:
            self.error = PROBLEM_CODES[problem.code]
        except TimeoutError:
            self.error = ErrorCode.NAME_TIMEOUT
        except OSError:
            self.error = ErrorCode.NAME_NOT_FOUND
        return not self.error

    def dial(self) -> socket.socket:
        """Connect to the checked addresses and no other, and only once: there is no second connection."""
        addresses, self.addresses = self.addresses, []
        self.seen["address"] = addresses[0].ip
        sock, address = dial(addresses, seconds=min(self.rules.connect_timeout, self.remaining))
        self.seen["address"] = address.ip
        self.watchdog.watch(sock)
        sock.settimeout(min(self.rules.connect_timeout, self.remaining))
        return sock

    def pass_gate(self) -> None:
        """Ask the gate, once. Whatever it raises means that nothing is sent; an OSError of its own must not look like the network's."""
        if self.watchdog.has_cut:
            self.stop(timeout_code(self.phase))
        self.phase = Phase.GATE
        try:
            moment = self.gate()
        except GateRefused as refusal:
            self.seen["gate_reason"] = refusal.reason
            self.stop(ErrorCode.GATE_REFUSED)
        except BaseException as failure:
            self.gate_failure = failure
            raise Stopped from None
        self.passed_gate_at = awake_clock() if moment is None else moment

    def refuse_late_sending(self) -> None:
        """Stop if the process was frozen since the gate, or the gate took all of the time.

        Nothing was written then, and it is UNKNOWN all the same, as everything after the gate that has no status line. Only a gate
        whose COMMIT failed is known to nobody else: while a process was frozen, its lease may have ended, people may
        have been told of the open result and have looked in Yayoi, and what they rule must not meet a second copy.
        """
        if self.watchdog.has_cut:
            self.stop(ErrorCode.DEADLINE)
        if awake_clock() - self.passed_gate_at > SEND_WITHIN:
            self.stop(ErrorCode.FROZEN_AFTER_GATE)

    def note_connection(self, sock: socket.socket) -> None:
        """Keep what TLS agreed on."""
        if not isinstance(sock, ssl.SSLSocket):
            return
        expires = ssl.cert_time_to_seconds(sock.getpeercert()["notAfter"])
        self.seen.update(tls_version=sock.version(), certificate_expires=datetime.fromtimestamp(expires, UTC))

    def note_header(self, status: int, headers: Mapping[str, str]) -> None:
        """Keep what the header says, in the least that is needed."""
        length = headers.get("Content-Length", "")
        self.seen.update(
            status=status,
            content_type=self._matching(r"[\w.+-]{1,60}/[\w.+-]{1,60}", headers.get("Content-Type", "")),
            content_length=int(length) if re.fullmatch(r"[0-9]{1,18}", length) else None,
            retry_after=retry_after_seconds(headers.get("Retry-After", ""), at=datetime.now(UTC)),
            location_host=self._matching(r"(?<=//)[A-Za-z0-9.-]{1,253}(?=[:/?#]|\Z)", headers.get("Location", "")),
        )
        self.error = ""

    def _matching(self, pattern: str, value: str) -> str:
        """The first match, or nothing where the receiver echoes a piece of the link."""
        match = re.search(pattern, value, re.ASCII)
        pieces = (piece for piece in re.split(r"[/?&=]", self.link.target.lower()) if len(piece) >= PIECE_OF_A_SECRET)
        found = match[0].lower() if match else ""
        return "" if any(piece in found for piece in pieces) else found

    def read(self, read_some: Callable[[int], bytes]) -> None:
        """Read at most 16 KiB of the answer's body; what came before a failure is kept.

        `read_some` returns at most so many bytes, none at the end, and raises when the end came too early.
        """
        body = b""
        try:
            with self.at(Phase.READ):
                while len(body) <= BODY_LIMIT and (piece := read_some(BODY_LIMIT + 1 - len(body))):
                    body += piece
                if self.watchdog.has_cut:
                    raise TimeoutError
            self.seen["body_complete"] = len(body) <= BODY_LIMIT
            self.phase = Phase.DONE
        finally:
            self.seen.update(body=body[:BODY_LIMIT], sha256=hashlib.sha256(body[:BODY_LIMIT]).hexdigest())
