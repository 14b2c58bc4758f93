import json

import pytest
from hypothesis import assume, given

from tests.days import trading_days
from tests.yayoi_link.sandbox.postings import make_posting, make_transaction
from tests.yayoi_link.test_journal import MAPPING, SHIBUYA
from tests.yayoi_link.test_payload import BATCH
from yayoi_link.journal import journal
from yayoi_link.payload import build_posting
from yayoi_link.sandbox.wire import NotAccepted, read_posting

INCOME = make_transaction()
EXPENSE = make_transaction(key="paid_out/1/STANDARD_10", direction="expense", amount=3000)


def encode(posting):
    return json.dumps(posting, ensure_ascii=False).encode()


def complaint_about(body):
    with pytest.raises(NotAccepted) as refusal:
        read_posting(body)
    return str(refusal.value)


def test_a_documented_posting_is_read_whole():
    posting = make_posting(EXPENSE, INCOME)

    received = read_posting(encode(posting))

    assert (received.batch, received.transactions) == (posting["batch"], posting["transactions"])


@given(trading_days())
def test_whatever_the_portal_posts_is_in_the_format(day):
    made = journal(day[1], SHIBUYA, MAPPING)
    assume(made.entries)

    received = read_posting(build_posting(made, BATCH))

    assert [row["key"] for row in received.transactions] == [entry.key for entry in made.entries]


def test_the_widest_description_has_64_columns():
    widest = make_posting(make_transaction(description="売" * 31 + "12"))
    too_wide = make_posting(make_transaction(description="売" * 31 + "123"))

    assert read_posting(encode(widest)).batch == widest["batch"]
    assert complaint_about(encode(too_wide)) == "transactions[0].description: 半角64桁を超えています。"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"amount": 0}, "transactions[0].amount: 決められた範囲の整数ではありません。"),
        ({"amount": 1_000_000_000}, "transactions[0].amount: 決められた範囲の整数ではありません。"),
        ({"amount": True}, "transactions[0].amount: 決められた範囲の整数ではありません。"),
        ({"tax_amount": 1.0}, "transactions[0].tax_amount: 決められた範囲の整数ではありません。"),
        ({"reduced_tax_rate": 0}, "transactions[0].reduced_tax_rate: true か false ではありません。"),
        ({"date": "20260401"}, "transactions[0].date: YYYY-MM-DDの日付ではありません。"),
        ({"direction": "refund"}, "transactions[0].direction: 次のどれでもありません: income, expense"),
        ({"description": ""}, "transactions[0].description: 空です。"),
        ({"description": "売上😀"}, "transactions[0].description: CP932にない文字があります。"),
        ({"description": "売上\n"}, "transactions[0].description: 制御文字は使えません。"),
        ({"key": "売" * 201}, "transactions[0].key: 200文字までの文字列ではありません。"),
    ],
)
def test_a_transaction_is_refused_by_name_and_reason(changes, complaint):
    posting = make_posting() | {"transactions": [make_transaction(**changes)]}

    assert complaint_about(encode(posting)) == complaint


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"transaction_count": 3}, "batch.transaction_count: 取引の数と合いません。"),
        ({"income": 1}, "batch.income: 取引の金額の合計と合いません。"),
        ({"expense": 1}, "batch.expense: 取引の金額の合計と合いません。"),
        ({"closed_at": "2026-04-01T22:10:03"}, "batch.closed_at: 時差つきのISO 8601の日時ではありません。"),
        ({"id": "1"}, "batch.id: UUIDではありません。"),
        ({"mode": "all"}, "batch.mode: 次のどれでもありません: full, difference"),
        ({"generation": 0}, "batch.generation: 決められた範囲の整数ではありません。"),
    ],
)
def test_a_batch_is_refused_by_name_and_reason(changes, complaint):
    assert complaint_about(encode(make_posting(EXPENSE, INCOME, **changes))) == complaint


def test_transactions_come_sorted_by_key():
    assert complaint_about(encode(make_posting(INCOME, EXPENSE))) == "transactions: keyの順に並んでいません。"


def test_keys_come_in_the_documented_order():
    posting = make_posting()

    shuffled = dict(reversed(posting.items()))

    complaint = "次のキーだけをこの順に持つオブジェクトではありません: format, batch, transactions"
    assert complaint_about(encode(shuffled)) == complaint


def test_a_posting_without_transactions_is_refused():
    posting = make_posting() | {"transactions": []}

    assert complaint_about(encode(posting)) == "transactions: 1件以上の配列ではありません。"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"\xef\xbb\xbf{}", b"[" * 100_000, "{}".encode("utf-16")])
def test_what_is_not_json_in_utf8_is_refused(body):
    assert complaint_about(body) == "UTF-8（BOMなし）のJSONとして読めません。"


def test_a_repeated_key_is_refused():
    assert complaint_about(b'{"format": 1, "format": 2}') == "同じキーが2回あります。"
