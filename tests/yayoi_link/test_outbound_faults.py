"""The faults a posting has to survive, by their number in the list of faults."""

import socket
import threading
from dataclasses import replace

import pytest

from tests.yayoi_link import receiver as behaviours
from tests.yayoi_link.certificates import Authority, only_tls_1_0, wanting_a_client_certificate
from tests.yayoi_link.posting import HOST, LARGE, TOKEN, address_info, judged, outcome, post, resolving, tls_outcome
from tests.yayoi_link.receiver import Receiver, acknowledgement, answering, answering_raw, dripping
from yayoi_link.one_try import SEND_WITHIN, awake_clock
from yayoi_link.verdicts import ErrorCode, Verdict

PUBLIC = ("93.184.216.34", 443)
REJECTED = [400, 401, 403, 404, 405, 410, 411, 413, 414, 415, 422, 431, 501]
UNKNOWN = [101, 300, 302, 303, 304, 402, 406, 408, 409, 418, 429, 451, 500, 502, 503, 504, 599, 600, 999]


def test_fault_01_a_name_that_does_not_exist_is_not_sent_and_goes_through_once_it_does(rules):
    def unknown_name(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, f"no such name: {TOKEN}")

    answer = post(f"http://{HOST}/{TOKEN}", replace(rules, resolve=unknown_name))

    assert (judged(answer), answer.error) == (Verdict.NOT_SENT, ErrorCode.NAME_NOT_FOUND)
    assert outcome(behaviours.acknowledge, rules) == (Verdict.DELIVERED, "", 1)


def test_fault_02_a_hanging_lookup_is_not_sent_at_the_deadline(short):
    is_over = threading.Event()

    answer = post(f"http://{HOST}/{TOKEN}", replace(short, resolve=lambda *_, **__: is_over.wait()))

    is_over.set()
    assert (judged(answer), answer.error) == (Verdict.NOT_SENT, ErrorCode.NAME_TIMEOUT)


@pytest.mark.parametrize("allow_loopback", [True, False])
def test_fault_03_a_name_with_one_denied_address_is_blocked_and_nothing_is_dialled(rules, allow_loopback):
    with Receiver() as receiver:
        mixed = [address_info(("127.0.0.1", receiver.port)), address_info(PUBLIC)]
        answer = post(f"https://{HOST}/{TOKEN}", replace(rules, allow_loopback=allow_loopback, resolve=lambda *_, **__: mixed))

    assert (judged(answer), answer.error, receiver.connections) == (Verdict.BLOCKED, ErrorCode.BLOCKED_ADDRESS, 0)


def test_fault_04_the_name_is_looked_up_once_and_the_checked_address_dialled(rules):
    with Receiver() as receiver, Receiver() as another:
        answers = iter([address_info(("127.0.0.1", each.port))] for each in (receiver, another))
        answer = post(f"http://{HOST}/{TOKEN}", replace(rules, resolve=lambda *_, **__: next(answers)))

    assert (judged(answer), receiver.connections, another.connections) == (Verdict.DELIVERED, 1, 0)


def test_fault_05_a_refused_connection_is_not_sent(rules):
    with Receiver() as closed:
        pass

    answer = post(closed.url(TOKEN), rules)

    assert (judged(answer), answer.error) == (Verdict.NOT_SENT, ErrorCode.REFUSED)


def test_fault_06_without_an_answer_to_syn_it_is_not_sent_at_the_connect_timeout(rules, full_port):
    answer = post(f"http://127.0.0.1:{full_port}/{TOKEN}", replace(rules, connect_timeout=0.5))

    assert (judged(answer), answer.error) == (Verdict.NOT_SENT, ErrorCode.CONNECT_TIMEOUT)


