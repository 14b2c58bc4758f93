import contextlib
import sqlite3

import requests

from tests.yayoi_link.sandbox.postings import make_posting


def statements_holding(secret, database):
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return [statement for statement in connection.iterdump() if secret in statement]


def provoke_every_complaint(link):
    for manner in ("normal", "404", "500", "book_and_cut", "normal"):
        link.answer_with(manner)
        with contextlib.suppress(requests.ConnectionError):
            link.send(make_posting())
    link.send({"format": link.address})
    requests.get(link.address, timeout=30)
    requests.get(link.address + "elsewhere", timeout=30)
    requests.get(link.address, headers={"Host": "example.com"}, timeout=30)
    requests.post(link.address, data=b"x" * 3_000_000, timeout=30)


def test_a_links_secret_is_printed_nowhere(link):
    provoke_every_complaint(link)

    assert "answered 404" in link.owner.sandbox.printed
    assert link.token not in link.owner.sandbox.printed


def test_a_links_secret_is_stored_in_one_column(link):
    provoke_every_complaint(link)

    (statement,) = statements_holding(link.token, link.owner.sandbox.database)
    assert statement.startswith('INSERT INTO "sandbox_link"')
    assert statement.count(link.token) == 1
