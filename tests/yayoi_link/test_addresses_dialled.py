"""Hostile links in front of real sockets: a resolver that answers, a listener that counts, and no connection to it."""

import contextlib
import socket
import sys
import threading
from dataclasses import replace

import pytest

from tests.yayoi_link.posting import BODY, KEY, address_info, judged, open_gate
from tests.yayoi_link.receiver import Receiver
from yayoi_link import outbound
from yayoi_link.addresses import BadLink, parse_link
from yayoi_link.verdicts import ErrorCode, Verdict

# {port} is that of the listener on this machine: whoever dials one of these reaches it.
THIS_MACHINE_BY_NUMBER = [
    "https://127.0.0.1:{port}/t",
    "https://2130706433:{port}/t",
    "https://0x7f000001:{port}/t",
    "https://0X7F000001:{port}/t",
    "https://017700000001:{port}/t",
    "https://0177.0.0.1:{port}/t",
    "https://0x7f.0.0.1:{port}/t",
    "https://0x7f.0x0.0x0.0x1:{port}/t",
    "https://127.1:{port}/t",
    "https://127.0.1:{port}/t",
    "https://0x7f.1:{port}/t",
    "https://127.00.00.001:{port}/t",
    "https://0:{port}/t",
    "https://0.0.0.0:{port}/t",
    "https://0x0:{port}/t",
    "https://localhost:{port}/t",
]
THIS_MACHINE_IN_DISGUISE = [
    "https://127.0.0.1.:{port}/t",
    "https://localhost.:{port}/t",
    "https://１２７.０.０.１:{port}/t",
    "https://127。0。0。1:{port}/t",
    "https://127．0．0．1:{port}/t",
    "https://①②⑦.⓪.⓪.①:{port}/t",
    "https://𝟏𝟐𝟕.𝟎.𝟎.𝟏:{port}/t",
    "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/t",
    "https://ｌｏｃａｌｈｏｓｔ:{port}/t",
    "https://loc\u00adalhost:{port}/t",
    "https://localhost\u3002:{port}/t",
    "https://%31%32%37.0.0.1:{port}/t",
    "https://127.0.0.1%00.example:{port}/t",
    "https://shop.example@127.0.0.1:{port}/t",
    "https://shop.example:443@127.0.0.1:{port}/t",
    "https://shop.example%40127.0.0.1:{port}/t",
    "https://shop.example\\@127.0.0.1:{port}/t",
    "https://127.0.0.1:{port}\\@shop.example/t",
    "https://127.0.0.1:{port}#@shop.example/t",
    "https://shop.example#@127.0.0.1:{port}/t",
    "https:\\\\127.0.0.1:{port}/t",
    "https:/127.0.0.1:{port}/t",
    "https:127.0.0.1:{port}/t",
    "//127.0.0.1:{port}/t",
    "https:///127.0.0.1:{port}/t",
    "https://[::1]:{port}/t",
    "https://[::1%25lo]:{port}/t",
    "https://[::ffff:127.0.0.1]:{port}/t",
    "https://[::ffff:7f00:1]:{port}/t",
    "https://[0:0:0:0:0:ffff:7f00:0001]:{port}/t",
    "https://[::127.0.0.1]:{port}/t",
    "https://[::ffff:0:127.0.0.1]:{port}/t",
    "https://[64:ff9b::7f00:1]:{port}/t",
    "https://[64:ff9b:1::127.0.0.1]:{port}/t",
    "https://[2002:7f00:1::]:{port}/t",
    "https://[2001:0:7f00:1::80ff:fffe]:{port}/t",
    "http://127.0.0.1:{port}/t",
    "HTTP://127.0.0.1:{port}/t",
    "ftp://127.0.0.1:{port}/t",
    "gopher://127.0.0.1:{port}/_POST",
    "unix://127.0.0.1:{port}/t",
    "https://127.0.0.1\t:{port}/t",
    "https://127.0.0.1\r\n:{port}/t",
    " https://127.0.0.1:{port}/t",
    "https://127.0.0.1:{port} /t",
    "https://127.0.0.1:{port}:443/t",
    "https://127.0.0.1:+{port}/t",
]
# What a name under somebody else's control may lead to. Each answer also has an address to which a connection would go through.
ANSWERS_OF_A_NAME = {
    "this machine": ["127.0.0.1"],
    "this machine, another of its addresses": ["127.8.8.8"],
    "no address at all": ["0.0.0.0"],  # noqa: S104 (not bound to)
    "a private network": ["10.0.0.5"],
    "a private network, 172.16/12": ["172.20.0.5"],
    "a private network, 192.168/16": ["192.168.1.5"],
    "carrier-grade NAT": ["100.64.0.5"],
    "metadata of a cloud": ["169.254.169.254"],
    "metadata of a cloud, under IPv6": ["fd00:ec2::254"],
    "metadata of a cloud in carrier-grade NAT": ["100.100.100.200"],
    "link-local": ["fe80::5"],
    "unique local": ["fc00::5"],
    "site-local": ["fec0::5"],
    "mapped": ["::ffff:10.0.0.5"],
    "compatible": ["::10.0.0.5"],
    "translated": ["::ffff:0:10.0.0.5"],
    "NAT64": ["64:ff9b::a00:5"],
    "local NAT64": ["64:ff9b:1::a00:5"],
    "6to4": ["2002:a00:5::1"],
    "Teredo": ["2001:0:a00:5::1"],
    "multicast": ["224.0.0.5"],
    "multicast, under IPv6": ["ff02::5"],
    "broadcast": ["255.255.255.255"],
    "public first, then private": ["93.184.216.34", "10.0.0.5"],
    "public under IPv4, private under IPv6": ["93.184.216.34", "fd00::5"],
    "many public ones and this machine last": ["93.184.216.34", "93.184.216.35", "93.184.216.36", "93.184.216.37", "127.0.0.1"],
}
HOSTILE = THIS_MACHINE_BY_NUMBER + THIS_MACHINE_IN_DISGUISE