@pytest.fixture
def full_port():
    """A port whose queue of connections is full: the system drops further SYNs."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def test_fault_07_a_stalled_handshake_is_not_sent(short):
    assert tls_outcome(behaviours.accept_and_stall, short, tls=None) == (Verdict.NOT_SENT, ErrorCode.TLS_TIMEOUT, 0)


def test_fault_07_a_dripping_handshake_is_not_sent(short):
    drip = tls_outcome(lambda call: call.drip(b"\x16\x03\x03\x40\x00" + b"\x02" * 1000), short, tls=None)

    assert (drip[0], drip[2]) == (Verdict.NOT_SENT, 0)


def test_fault_08_a_certificate_that_nobody_vouches_for_is_not_sent(rules, tmp_path):
    stranger = Authority(tmp_path)

    result = tls_outcome(behaviours.acknowledge, rules, tls=stranger.context(HOST))

    assert result == (Verdict.NOT_SENT, ErrorCode.CERTIFICATE_UNTRUSTED, 0)
    assert ErrorCode.CERTIFICATE_UNTRUSTED.is_certificate


def test_fault_09_a_certificate_of_another_name_is_not_sent_and_named(rules, authority):
    result = tls_outcome(behaviours.acknowledge, rules, tls=authority.context("elsewhere.example"))

    assert result == (Verdict.NOT_SENT, ErrorCode.CERTIFICATE_NAME, 0)


def test_fault_09_an_expired_certificate_is_not_sent_and_named(rules, authority):
    result = tls_outcome(behaviours.acknowledge, rules, tls=authority.context(HOST, days_left=-1))

    assert result == (Verdict.NOT_SENT, ErrorCode.CERTIFICATE_EXPIRED, 0)


def test_fault_10_plain_http_on_the_tls_port_is_not_sent(rules):
    result = tls_outcome(lambda call: call.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"), rules, tls=None)

    assert result == (Verdict.NOT_SENT, ErrorCode.NOT_TLS, 0)


def test_fault_11_tls_1_0_is_not_spoken(rules, authority):
    result = tls_outcome(behaviours.acknowledge, rules, tls=only_tls_1_0(authority.context(HOST)))

    assert result == (Verdict.NOT_SENT, ErrorCode.TLS_FAILED, 0)


@pytest.mark.parametrize("behaviour", [behaviours.reset_after_header, behaviours.reset_mid_body])
def test_fault_12_a_reset_in_mid_request_is_unknown(rules, behaviour):
    with Receiver(behaviour) as receiver:
        answer = post(receiver.url(TOKEN), rules, body=bytes(LARGE))

    assert (judged(answer), answer.error, receiver.received) == (Verdict.UNKNOWN, ErrorCode.RESET, [])


def test_fault_13_a_reset_after_the_body_is_unknown(rules):
    assert outcome(behaviours.reset_after_body, rules) == (Verdict.UNKNOWN, ErrorCode.RESET, 1)


def test_fault_14_a_close_without_an_answer_is_unknown(rules):
    assert outcome(behaviours.close_after_body, rules) == (Verdict.UNKNOWN, ErrorCode.CLOSED, 1)


def test_fault_15_silence_after_the_body_is_unknown_at_the_deadline(short):
    assert outcome(behaviours.stay_silent, short) == (Verdict.UNKNOWN, ErrorCode.DEADLINE, 1)


def test_fault_16_a_dripping_header_is_unknown_at_the_deadline(short):
    assert outcome(dripping(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500), short) == (Verdict.UNKNOWN, ErrorCode.DEADLINE, 1)


def test_fault_16_a_dripping_header_under_tls_is_unknown_at_the_deadline(short, authority):
    drip = dripping(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500)

    assert tls_outcome(drip, short, tls=authority.context(HOST)) == (Verdict.UNKNOWN, ErrorCode.DEADLINE, 1)


def test_a_dripping_body_is_unverified_at_the_deadline(short):
    drip = dripping(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b" " * 500 + acknowledgement(2))

    assert outcome(drip, short) == (Verdict.UNVERIFIED, ErrorCode.DEADLINE, 1)


def test_fault_17_a_login_page_is_unverified(rules):
    page = answering(200, "<html>ログイン</html>".encode(), content_type="text/html; charset=utf-8")

    assert outcome(page, rules) == (Verdict.UNVERIFIED, "", 1)


def test_fault_18_204_is_unverified_unless_a_person_made_it_the_acknowledgement(rules):
    assert outcome(answering(204), rules) == (Verdict.UNVERIFIED, "", 1)
    assert outcome(answering(204), rules, accepts_204=True) == (Verdict.DELIVERED, "", 1)


@pytest.mark.parametrize("status", [301, 307, 308])
def test_fault_19_a_moved_link_is_not_followed(rules, status):
    with Receiver() as elsewhere, Receiver(answering(status, Location=elsewhere.url(TOKEN))) as receiver:
        answer = post(receiver.url(TOKEN), rules)

    assert (judged(answer), answer.location_host) == (Verdict.MOVED, "127.0.0.1")
    assert (receiver.connections, elsewhere.connections) == (1, 0)


@pytest.mark.parametrize("location", ["http://[", "//", "?", "http://x:y/"])
def test_fault_19_where_the_link_moved_to_is_not_even_read(rules, location):
    moved = answering_raw(f"HTTP/1.1 301 Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())

    assert outcome(moved, rules) == (Verdict.MOVED, "", 1)


@pytest.mark.parametrize("status", REJECTED)
def test_fault_20_21_a_definite_no_is_rejected(rules, status):
    assert outcome(answering(status, b"{}"), rules) == (Verdict.REJECTED, "", 1)


@pytest.mark.parametrize("status", UNKNOWN)
def test_fault_22_24_every_other_answer_is_unknown(rules, status):
    assert outcome(answering(status, b"{}"), rules) == (Verdict.UNKNOWN, "", 1)


@pytest.mark.parametrize(("status", "number"), [(429, 23), (503, 25)])
def test_fault_23_25_the_receivers_own_refusal_is_told_from_a_bare_one(rules, status, number):
    with Receiver(answering(status, acknowledgement(0), Retry_After="120")) as receiver:
        own = post(receiver.url(TOKEN), rules)
    with Receiver(answering(status, b"<html>busy</html>", Retry_After="120")) as receiver:
        bare = post(receiver.url(TOKEN), rules)

    assert [(judged(answer), answer.retry_after) for answer in (own, bare)] == [(Verdict.REFUSED, 120), (Verdict.UNKNOWN, 120)]


def test_fault_55_an_answer_before_the_body_is_never_delivered(rules):
    with Receiver(behaviours.answer_before_the_request) as receiver:
        answer = post(receiver.url(TOKEN), rules, gate=until_answered(receiver))

    assert (judged(answer), answer.body) == (Verdict.UNVERIFIED, acknowledgement(2))


def test_fault_55_an_answer_before_the_body_is_never_delivered_under_tls(rules, authority):
    with Receiver(behaviours.answer_before_the_request, tls=authority.context(HOST)) as receiver:
        answer = post(f"https://{HOST}:{receiver.port}/{TOKEN}", resolving(rules, receiver), gate=until_answered(receiver))

    assert (judged(answer), answer.body) == (Verdict.UNVERIFIED, acknowledgement(2))


def until_answered(receiver):
    return lambda: receiver.has_answered.wait(10) and None


def test_fault_55_an_answer_and_a_close_in_mid_body_are_never_delivered(rules):
    def answer_and_close(call):
        call.read_some_of_the_body()
        call.answer(200, acknowledgement(2))

    with Receiver(answer_and_close) as receiver:
        answer = post(receiver.url(TOKEN), rules, body=bytes(LARGE))

    assert judged(answer) in {Verdict.UNVERIFIED, Verdict.UNKNOWN}


@pytest.mark.parametrize(
    "body",
    [
        b'{"received": true}',
        b'{"received": "2"}',
        b'{"received": 2.0}',
        b'{"received": 3}',
        b'{"received": 2, "received": 2}',
        b'{"received": 2',
        b"[" * 16000,
        b"[2]",
        b"",
        b'{"received": 2}' + b" " * 17000,
    ],
)
def test_fault_56_what_only_resembles_an_acknowledgement_is_unverified(rules, body):
    assert outcome(answering(200, body), rules) == (Verdict.UNVERIFIED, "", 1)


def test_a_truncated_acknowledgement_is_unverified(rules):
    truncated = answering_raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + acknowledgement(2))

    assert outcome(truncated, rules) == (Verdict.UNVERIFIED, ErrorCode.CLOSED, 1)


@pytest.mark.parametrize("ending", [b"0\r\n\r\n", b"0\r\nTrailer: t\r\n\r\n"])
def test_a_chunked_acknowledgement_is_delivered(rules, ending):
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n" + acknowledgement(2) + b"\r\n" + ending

    assert outcome(answering_raw(chunked), rules) == (Verdict.DELIVERED, "", 1)


def test_a_chunked_acknowledgement_without_its_end_is_unverified(rules):
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n" + acknowledgement(2)

    assert outcome(answering_raw(chunked), rules) == (Verdict.UNVERIFIED, ErrorCode.CLOSED, 1)


def test_fault_57_a_tls_failure_after_the_gate_is_unknown(rules, authority):
    result = tls_outcome(behaviours.acknowledge, rules, tls=wanting_a_client_certificate(authority.context(HOST)))

    assert (result[0], result[2]) == (Verdict.UNKNOWN, 0)


def test_fault_59_what_was_frozen_after_the_gate_sends_nothing(rules):
    with Receiver() as receiver:
        answer = post(receiver.url(TOKEN), rules, gate=lambda: awake_clock() - SEND_WITHIN - 0.1)

    assert (judged(answer), answer.error, answer.wrote_nothing) == (Verdict.UNKNOWN, ErrorCode.FROZEN_AFTER_GATE, True)
    assert (receiver.connections, receiver.received, receiver.bytes_read) == (1, [], 0)


@pytest.mark.parametrize("part", [b"HTTP/1.1 404 Not", b"HTTP/1.1 404 Not Found\r\n", b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n"])
def test_an_answer_cut_off_in_its_header_is_unknown(rules, part):
    assert outcome(answering_raw(part), rules) == (Verdict.UNKNOWN, ErrorCode.CLOSED, 1)


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\xff" * 100,
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\n" + (b"X: " + b"y" * 10_000 + b"\r\n") * 50 + b"\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000,
    ],
)
def test_an_answer_that_is_no_http_is_unknown(rules, garbage):
    verdict_, error, copies = outcome(answering_raw(garbage), rules)

    assert (verdict_, copies) == (Verdict.UNKNOWN, 1)
    assert error in {ErrorCode.GARBAGE, ErrorCode.RESET, ErrorCode.CLOSED}


def test_a_huge_answer_is_read_up_to_16_kib(rules):
    with Receiver(answering(200, b" " * LARGE)) as receiver:
        answer = post(receiver.url(TOKEN), rules)

    assert (judged(answer), len(answer.body), answer.body_complete) == (Verdict.UNVERIFIED, 16 * 1024, False)
