"""Answers that are cut, drip, lie about themselves or are no HTTP: whatever comes, only an acknowledgement that is whole delivers."""

import gzip
import json
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.yayoi_link.posting import HOST, TOKEN, judged, outcome, post, resolving, tls_outcome
from tests.yayoi_link.receiver import Receiver, acknowledgement, answering_raw
from yayoi_link.verdicts import ErrorCode, Phase, Verdict

ACKNOWLEDGED = acknowledgement(2)
OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(ACKNOWLEDGED)
HEADER = OK + b"Content-Type: application/json\r\n" + LENGTH + b"\r\n"
WHOLE = HEADER + ACKNOWLEDGED
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\nf\r\n" + ACKNOWLEDGED + b"\r\n0\r\n\r\n"
REFUSED = b"HTTP/1.1 503 Busy\r\nContent-Length: 15\r\n\r\n" + acknowledgement(0)
SENT = (Verdict.DELIVERED, Verdict.UNVERIFIED, Verdict.UNKNOWN)


def verdict_of(content, rules):
    """What these bytes come to, sent by the receiver after it has read the whole posting, and how many copies it then has."""
    verdict, _error, copies = outcome(answering_raw(content), rules)
    return verdict, copies


@pytest.mark.parametrize("length", range(len(WHOLE) + 1))
def test_an_answer_cut_after_any_byte_is_never_delivered(rules, length):
    expected = Verdict.UNKNOWN if length < len(HEADER) else Verdict.UNVERIFIED

    assert verdict_of(WHOLE[:length], rules) == (Verdict.DELIVERED if length == len(WHOLE) else expected, 1)


@pytest.mark.parametrize("length", [0, 1, len(OK) - 1, len(OK), len(HEADER) - 1, len(HEADER), len(WHOLE) - 1])
def test_an_answer_cut_under_tls_is_never_delivered(rules, authority, length):
    """The receiver closes without TLS's own good-bye: whoever stands between can end a connection like this."""
    verdict, _error, copies = tls_outcome(answering_raw(WHOLE[:length]), rules, tls=authority.context(HOST))

    assert (verdict, copies) == (Verdict.UNKNOWN if length < len(HEADER) else Verdict.UNVERIFIED, 1)


def test_a_whole_answer_counts_without_tlss_own_good_bye(rules, authority):
    assert tls_outcome(answering_raw(WHOLE), rules, tls=authority.context(HOST)) == (Verdict.DELIVERED, "", 1)


@pytest.mark.parametrize("length", range(len(OK), len(CHUNKED)))
def test_a_chunked_answer_cut_after_any_byte_is_never_delivered(rules, length):
    expected = Verdict.UNKNOWN if length < CHUNKED.index(b"\r\n\r\n") + 4 else Verdict.UNVERIFIED

    assert verdict_of(CHUNKED[:length], rules) == (expected, 1)
    assert verdict_of(CHUNKED, rules) == (Verdict.DELIVERED, 1)


@pytest.mark.parametrize("length", range(REFUSED.index(b"\r\n\r\n") + 4, len(REFUSED)))
def test_a_refusal_that_is_cut_does_not_permit_a_second_try(rules, length):
    assert verdict_of(REFUSED[:length], rules) == (Verdict.UNKNOWN, 1)
    assert verdict_of(REFUSED, rules) == (Verdict.REFUSED, 1)


@pytest.mark.parametrize(
    "content",
    [
        ACKNOWLEDGED,
        b"\r\n" + ACKNOWLEDGED,
        b"200 OK\r\n\r\n" + ACKNOWLEDGED,
        b"HTTP 200 OK\r\n\r\n" + ACKNOWLEDGED,
        b"HTTP/2.0 200 OK\r\n\r\n" + ACKNOWLEDGED,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + ACKNOWLEDGED,
        b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + ACKNOWLEDGED,
        b"ICY 200 OK\r\n\r\n" + ACKNOWLEDGED,
        b"HTTP/1.1 20 OK\r\n\r\n" + ACKNOWLEDGED,
        b"HTTP/1.1 two OK\r\n\r\n" + ACKNOWLEDGED,
        b"\n" * 1000 + WHOLE,
        b"220 mail.example ESMTP\r\n" + WHOLE,
    ],
)
def test_an_acknowledgement_under_no_status_line_is_unknown(rules, content):
    """HTTP/0.9, other protocols, other versions: nothing says what these bytes mean."""
    assert verdict_of(content, rules) == (Verdict.UNKNOWN, 1)


