import logging
import threading
from dataclasses import replace

import pytest

from tests.yayoi_link import receiver as behaviours
from tests.yayoi_link.posting import BODY, HOST, KEY, TOKEN, address_info, judged, open_gate, post, resolving
from tests.yayoi_link.receiver import Receiver, answering, answering_raw
from yayoi_link import outbound
from yayoi_link.addresses import parse_link
from yayoi_link.outbound import GateRefused
from yayoi_link.verdicts import ErrorCode, Phase, Verdict

PUBLIC = ("93.184.216.34", 443)


def test_an_acknowledged_posting_is_delivered_and_the_wire_is_as_agreed(rules):
    with Receiver() as receiver:
        answer = post(receiver.url(TOKEN) + "?a=%2f..//", rules)

    (posting,) = receiver.received
    assert (posting.path, posting.body) == (f"/link/{TOKEN}?a=%2f..//", BODY)
    assert posting.headers == {
        "host": f"127.0.0.1:{receiver.port}",
        "accept": "application/json",
        "accept-encoding": "identity",
        "connection": "close",
        "content-type": "application/json",
        "idempotency-key": f'"{KEY}"',
        "user-agent": "regi-admin",
        "content-length": str(len(BODY)),
    }
    assert (judged(answer), answer.phase, answer.error, answer.address) == (Verdict.DELIVERED, Phase.DONE, "", "127.0.0.1")


def test_under_tls_the_name_of_the_link_is_asked_for_and_its_certificate_noted(rules, authority):
    with Receiver(tls=authority.context(HOST, days_left=7)) as receiver:
        answer = post(f"https://{HOST}:{receiver.port}/link/{TOKEN}", resolving(rules, receiver))

    assert receiver.received[0].headers["host"] == f"{HOST}:{receiver.port}"
    assert (judged(answer), answer.tls_version, answer.certificate_expires is not None) == (Verdict.DELIVERED, "TLSv1.3", True)


@pytest.mark.parametrize(
    ("url", "error"), [(f"http://{HOST}/", ErrorCode.BLOCKED_SCHEME), (f"https://{HOST}:8443/", ErrorCode.BLOCKED_PORT)]
)
def test_http_and_other_ports_are_for_loopback_only(rules, url, error):
    answer = post(url, replace(rules, resolve=lambda *_, **__: [address_info(PUBLIC)]))

    assert (judged(answer), answer.error) == (Verdict.BLOCKED, error)


def test_the_next_address_is_dialled_when_one_does_not_connect(rules):
    with Receiver() as closed:
        pass
    with Receiver() as receiver:
        answer = post(f"http://{HOST}/{TOKEN}", resolving(rules, closed, closed, closed, receiver))

    assert (judged(answer), len(receiver.received)) == (Verdict.DELIVERED, 1)


def test_at_most_four_addresses_are_dialled(rules):
    closed = [Receiver() for _ in range(4)]
    for each in closed:
        each.listener.close()
    with Receiver() as receiver:
        answer = post(f"http://{HOST}/{TOKEN}", resolving(rules, *closed, receiver))

    assert (judged(answer), answer.error, receiver.connections) == (Verdict.NOT_SENT, ErrorCode.REFUSED, 0)


def test_no_other_address_is_dialled_once_one_has_connected(rules, authority):
    with Receiver(tls=authority.context("elsewhere.example")) as first, Receiver(tls=authority.context(HOST)) as second:
        answer = post(f"https://{HOST}:{first.port}/{TOKEN}", resolving(rules, first, second))

    assert (answer.error, second.connections) == (ErrorCode.CERTIFICATE_NAME, 0)


def test_an_ipv6_address_is_dialled_like_any_other(rules):
    with Receiver() as receiver:
        ipv6 = address_info(("127.0.0.1", receiver.port))
        answer = post(f"http://[::1]:{receiver.port}/{TOKEN}", replace(rules, resolve=lambda *_, **__: [ipv6]))

    assert (judged(answer), receiver.received[0].headers["host"]) == (Verdict.DELIVERED, f"[::1]:{receiver.port}")


