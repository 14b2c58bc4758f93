"""What kind of trouble a try met: it decides who can mend it, and where."""

from enum import StrEnum

from yayoi_link.verdicts import CERTIFICATE, MOVED_STATUSES, ErrorCode, Verdict


class Trouble(StrEnum):
    """LINK: the link is wrong. CERTIFICATE: somebody else may be answering. NETWORK: the receiver cannot be reached. BUSY: it does
    not take anything at present. CONTENT: it does not accept what was sent. OURS: the portal itself. NONE: nothing went wrong."""

    NONE = "none"
    LINK = "link"
    CERTIFICATE = "certificate"
    NETWORK = "network"
    BUSY = "busy"
    CONTENT = "content"
    OURS = "ours"


BY_ERROR = {
    **dict.fromkeys(
        (ErrorCode.BAD_LINK, ErrorCode.BLOCKED_ADDRESS, ErrorCode.BLOCKED_SCHEME, ErrorCode.BLOCKED_PORT, ErrorCode.NAME_NOT_FOUND),
        Trouble.LINK,
    ),
    ErrorCode.NOT_TLS: Trouble.LINK,
    **dict.fromkeys(CERTIFICATE, Trouble.CERTIFICATE),
    **dict.fromkeys(
        (ErrorCode.NAME_TIMEOUT, ErrorCode.REFUSED, ErrorCode.UNREACHABLE, ErrorCode.CONNECT_TIMEOUT, ErrorCode.TLS_TIMEOUT),
        Trouble.NETWORK,
    ),
    **dict.fromkeys((ErrorCode.TLS_FAILED, ErrorCode.RESET, ErrorCode.CLOSED, ErrorCode.DEADLINE, ErrorCode.GARBAGE), Trouble.NETWORK),
    **dict.fromkeys((ErrorCode.GATE_REFUSED, ErrorCode.KEY_UNAVAILABLE, ErrorCode.FROZEN_AFTER_GATE, ErrorCode.WORKER_GONE), Trouble.OURS),
    ErrorCode.UNEXPECTED: Trouble.OURS,
}
LINK_STATUSES = MOVED_STATUSES | {401, 403, 404, 410, 414}


def trouble_of(verdict: Verdict, *, error: str, status: int | None) -> Trouble:
    """Tell what went wrong, from the verdict, our own error code (empty when an answer came) and the answer's status."""
    if verdict is Verdict.DELIVERED:
        return Trouble.NONE
    if verdict is Verdict.REFUSED:
        return Trouble.BUSY
    if status is None:
        return BY_ERROR[ErrorCode(error or ErrorCode.UNEXPECTED)]
    if status in LINK_STATUSES:
        return Trouble.LINK
    return Trouble.CONTENT if verdict is Verdict.REJECTED else Trouble.NETWORK