@pytest.mark.parametrize("status", [b"101 Switching Protocols", b"102 Processing", b"103 Early Hints", b"199 Odd"])
def test_what_comes_before_an_answer_is_none(rules, status):
    assert verdict_of(b"HTTP/1.1 " + status + b"\r\n\r\n" + WHOLE, rules) == (Verdict.UNKNOWN, 1)


@pytest.mark.parametrize("content", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n" * 3])
def test_an_answer_after_continue_counts_and_continue_alone_does_not(rules, content):
    assert verdict_of(content + WHOLE, rules) == (Verdict.DELIVERED, 1)
    assert verdict_of(content, rules) == (Verdict.UNKNOWN, 1)


@pytest.mark.parametrize(
    ("first", "verdict"),
    [
        (b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", Verdict.UNKNOWN),
        (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", Verdict.REJECTED),
        (b"HTTP/1.1 302 There\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", Verdict.UNKNOWN),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Verdict.UNVERIFIED),
        (b"HTTP/1.1 204 None\r\n\r\n", Verdict.UNVERIFIED),
        (WHOLE, Verdict.DELIVERED),
    ],
)
def test_of_two_answers_the_first_counts(rules, first, verdict):
    assert verdict_of(first + WHOLE, rules) == (verdict, 1)


@pytest.mark.parametrize("length", [b"14", b"16", b"99", b"0", b"1", b"99999999999999999999"])
def test_a_body_shorter_or_longer_than_announced_is_unverified(rules, length):
    assert verdict_of(OK + b"Content-Length: " + length + b"\r\n\r\n" + ACKNOWLEDGED, rules) == (Verdict.UNVERIFIED, 1)


@pytest.mark.parametrize(
    "chunks",
    [
        b"",
        b"\r\n",
        b"zz\r\n" + ACKNOWLEDGED + b"\r\n0\r\n\r\n",
        b"-f\r\n" + ACKNOWLEDGED + b"\r\n0\r\n\r\n",
        b"e\r\n" + ACKNOWLEDGED + b"\r\n0\r\n\r\n",
        b"10\r\n" + ACKNOWLEDGED + b"\r\n0\r\n\r\n",
        b"ffffffffffffffff\r\n" + ACKNOWLEDGED + b"\r\n0\r\n\r\n",
        b"f" * 70_000 + b"\r\n" + ACKNOWLEDGED + b"\r\n0\r\n\r\n",
        b"0\r\n\r\n" + ACKNOWLEDGED,
        ACKNOWLEDGED,
        b"f\n" + ACKNOWLEDGED,
    ],
)
def test_chunks_that_are_none_are_unverified(rules, chunks):
    assert verdict_of(OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunks, rules) == (Verdict.UNVERIFIED, 1)


def test_a_packed_answer_that_nobody_asked_for_is_unverified(rules):
    packed = gzip.compress(ACKNOWLEDGED)
    header = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)

    assert verdict_of(header + packed, rules) == (Verdict.UNVERIFIED, 1)


@pytest.mark.parametrize("padding", [b"X: " + b"y" * 64 * 1024 + b"\r\n", (b"X: " + b"y" * 8000 + b"\r\n") * 20, b"X: y\r\n" * 5000])
def test_an_acknowledgement_under_a_huge_header_is_unknown(rules, padding):
    assert verdict_of(OK + padding + LENGTH + b"\r\n" + ACKNOWLEDGED, rules) == (Verdict.UNKNOWN, 1)


@pytest.mark.parametrize(("spaces", "verdict"), [(0, Verdict.DELIVERED), (1, Verdict.UNVERIFIED)])
def test_an_acknowledgement_counts_within_16_kib(rules, spaces, verdict):
    body = ACKNOWLEDGED.ljust(16 * 1024) + b" " * spaces

    assert verdict_of(OK + b"Content-Length: %d\r\n\r\n" % len(body) + body, rules) == (verdict, 1)


@pytest.mark.parametrize(("early", "verdict"), [(b"", Verdict.UNKNOWN), (HEADER, Verdict.UNVERIFIED), (WHOLE[:-1], Verdict.UNVERIFIED)])
def test_what_comes_after_the_deadline_counts_no_more(short, early, verdict):
    def answer_too_late(call):
        call.read_posting()
        call.send(early)
        call.wait_for_the_end()
        call.send(WHOLE[len(early) :])

    assert outcome(answer_too_late, short) == (verdict, ErrorCode.DEADLINE, 1)


@pytest.mark.parametrize("part", [HEADER, WHOLE[:-1]])
def test_a_reset_in_the_body_of_an_answer_is_unverified(rules, part):
    def answer_and_reset(call):
        call.read_posting()
        call.send(part)
        call.receiver.is_over.wait(0.2)
        call.reset()

    assert outcome(answer_and_reset, rules) == (Verdict.UNVERIFIED, ErrorCode.RESET, 1)


# From here on at random.

statuses = st.sampled_from([100, 101, 200, 201, 202, 204, 206, 299, 301, 302, 400, 404, 429, 500, 503, 600])
bodies = st.sampled_from(
    [
        ACKNOWLEDGED,
        b' {"received":2}\n',
        b'{"rows": [], "received": 2}',
        acknowledgement(0),
        acknowledgement(3),
        b'{"received": "2"}',
        b'{"received": 2.0}',
        b'{"received": true}',
        b'{"received": 2, "received": 2}',
        b'[{"received": 2}]',
        b'{"received": 2}{"received": 2}',
        b"<html>2</html>",
        b"",
    ]
)
framings = st.sampled_from(["exact", "short", "long", "until the end", "chunked", "chunked without end"])


def framed(body, framing):
    if framing.startswith("chunked"):
        chunk = b"%x\r\n%s\r\n" % (len(body), body) if body else b""
        return b"Transfer-Encoding: chunked\r\n\r\n" + chunk + (b"0\r\n\r\n" if framing == "chunked" else b"")
    length = {"exact": len(body), "short": max(0, len(body) - 2), "long": len(body) + 1}.get(framing)
    return (b"" if length is None else b"Content-Length: %d\r\n" % length) + b"\r\n" + body


def acknowledges(body):
    """Judged with the strictest of eyes: the text itself."""
    return re.fullmatch(rb'\s*\{("rows": \[\], )?"received": ?2\}\s*', body) is not None


@pytest.fixture(scope="module")
def standing_receiver():
    with Receiver() as receiver:
        yield receiver


# The rules are the same for every example.
many = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])


