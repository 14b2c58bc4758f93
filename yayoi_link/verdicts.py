"""What an outcome means: how far a posting came, what was answered, and the verdict over both."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

BODY_LIMIT = 16 * 1024
RETRY_AFTER_LIMIT = 3600  # seconds
NO_CONTENT = 204
MOVED_STATUSES = frozenset({301, 307, 308})
REFUSAL_STATUSES = frozenset({429, 503})
# The receiver read the request and says no. 409, 500 and their like do not say whether it was booked.
REJECTED_STATUSES = frozenset({400, 401, 403, 404, 405, 410, 411, 413, 414, 415, 422, 431, 501})


class Phase(StrEnum):
    """How far a posting came. From SEND_HEADER on, bytes may have left."""

    RESOLVE = "RESOLVE"
    CONNECT = "CONNECT"
    TLS = "TLS"
    GATE = "GATE"
    SEND_HEADER = "SEND_HEADER"
    SEND_BODY = "SEND_BODY"
    AWAIT_STATUS = "AWAIT_STATUS"
    READ = "READ"
    DONE = "DONE"


class ErrorCode(StrEnum):
    """What went wrong, in our own words: the texts of libraries contain the link."""

    BAD_LINK = "BAD_LINK"
    BLOCKED_ADDRESS = "BLOCKED_ADDRESS"
    BLOCKED_SCHEME = "BLOCKED_SCHEME"
    BLOCKED_PORT = "BLOCKED_PORT"
    NAME_NOT_FOUND = "NAME_NOT_FOUND"
    NAME_TIMEOUT = "NAME_TIMEOUT"
    REFUSED = "REFUSED"
    UNREACHABLE = "UNREACHABLE"
    CONNECT_TIMEOUT = "CONNECT_TIMEOUT"
    TLS_TIMEOUT = "TLS_TIMEOUT"
    TLS_FAILED = "TLS_FAILED"
    NOT_TLS = "NOT_TLS"
    CERTIFICATE_UNTRUSTED = "CERTIFICATE_UNTRUSTED"
    CERTIFICATE_NAME = "CERTIFICATE_NAME"
    CERTIFICATE_EXPIRED = "CERTIFICATE_EXPIRED"
    GATE_REFUSED = "GATE_REFUSED"
    KEY_UNAVAILABLE = "KEY_UNAVAILABLE"
    FROZEN_AFTER_GATE = "FROZEN_AFTER_GATE"
    RESET = "RESET"
    CLOSED = "CLOSED"
    DEADLINE = "DEADLINE"
    GARBAGE = "GARBAGE"
    UNEXPECTED = "UNEXPECTED"
    WORKER_GONE = "WORKER_GONE"

    @property
    def is_blocked(self) -> bool:
        """Whether it will never work, however often it is tried."""
        return self in BLOCKED

    @property
    def is_certificate(self) -> bool:
        """Whether people are told at once: somebody else may be answering."""
        return self in CERTIFICATE


BLOCKED = frozenset({ErrorCode.BAD_LINK, ErrorCode.BLOCKED_ADDRESS, ErrorCode.BLOCKED_SCHEME, ErrorCode.BLOCKED_PORT})
CERTIFICATE = frozenset({ErrorCode.CERTIFICATE_UNTRUSTED, ErrorCode.CERTIFICATE_NAME, ErrorCode.CERTIFICATE_EXPIRED})


class Verdict(StrEnum):
    """What is known about the rows at the receiver."""

    NOT_SENT = "NOT_SENT"
    BLOCKED = "BLOCKED"
    UNKNOWN = "UNKNOWN"
    DELIVERED = "DELIVERED"
    UNVERIFIED = "UNVERIFIED"
    REFUSED = "REFUSED"
    MOVED = "MOVED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class Answer:
    """All that one try found out. Nothing in it contains the link, but `body` may echo its path: keep that encrypted or not at all.

    `error` is empty when a complete answer came; `gate_reason` is what the gate gave when it refused;
    `body_all_sent`: the last body send had returned, and the answer had not begun before it; `body_complete`: all of the answer's
    body is in `body` (at most 16 KiB) and came before the deadline. `retry_after` is in seconds, at most an hour.
    """

    phase: Phase
    passed_gate: bool = False
    error: ErrorCode | str = ""
    gate_reason: str = ""
    address: str = ""
    tls_version: str = ""
    certificate_expires: datetime | None = None
    body_all_sent: bool = False
    status: int | None = None
    content_type: str = ""
    content_length: int | None = None
    retry_after: int | None = None
    location_host: str = ""
    body: bytes = field(default=b"", repr=False)
    body_complete: bool = False
    sha256: str = ""
    duration_ms: int = 0

    @classmethod
    def bad_link(cls) -> "Answer":
        """What comes of a link that the rules no longer allow: nothing was tried."""
        return cls(phase=Phase.RESOLVE, error=ErrorCode.BAD_LINK)

    @property
    def wrote_nothing(self) -> bool:
        """Whether it is certain that no byte of the request left."""
        return not self.passed_gate or self.phase is Phase.GATE

    @property
    def reached_the_gate(self) -> bool:
        """Whether name, connection and certificate were all in order."""
        return self.passed_gate or self.error == ErrorCode.GATE_REFUSED


def verdict(answer: Answer, *, acknowledged: bool, refused: bool, accepts_204: bool = False) -> Verdict:
    """Judge one try.

    `acknowledged` and `refused` say whether the adapter recognises its acknowledgement or the receiver's own refusal in the answer;
    `accepts_204` whether a person set 204 as this link's acknowledgement. Source: the table "What an outcome means".
    """
    if not answer.passed_gate:
        return Verdict.BLOCKED if answer.error in BLOCKED else Verdict.NOT_SENT
    if answer.status is None:
        return Verdict.UNKNOWN
    if 200 <= answer.status < 300:
        acknowledged = acknowledged or (accepts_204 and answer.status == NO_CONTENT)
        is_whole = answer.body_all_sent and answer.body_complete
        return Verdict.DELIVERED if acknowledged and is_whole else Verdict.UNVERIFIED
    if refused and answer.body_complete and answer.status in REFUSAL_STATUSES:
        return Verdict.REFUSED
    if answer.status in MOVED_STATUSES:
        return Verdict.MOVED
    return Verdict.REJECTED if answer.status in REJECTED_STATUSES else Verdict.UNKNOWN


def retry_after_seconds(value: str, *, at: datetime) -> int | None:
    """Read a Retry-After header, in seconds or as a date; at most an hour. Junk is None.

    `at` is the present moment, for dates. Source: RFC 9110, 10.2.3.
    """
    if re.fullmatch(r"[0-9]+", value):
        return min(RETRY_AFTER_LIMIT, int(value.lstrip("0")[:5] or "0"))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0, min(RETRY_AFTER_LIMIT, int((moment - at).total_seconds())))
