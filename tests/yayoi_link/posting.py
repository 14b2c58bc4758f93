"""Posting once to a receiver of the tests, and judging what came of it as the portal does."""

import json
import socket
import uuid
from dataclasses import replace

from tests.yayoi_link.receiver import Receiver
from yayoi_link import outbound, payload
from yayoi_link.addresses import parse_link
from yayoi_link.verdicts import verdict

TOKEN = "s3cr3t-t0k3n-abcd"
HOST = "shop.example"
BODY = json.dumps({"transactions": [{"key": "sales/CASH/STANDARD_10"}, {"key": "sales/CASH/REDUCED_8"}]}).encode()
KEY = uuid.UUID("6f2d8a34-6d0a-4b5e-8d33-0c1f0b9d7a11")
LARGE = 64 * 1024 * 1024  # bytes, more than the buffers on the way take


def open_gate():
    return None


def post(url, rules, *, gate=open_gate, body=BODY):
    return outbound.post(parse_link(url, allow_loopback=True), body, key=KEY, gate=gate, rules=rules)


def judged(answer, *, accepts_204=False):
    acknowledged = payload.is_acknowledgement(answer.status or 0, answer.body, 2)
    return verdict(answer, acknowledged=acknowledged, refused=payload.is_refusal(answer.status or 0, answer.body), accepts_204=accepts_204)


def outcome(behaviour, rules, *, tls=None, accepts_204=False):
    """Post once, and tell (verdict, error, complete copies at the receiver)."""
    with Receiver(behaviour, tls=tls) as receiver:
        answer = post(receiver.url(TOKEN), resolving(rules, receiver))
    return judged(answer, accepts_204=accepts_204), answer.error, len(receiver.received)


def resolving(rules, *receivers):
    """Rules under which every name leads to these receivers."""
    return replace(rules, resolve=lambda *_, **__: [address_info(("127.0.0.1", receiver.port)) for receiver in receivers])


def address_info(sockaddr):
    return socket.AF_INET, socket.SOCK_STREAM, 6, "", sockaddr


def tls_outcome(behaviour, rules, *, tls):
    """Post once to https://HOST, which leads to a receiver with these TLS settings (None: it speaks none)."""
    with Receiver(behaviour, tls=tls) as receiver:
        answer = post(f"https://{HOST}:{receiver.port}/link/{TOKEN}", resolving(rules, receiver))
    return judged(answer), answer.error, len(receiver.received)