class Dialled:
    """Every address that this process tries to connect to while somebody watches."""

    def __init__(self):
        self.addresses = None
        sys.addaudithook(self.hear)

    def hear(self, event, arguments):
        if self.addresses is not None and event == "socket.connect":
            self.addresses.append(arguments[1])

    @contextlib.contextmanager
    def watched(self):
        self.addresses = []
        yield self.addresses
        self.addresses = None


dialled = Dialled()


def send(text, rules):
    """As the portal does: the link is read when it is registered and again when it is used, and then dialled."""
    try:
        link = parse_link(text, ports=rules.ports, allow_loopback=rules.allow_loopback)
    except BadLink:
        return None
    return outbound.post(link, BODY, key=KEY, gate=open_gate, rules=rules)


@pytest.fixture
def listener():
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def strict(rules, listener):
    """The rules of production, under which the listener's port is one that may be dialled."""
    return replace(rules, allow_loopback=False, ports=frozenset({443, listener.port}))


def test_there_are_more_than_sixty_hostile_forms():
    assert len({*HOSTILE, *ANSWERS_OF_A_NAME}) > 80


@pytest.mark.parametrize("form", THIS_MACHINE_BY_NUMBER)
def test_whoever_does_not_look_reaches_this_machine(form, listener):
    host = form.removeprefix("https://").removesuffix(":{port}/t").strip("[]")

    with dialled.watched() as addresses, socket.create_connection((host, listener.port), timeout=10) as connection:
        reached = connection.getpeername()[1]

    assert (reached, len(addresses) > 0) == (listener.port, True)


@pytest.mark.parametrize("form", HOSTILE)
def test_no_hostile_form_of_this_machine_is_dialled(form, strict, listener):
    with dialled.watched() as addresses:
        answer = send(form.format(port=listener.port), strict)

    assert answer is None or judged(answer) == Verdict.BLOCKED
    assert (addresses, listener.connections) == ([], 0)


@pytest.mark.parametrize("form", HOSTILE)
def test_no_hostile_form_is_dialled_whatever_its_name_leads_to(form, strict, listener):
    """Should a form be read as a name after all, its resolver answers with the listener."""
    here = replace(strict, resolve=lambda *_, **__: [address_info(("127.0.0.1", listener.port))])

    with dialled.watched() as addresses:
        answer = send(form.format(port=listener.port), here)

    assert answer is None or judged(answer) == Verdict.BLOCKED
    assert (addresses, listener.connections) == ([], 0)


@pytest.mark.parametrize("answers", ANSWERS_OF_A_NAME.values(), ids=ANSWERS_OF_A_NAME)
def test_a_name_that_leads_astray_is_not_dialled(answers, strict, listener):
    leading = replace(strict, resolve=lambda *_, **__: [address_info((address, listener.port)) for address in answers])

    with dialled.watched() as addresses:
        answer = send(f"https://shop.example:{listener.port}/t", leading)

    assert (judged(answer), answer.error, addresses) == (Verdict.BLOCKED, ErrorCode.BLOCKED_ADDRESS, [])


@pytest.mark.parametrize("astray", [["10.0.0.5"], ["127.0.0.1", "93.184.216.34"], ["::ffff:127.0.0.1"]], ids=str)
def test_loopback_for_trying_opens_no_way_to_anywhere_else(astray, rules, listener):
    leading = replace(rules, resolve=lambda *_, **__: [address_info((address, listener.port)) for address in astray])

    with dialled.watched() as addresses:
        answer = send(f"https://shop.example:{listener.port}/t", leading)

    assert (judged(answer), addresses) == (Verdict.BLOCKED, [])


def test_a_name_that_changes_its_mind_is_asked_once_and_only_what_was_checked_is_dialled(rules, listener):
    """Rebinding: the first answer may be dialled, each later one leads to where nothing may go."""
    first = threading.Event()

    def rebinding(*_, **__):
        if first.is_set():
            return [address_info(("10.0.0.5", listener.port))]
        first.set()
        return [address_info(("127.0.0.1", listener.port))]

    with dialled.watched() as addresses:
        answer = send(f"http://shop.example:{listener.port}/t", replace(rules, resolve=rebinding))

    assert (judged(answer), addresses) == (Verdict.DELIVERED, [("127.0.0.1", listener.port)])


def test_a_name_that_was_fine_yesterday_is_checked_again_today(strict, listener):
    leading = replace(strict, resolve=lambda *_, **__: [address_info(("192.168.1.5", listener.port))])
    registered = parse_link(f"https://shop.example:{listener.port}/t", ports=strict.ports)

    with dialled.watched() as addresses:
        answer = outbound.post(registered, BODY, key=KEY, gate=open_gate, rules=leading)

    assert (judged(answer), addresses) == (Verdict.BLOCKED, [])


def test_an_answer_that_leads_to_this_machine_is_not_followed(rules):
    with Receiver() as inside:

        def lead_inside(call):
            call.read_posting()
            call.answer(302, Location=inside.url())

        with Receiver(lead_inside) as receiver, dialled.watched() as addresses:
            answer = send(receiver.url(), rules)

    assert (judged(answer), addresses) == (Verdict.UNKNOWN, [("127.0.0.1", receiver.port)])
    assert inside.connections == 0
