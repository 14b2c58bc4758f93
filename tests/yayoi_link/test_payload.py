import json
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing.categories import Nature, PaymentKind, TaxCategory
from closing.figures import DayFigures, RegisterCash, SalesLine
from tests.days import trading_days
from tests.yayoi_link.test_journal import MAPPING, NET_OF_TAX, SHIBUYA
from yayoi_link.journal import journal
from yayoi_link.payload import Batch, build_posting, entries_from_posting, is_acknowledgement, is_refusal, known_fields

BATCH = Batch(
    id=UUID("12345678-1234-5678-1234-567812345678"),
    company_code="1000",
    store_code="0001",
    store_name="渋谷店",
    business_date=date(2026, 4, 1),
    revision=1,
    generation=2,
    closed_at=datetime(2026, 4, 1, 22, 10, 3, 999, tzinfo=timezone(timedelta(hours=9))),
)


def test_the_posting_is_exactly_what_is_documented():
    sale = SalesLine("CASH", "現金", PaymentKind.CASH, TaxCategory.REDUCED_8, Nature.SALE, 1080, 80)
    figures = DayFigures(lines=(sale,), registers=(RegisterCash(1, opening_float=10),))

    body = build_posting(journal(figures, SHIBUYA, MAPPING), BATCH)

    assert body.decode() == (
        '{"format":"regi-admin.smart-import/1",'
        '"batch":{"id":"12345678-1234-5678-1234-567812345678","company_code":"1000","store_code":"0001","store_name":"渋谷店",'
        '"business_date":"2026-04-01","revision":1,"generation":2,"mode":"full","closed_at":"2026-04-01T22:10:03+09:00",'
        '"transaction_count":1,"income":1080,"expense":0},'
        '"transactions":[{"key":"sales/CASH/REDUCED_8","date":"2026-04-01","direction":"income","amount":1080,'
        '"description":"現金売上8%軽減 渋谷店 #0001-260401-1",'
        '"payment_account":{"account":"現金","sub_account":"","department":"渋谷店"},'
        '"counter_account":{"account":"売上高","sub_account":"","department":"渋谷店","tax_category":"課税売上込軽減8%"},'
        '"tax_amount":0,"reduced_tax_rate":true}]}'
    )


@given(trading_days())
def test_what_was_posted_can_be_read_back(day):
    made = journal(day[1], SHIBUYA, MAPPING)

    assert entries_from_posting(build_posting(made, BATCH)) == made.entries


@given(trading_days())
def test_count_and_totals_of_the_batch_are_those_of_its_transactions(day):
    posting = json.loads(build_posting(journal(day[1], SHIBUYA, MAPPING), BATCH))

    rows, batch = posting["transactions"], posting["batch"]
    total = {side: sum(row["amount"] for row in rows if row["direction"] == side) for side in ("income", "expense")}
    assert (len(rows), total) == (batch["transaction_count"], {side: batch[side] for side in total})
    assert [row["key"] for row in rows] == sorted({row["key"] for row in rows})
    assert all(0 < row["amount"] <= 999_999_999 and 0 <= row["tax_amount"] <= row["amount"] for row in rows)


def posted_sales(entries):
    amounts, taxes = Counter(), Counter()
    for entry in entries:
        family, *rest = entry.key.split("/")
        if family in ("sales", "returns", "mistakes"):
            sign = 1 if entry.money_on_debit else -1
            amounts[rest[0]] += sign * entry.amount
            amounts[rest[1]] += sign * entry.amount
            taxes[rest[1]] += sign * entry.tax_amount
    return {name: sum_ for name, sum_ in amounts.items() if sum_}, {name: sum_ for name, sum_ in taxes.items() if sum_}


@given(trading_days())
def test_the_posted_lines_are_the_payments_and_rates_of_the_slips_to_the_yen(day):
    slips, figures = day

    posted = posted_sales(entries_from_posting(build_posting(journal(figures, SHIBUYA, NET_OF_TAX), BATCH)))

    amounts, taxes = Counter(), Counter()
    for slip in slips:
        for payment in slip.payments:
            amounts[payment.method] += payment.amount
        for part in slip.taxes:
            amounts[part.category] += part.amount
            taxes[part.category] += part.tax
    assert posted == ({name: sum_ for name, sum_ in amounts.items() if sum_}, {name: sum_ for name, sum_ in taxes.items() if sum_})


@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_matching_count_is_an_acknowledgement(status):
    assert is_acknowledgement(status, b' {"received": 12, "note": "ok"} ', 12)


NOT_PROOF = [
    b"",
    b"<html></html>",
    b'{"received": true}',
    b'{"received": "12"}',
    b'{"received": 12.0}',
    b'{"received": 11}',
    b'{"received": 12, "received": 12}',
    b'{"a": {"b": 1, "b": 2}, "received": 12}',
    b'{"received": 12, "rate": NaN}',
    b'{"received": 12',
    b"[12]",
    b"12",
    b"null",
    b'{"received": ' + b"9" * 5000 + b"}",
    b'{"received": 12, "deep": ' + b"[" * 8000 + b"]" * 8000 + b"}",
    b'{"received": 12, "text": "' + b"x" * 16384 + b'"}',
    '{"received": 12}'.encode("utf-16"),
    b'{"received": 12, "text": "\xff"}',
]


@pytest.mark.parametrize("body", NOT_PROOF)
def test_anything_else_is_no_acknowledgement(body):
    assert not is_acknowledgement(200, body, 12)


@pytest.mark.parametrize("status", [0, 100, 199, 300, 404, 503])
def test_only_a_2xx_acknowledges(status):
    assert not is_acknowledgement(status, b'{"received": 12}', 12)


def test_one_transaction_is_not_acknowledged_by_true():
    assert not is_acknowledgement(200, b'{"received": true}', 1)


@pytest.mark.parametrize(
    ("status", "body", "refused"),
    [
        (503, b'{"received": 0}', True),
        (429, b'{"received": 0, "error": "busy"}', True),
        (503, b"", False),
        (503, b'{"received": false}', False),
        (503, b'{"received": 0.0}', False),
        (503, b'{"received": 1}', False),
        (500, b'{"received": 0}', False),
        (200, b'{"received": 0}', False),
    ],
)
def test_only_the_receivers_own_word_is_a_refusal(status, body, refused):
    assert is_refusal(status, body) is refused


def test_only_the_count_of_an_answer_is_recorded_and_never_its_text():
    assert known_fields(b'{"received": 3, "error": "no /smart-import/secret"}') == {"received": 3}
    assert known_fields(b'{"received": true}') == known_fields(b"<html>") == {}


@given(st.integers(0, 600), st.binary(max_size=60) | st.sampled_from(NOT_PROOF), st.integers(0, 20))
def test_no_answer_makes_the_adapter_fail(status, body, expected):
    answers = (is_acknowledgement(status, body, expected), is_refusal(status, body), known_fields(body))

    assert [type(answer) for answer in answers] == [bool, bool, dict]
