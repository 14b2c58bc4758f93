from datetime import UTC, datetime

import pytest

from yayoi_link.verdicts import Answer, ErrorCode, Phase, Verdict, retry_after_seconds, verdict

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
REJECTED = {400, 401, 403, 404, 405, 410, 411, 413, 414, 415, 422, 431, 501}
BEFORE_THE_GATE = [code for code in ErrorCode if not code.is_blocked]


def answered(status, **details):
    return Answer(phase=Phase.DONE, passed_gate=True, status=status, body_complete=True, **{"body_all_sent": True} | details)


def judged(answer, *, acknowledged=False, refused=False, accepts_204=False):
    return verdict(answer, acknowledged=acknowledged, refused=refused, accepts_204=accepts_204)


@pytest.mark.parametrize("code", BEFORE_THE_GATE)
def test_whatever_fails_before_the_gate_was_not_sent(code):
    assert judged(Answer(phase=Phase.TLS, error=code)) == Verdict.NOT_SENT


@pytest.mark.parametrize("code", ErrorCode)
def test_whatever_fails_after_the_gate_is_unknown(code):
    assert judged(Answer(phase=Phase.AWAIT_STATUS, passed_gate=True, error=code)) == Verdict.UNKNOWN


@pytest.mark.parametrize("code", [code for code in ErrorCode if code.is_blocked])
def test_a_link_that_may_not_be_dialled_is_blocked(code):
    assert judged(Answer(phase=Phase.RESOLVE, error=code)) == Verdict.BLOCKED


def test_a_link_that_the_rules_no_longer_allow_is_blocked():
    assert judged(Answer.bad_link()) == Verdict.BLOCKED


@pytest.mark.parametrize("status", range(100, 1000))
def test_every_status_has_its_verdict_and_only_an_acknowledged_one_is_delivered(status):
    expected = Verdict.UNKNOWN
    if 200 <= status < 300:
        expected = Verdict.UNVERIFIED
    elif status in {301, 307, 308}:
        expected = Verdict.MOVED
    elif status in REJECTED:
        expected = Verdict.REJECTED

    assert judged(answered(status)) == expected


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({}, Verdict.DELIVERED),
        ({"body_all_sent": False}, Verdict.UNVERIFIED),
        ({"body_complete": False}, Verdict.UNVERIFIED),
    ],
)
def test_an_acknowledgement_counts_when_it_is_whole_and_came_after_the_body(details, expected):
    answer = Answer(**{"phase": Phase.DONE, "passed_gate": True, "status": 200, "body_all_sent": True, "body_complete": True} | details)

    assert judged(answer, acknowledged=True) == expected


def test_204_acknowledges_only_where_a_person_said_so():
    assert judged(answered(204)) == Verdict.UNVERIFIED
    assert judged(answered(204), accepts_204=True) == Verdict.DELIVERED
    assert judged(answered(204, body_all_sent=False), accepts_204=True) == Verdict.UNVERIFIED
    assert judged(answered(200), accepts_204=True) == Verdict.UNVERIFIED


def test_only_429_and_503_can_be_the_receivers_own_refusal():
    statuses = range(100, 1000)

    assert [status for status in statuses if judged(answered(status), refused=True) == Verdict.REFUSED] == [429, 503]


def test_nothing_was_written_until_the_header_went_out():
    assert Answer(phase=Phase.TLS).wrote_nothing
    assert Answer(phase=Phase.GATE, passed_gate=True).wrote_nothing
    assert not Answer(phase=Phase.SEND_HEADER, passed_gate=True).wrote_nothing


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("0000000120", 120),
        ("3601", 3600),
        ("9" * 5000, 3600),
        ("Wed, 01 Apr 2026 12:02:00 GMT", 120),
        ("Wed, 01 Apr 2026 11:00:00 GMT", 0),
        ("Fri, 01 Apr 2050 12:00:00 GMT", 3600),
        ("Wed, 99 Apr 2026 12:00:00 GMT", None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("１２０", None),
        ("120, 60", None),
        ("soon", None),
    ],
)
def test_retry_after_is_read_up_to_an_hour_and_junk_is_ignored(value, seconds):
    assert retry_after_seconds(value, at=NOON) == seconds
