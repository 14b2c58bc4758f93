import socket
import threading

import pytest

from yayoi_link.dialling import LOOKUPS_AT_ONCE, Address, Watchdog, look_up

LOOPBACK = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]


def test_the_same_address_is_kept_once():
    addresses = look_up("shop.example", 443, resolve=lambda *_, **__: LOOPBACK * 3, seconds=10)

    assert addresses == [Address(socket.AF_INET, ("127.0.0.1", 443))]


@pytest.fixture
def is_over():
    """Until this is set, lookups hang. They leave none of the threads that they took to the tests after them."""
    is_over = threading.Event()
    yield is_over
    is_over.set()


def give_up(host, is_over):
    """Give up a lookup that hangs; return whether it had a thread by then."""
    has_begun = threading.Event()

    def hang(*_, **__):
        has_begun.set()
        is_over.wait()
        return LOOPBACK

    with pytest.raises(TimeoutError):
        look_up(host, 443, resolve=hang, seconds=0.01)
    return has_begun.wait(timeout=1)


def test_hanging_lookups_are_limited_and_give_their_places_back(is_over):
    for number in range(LOOKUPS_AT_ONCE):
        assert any(give_up(f"hanging-{number}.example", is_over) for _ in range(100))

    with pytest.raises(TimeoutError):
        look_up("shop.example", 443, resolve=lambda *_, **__: LOOPBACK, seconds=0.01)
    is_over.set()

    assert look_up("shop.example", 443, resolve=lambda *_, **__: LOOPBACK, seconds=10)


def test_one_name_that_hangs_leaves_lookups_for_the_others(is_over):
    for _ in range(LOOKUPS_AT_ONCE):
        with pytest.raises(TimeoutError):
            look_up("hanging.example", 443, resolve=lambda *_, **__: is_over.wait() and LOOPBACK, seconds=0.01)

    assert look_up("shop.example", 443, resolve=lambda *_, **__: LOOPBACK, seconds=10)
    is_over.set()
    assert look_up("hanging.example", 443, resolve=lambda *_, **__: LOOPBACK, seconds=10)


def test_a_name_without_addresses_is_not_found():
    with pytest.raises(socket.gaierror):
        look_up("shop.example", 443, resolve=lambda *_, **__: [], seconds=10)


@pytest.mark.parametrize("steps", [("watch", "cut"), ("cut", "watch")])
def test_the_watchdog_cuts_a_connection_also_when_that_comes_after_the_deadline(steps):
    sock, peer = socket.socketpair()
    with sock, peer, Watchdog(60) as watchdog:
        actions = {"watch": lambda: watchdog.watch(sock), "cut": watchdog.cut}
        for step in steps:
            actions[step]()

        assert (sock.recv(1), peer.recv(1), watchdog.has_cut) == (b"", b"", True)


def test_the_watchdog_lets_go_at_the_end():
    sock, peer = socket.socketpair()
    with sock, peer:
        with Watchdog(60) as watchdog:
            watchdog.watch(sock)
        watchdog.cut()
        peer.send(b"still here")

        assert sock.recv(10) == b"still here"
