"""Each fault that a delivery has to survive has a number, and each number a test that is named after it."""

import re

import pytest
from django.conf import settings

FAULTS = {
    1: "name not found",
    2: "lookup hangs",
    3: "one of the addresses is private",
    4: "name leads elsewhere at the second lookup",
    5: "connection refused",
    6: "SYN dropped",
    7: "TLS handshake stalls",
    8: "certificate that nobody vouches for",
    9: "certificate of another name, or expired",
    10: "plain HTTP on the TLS port",
    11: "TLS 1.0 only",
    12: "reset in mid-request",
    13: "reset after the body",
    14: "closed without an answer",
    15: "silence after the body",
    16: "dripping header",
    17: "login page with 200",
    18: "204",
    19: "link moved",
    20: "answered no",
    21: "not allowed",
    22: "conflict",
    23: "too many requests, own refusal and bare",
    24: "server errors",
    25: "busy, own refusal and bare",
    26: "killed before the close commits",
    27: "killed after the commit, before the worker knows",
    28: "killed while claimed",
    29: "killed after the gate, before the first byte",
    30: "killed after the bytes, before the record",
    31: "told to stop in flight",
    32: "frozen past the lease",
    33: "several workers",
    34: "database away at the gate",
    35: "database away at the record",
    36: "disk full",
    37: "double click on 閉局",
    38: "two browsers close with different counts",
    39: "close while a slip is saved",
    40: "close after midnight at the end of a month",
    41: "clock steps",
    42: "link changed while waiting",
    43: "link switched off on the way",
    44: "link deleted, store out of use",
    45: "encryption key missing or rotated",
    46: "delivered day sent again by a double click",
    47: "bulk over mixed states",
    48: "bulk interrupted by a restart",
    49: "late slip after delivery",
    50: "no sales, refunds above sales, shortage",
    51: "very many slips",
    52: "one receiver hangs",
    53: "no worker",
    54: "yesterday's backup restored",
    55: "answer before the body",
    56: "what resembles an acknowledgement",
    57: "TLS failure after the gate",
    58: "two revisions meet at the gate",
    59: "frozen between gate and send",
    60: "two stores share a link",
    61: "PostgreSQL crashes after the gate",
    62: "bulk waits when tonight's close comes",
    63: "imports without end",
    64: "404 page that echoes the link",
}
TEST_NAME = re.compile(r"^def test_fault((?:_\d\d)+)_", re.MULTILINE)


@pytest.fixture(scope="module")
def tested():
    tests = (settings.BASE_DIR / "tests").rglob("test_*.py")
    names = [name for file in tests for name in TEST_NAME.findall(file.read_text(encoding="utf-8"))]
    return {int(number) for name in names for number in name.strip("_").split("_")}


def test_every_fault_has_a_test_named_after_it(tested):
    assert {number: words for number, words in FAULTS.items() if number not in tested} == {}


def test_no_test_names_a_fault_that_is_not_in_the_list(tested):
    assert (tested - set(FAULTS), sorted(FAULTS)) == (set(), list(range(1, 65)))
