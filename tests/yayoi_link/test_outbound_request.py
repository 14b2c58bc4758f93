"""What requests is given to send: with `responses` in the place of the network, where only HTTP matters."""

import uuid

import pytest
import responses

from yayoi_link import outbound
from yayoi_link.addresses import parse_link
from yayoi_link.verdicts import Verdict, verdict

KEY = uuid.UUID("11111111-2222-4333-8444-555555555555")
LINK = parse_link("https://localhost:8443/link/TOKEN-that-nobody-may-see", allow_loopback=True)
ORIGIN = "https://localhost:8443/"


def post(rules):
    return outbound.post(LINK, b'{"transactions": []}', key=KEY, gate=lambda: None, rules=rules)


@responses.activate
def test_the_links_path_is_kept_from_requests(rules):
    responses.post(ORIGIN, json={"received": 0})

    post(rules)

    [call] = responses.calls
    assert (call.request.method, call.request.url, call.request.body) == ("POST", ORIGIN, b'{"transactions": []}')
    assert dict(call.request.headers) == {
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Content-Length": "20",
        "Content-Type": "application/json",
        "Idempotency-Key": f'"{KEY}"',
        "User-Agent": "regi-admin",
    }


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@responses.activate
def test_no_redirect_is_followed(rules, status):
    responses.post(ORIGIN, status=status, headers={"Location": "https://localhost:8443/elsewhere"})
    responses.get("https://localhost:8443/elsewhere", json={"received": 0})

    post(rules)

    assert [(call.request.method, call.request.url) for call in responses.calls] == [("POST", ORIGIN)]


@responses.activate
def test_an_answer_that_did_not_come_through_the_gate_delivers_nothing(rules):
    responses.post(ORIGIN, json={"received": 0})

    answer = post(rules)

    assert verdict(answer, acknowledged=True, refused=False) is Verdict.NOT_SENT
