import json
import socket
import struct
from urllib.parse import urlsplit

import pytest

from tests.yayoi_link.sandbox.postings import make_posting, make_transaction

CASH = make_transaction(description="現金売上")


def connect(link):
    address = urlsplit(link.address)
    return socket.create_connection((address.hostname, address.port), timeout=30)


def raw_request(link, *, announced_beyond_the_end=0):
    body = json.dumps(make_posting(CASH)).encode()
    lines = [f"POST {urlsplit(link.address).path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body) + announced_beyond_the_end}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_a_cut_connection_is_reset_after_the_rows_were_booked(link):
    link.answer_with("book_and_cut")

    with connect(link) as connection:
        connection.sendall(raw_request(link))
        with pytest.raises(ConnectionResetError):
            connection.recv(1)

    assert link.owner.transactions() == ["現金売上"]


def test_a_connection_cut_unread_is_reset_while_the_body_is_still_coming(link):
    link.answer_with("cut_unread")

    with connect(link) as connection:
        connection.sendall(raw_request(link, announced_beyond_the_end=100))
        with pytest.raises(ConnectionResetError):
            connection.recv(1)

    assert link.owner.transactions() == []


@pytest.mark.parametrize(
    ("manner", "answer"),
    [
        ("book_and_hang_up", b""),
        ("garbage", b"SSH-2.0-OpenSSH_9.9\r\n"),
        ("cut_body", b'HTTP/1.1 200 Answer\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"received": 1}'),
    ],
)
def test_a_connection_is_closed_after_less_than_an_answer(link, manner, answer):
    link.answer_with(manner)

    with connect(link) as connection, connection.makefile("rb") as stream:
        connection.sendall(raw_request(link))

        assert stream.read() == answer


@pytest.mark.parametrize(("manner", "beginning"), [("dripping_header", b"H"), ("dripping_body", b"HTTP/1.1 200 Answer\r\n")])
def test_a_drip_stops_when_the_caller_hangs_up(link, manner, beginning):
    link.answer_with(manner, postings_left=1)

    with connect(link) as connection:
        connection.sendall(raw_request(link))
        assert connection.recv(len(beginning)) == beginning

    assert link.send(make_posting(CASH)).json() == {"received": 1}


def test_silence_lasts_until_the_caller_hangs_up(link):
    link.answer_with("silent")

    with connect(link) as connection:
        connection.settimeout(1)
        connection.sendall(raw_request(link))
        with pytest.raises(TimeoutError):
            connection.recv(1)

    assert link.owner.transactions() == ["現金売上"]


def test_the_sandbox_goes_on_after_many_cuts(link):
    link.answer_with("book_and_cut", postings_left=100)

    for _ in range(100):
        with connect(link) as connection:
            connection.sendall(raw_request(link))
            with pytest.raises(ConnectionResetError):
                connection.recv(1)

    assert link.send(make_posting(CASH)).json() == {"received": 1}


def test_a_caller_that_resets_in_the_middle_books_nothing(link):
    with connect(link) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(raw_request(link, announced_beyond_the_end=100))

    assert link.send(make_posting(CASH)).json() == {"received": 1}
    assert link.owner.transactions() == ["現金売上"]