def test_the_gate_is_asked_once_after_connecting_and_before_any_byte(rules, authority):
    seen = []

    with Receiver(tls=authority.context(HOST)) as receiver:
        url = f"https://{HOST}:{receiver.port}/{TOKEN}"
        post(url, resolving(rules, receiver), gate=lambda: seen.append((receiver.connections, receiver.bytes_read)))

    assert seen == [(1, 0)]


def test_a_refused_gate_sends_nothing_and_closes_the_connection(rules):
    def gate():
        raise GateRefused("LEASE_LOST")

    with Receiver() as receiver:
        answer = post(receiver.url(TOKEN), rules, gate=gate)

    assert (judged(answer), answer.error, answer.gate_reason) == (Verdict.NOT_SENT, ErrorCode.GATE_REFUSED, "LEASE_LOST")
    assert (answer.passed_gate, receiver.bytes_read) == (False, 0)


@pytest.mark.parametrize("failure", [ConnectionResetError("disk"), BrokenPipeError(), OSError(28, "full"), ValueError(), SystemExit()])
def test_a_failing_gate_sends_nothing_and_its_failure_comes_out_unchanged(rules, failure):
    def gate():
        raise failure

    with Receiver() as receiver, pytest.raises(type(failure)) as raised:
        post(receiver.url(TOKEN), rules, gate=gate)

    assert (raised.value, receiver.received) == (failure, [])


def test_a_gate_that_takes_longer_than_the_deadline_sends_nothing(short):
    with Receiver() as receiver:
        answer = post(receiver.url(TOKEN), short, gate=lambda: threading.Event().wait(1.5) or None)

    assert (judged(answer), answer.error, answer.wrote_nothing) == (Verdict.UNKNOWN, ErrorCode.DEADLINE, True)
    assert (receiver.connections, receiver.bytes_read) == (1, 0)


def test_the_environment_changes_nothing(rules, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("default login user password password")
    with Receiver() as receiver, Receiver() as proxy:
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        answer = post(receiver.url(TOKEN), rules)

    assert (judged(answer), proxy.connections) == (Verdict.DELIVERED, 0)
    assert "authorization" not in receiver.received[0].headers


def test_checking_a_link_connects_and_sends_nothing(rules, authority):
    with Receiver(tls=authority.context(HOST)) as receiver:
        answer = outbound.check(parse_link(f"https://{HOST}:{receiver.port}/{TOKEN}", allow_loopback=True), resolving(rules, receiver))

    assert (answer.reached_the_gate, answer.tls_version, receiver.bytes_read) == (True, "TLSv1.3", 0)


def test_checking_a_link_names_what_is_wrong(rules, authority):
    with Receiver(tls=authority.context("elsewhere.example")) as receiver:
        answer = outbound.check(parse_link(f"https://{HOST}:{receiver.port}/{TOKEN}", allow_loopback=True), resolving(rules, receiver))

    assert (answer.reached_the_gate, answer.error) == (False, ErrorCode.CERTIFICATE_NAME)


ECHO = TOKEN.encode()
ECHOING_HEADER = (
    b"HTTP/1.1 404 No\r\nContent-Type: text/" + ECHO + b"\r\nLocation: //" + ECHO + b"\r\nno header " + ECHO + b"\r\n\r\n" + ECHO
)


@pytest.mark.parametrize(
    "behaviour",
    [
        behaviours.acknowledge,
        behaviours.reset_after_body,
        answering_raw(ECHO + b"\r\n"),
        answering_raw(ECHOING_HEADER),
        answering(301, Location=f"https://other.example/{TOKEN}"),
        answering(404, b"no such path: /link/" + ECHO, content_type="text/plain"),
    ],
)
def test_the_links_secret_is_in_no_log_and_in_no_answer(rules, behaviour, caplog, capfd, monkeypatch):
    monkeypatch.setattr("http.client.HTTPConnection.debuglevel", 1)
    caplog.set_level(logging.DEBUG, logger="urllib3")
    with Receiver(behaviour) as receiver:
        link = parse_link(receiver.url(TOKEN), allow_loopback=True)
        answer = outbound.post(link, BODY, key=KEY, gate=open_gate, rules=rules)

    assert (len(receiver.received), "urllib3" in caplog.text) == (1, True)
    assert TOKEN not in f"{link} {link!r} {answer} {answer!r} {caplog.text} {capfd.readouterr()}"