def answered_by(receiver, rules, content):
    receiver.behaviour = answering_raw(content)
    receiver.received.clear()
    answer = post(receiver.url(TOKEN), resolving(rules, receiver))
    assert len(receiver.received) == 1
    return answer


@many
@given(statuses, framings, bodies)
def test_an_answer_delivers_if_and_only_if_it_is_2xx_whole_and_acknowledges(rules, standing_receiver, status, framing, body):
    content = b"HTTP/1.1 %d Something\r\n" % status + framed(body, framing)

    delivered = judged(answered_by(standing_receiver, rules, content)) == Verdict.DELIVERED

    is_whole = framing in {"exact", "until the end", "chunked"} and status != 204
    assert delivered == (200 <= status < 300 and is_whole and acknowledges(body))


@many
@given(st.sampled_from([WHOLE, CHUNKED]), st.integers(0, 200), st.integers(0, 255), st.sampled_from(["replace", "insert", "delete"]))
@example(WHOLE, WHOLE.index(b"15") + 1, ord("4"), "replace")
def test_one_wrong_byte_never_makes_a_false_delivery(rules, standing_receiver, content, position, byte, way):
    position %= len(content)
    after = position + (way != "insert")
    changed = content[:position] + (b"" if way == "delete" else bytes([byte])) + content[after:]

    answer = answered_by(standing_receiver, rules, changed)

    assert judged(answer) in SENT
    if judged(answer) == Verdict.DELIVERED:
        assert (changed[:5], answer.status // 100, json.loads(answer.body)) == (b"HTTP/", 2, {"received": 2})


@many
@given(
    st.binary(max_size=200) | st.lists(st.sampled_from([b"HTTP/1.1 ", b"200", b" OK", b"\r\n", b"\n", b"\x00", b"{", b"2"])).map(b"".join)
)
def test_random_bytes_are_never_delivered(rules, standing_receiver, content):
    answer = answered_by(standing_receiver, rules, content)

    assert judged(answer) in {Verdict.UNKNOWN, Verdict.UNVERIFIED}
    assert answer.phase in {Phase.AWAIT_STATUS, Phase.READ, Phase.DONE}
