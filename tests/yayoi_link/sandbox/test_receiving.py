from concurrent.futures import ThreadPoolExecutor

import requests

from tests.yayoi_link.sandbox.postings import make_posting, make_transaction

CASH = make_transaction(description="現金売上")
CREDIT = make_transaction(key="sales/CREDIT/STANDARD_10", description="クレジット売上")


def test_a_posting_is_acknowledged_with_the_number_of_its_transactions(link):
    response = link.send(make_posting(CASH, CREDIT))

    assert (response.status_code, response.json()) == (200, {"received": 2})
    assert link.owner.transactions() == ["現金売上", "クレジット売上"]


def test_the_same_posting_twice_is_there_twice(link):
    posting = make_posting(CASH)

    answers = [link.send(posting, **{"Idempotency-Key": '"one"'}).json() for _ in range(2)]

    assert answers == [{"received": 1}, {"received": 1}]
    assert link.owner.transactions() == ["現金売上", "現金売上"]


def test_a_link_told_to_ignore_repeats_books_each_key_once(link):
    link.answer_with("normal", ignores_repeats="on")

    answers = [link.send(make_posting(CASH), **{"Idempotency-Key": key}).json() for key in ('"one"', '"one"', '"two"')]

    assert answers == [{"received": 1}] * 3
    assert link.owner.transactions() == ["現金売上", "現金売上"]


def test_repeats_that_come_at_the_same_moment_are_booked_once(link):
    link.answer_with("normal", ignores_repeats="on")

    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda _: link.send(make_posting(CASH), **{"Idempotency-Key": '"one"'}).json(), range(8)))

    assert answers == [{"received": 1}] * 8
    assert link.owner.transactions() == ["現金売上"]


def test_what_is_not_in_the_format_is_refused_with_the_reason_and_not_booked(link):
    response = link.send(make_posting(CASH, transaction_count=2))

    assert (response.status_code, response.json()) == (422, {"error": "batch.transaction_count: 取引の数と合いません。"})
    assert link.owner.transactions() == []
    assert "batch.transaction_count: 取引の数と合いません。" in link.owner.get(f"/links/{link.pk}/postings/").text


def test_an_unknown_link_is_not_found(sandbox):
    response = requests.post(f"{sandbox.url}/smart-import/nobody-knows-this/", json=make_posting(), timeout=30)

    assert (response.status_code, response.json()) == (404, {"error": "このリンクはありません。"})


def test_a_link_takes_postings_only(link):
    assert requests.get(link.address, timeout=30).status_code == 405
