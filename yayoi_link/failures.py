"""Our own code for each way in which a connection fails: the texts of the libraries contain the link."""

import http.client
import ssl

from yayoi_link.verdicts import ErrorCode, Phase

# Numbers of OpenSSL (X509_V_ERR_…).
CERTIFICATE_CODES = {
    9: ErrorCode.CERTIFICATE_EXPIRED,  # not valid yet
    10: ErrorCode.CERTIFICATE_EXPIRED,
    62: ErrorCode.CERTIFICATE_NAME,
    64: ErrorCode.CERTIFICATE_NAME,  # of an IP address
}
NOT_TLS_REASONS = {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "UNKNOWN_PROTOCOL"}
TIMEOUT_CODES = {Phase.CONNECT: ErrorCode.CONNECT_TIMEOUT, Phase.TLS: ErrorCode.TLS_TIMEOUT}
# The first that fits.
FAILURE_CODES = (
    (ConnectionRefusedError, ErrorCode.REFUSED),
    (http.client.RemoteDisconnected, ErrorCode.CLOSED),
    (http.client.IncompleteRead, ErrorCode.CLOSED),
    (ssl.SSLEOFError, ErrorCode.CLOSED),
    (ssl.SSLError, ErrorCode.TLS_FAILED),
    (ConnectionError, ErrorCode.RESET),
    (OSError, ErrorCode.UNREACHABLE),
)


def error_code(failure: BaseException, phase: Phase) -> ErrorCode:
    """Name what failed in `phase`. What is no failure of a connection is garbage that the receiver sent."""
    if isinstance(failure, ssl.SSLCertVerificationError):
        return CERTIFICATE_CODES.get(failure.verify_code, ErrorCode.CERTIFICATE_UNTRUSTED)
    if isinstance(failure, TimeoutError):
        return timeout_code(phase)
    if phase is Phase.TLS:
        return ErrorCode.NOT_TLS if getattr(failure, "reason", "") in NOT_TLS_REASONS else ErrorCode.TLS_FAILED
    return next((code for kind, code in FAILURE_CODES if isinstance(failure, kind)), ErrorCode.GARBAGE)


def timeout_code(phase: Phase) -> ErrorCode:
    """Name a timeout by what was being waited for."""
    return TIMEOUT_CODES.get(phase, ErrorCode.DEADLINE)
