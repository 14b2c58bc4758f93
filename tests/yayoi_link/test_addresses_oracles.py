"""Our table of denied addresses against those of two other projects: nothing that either of them denies is dialled."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from requests_hardened import ip_filter
from ssrfguard import DEFAULT_DENIED, Policy, SSRFGuardError

from tests.yayoi_link.test_addresses import DENIED, HOSTILE_LINKS, PUBLIC
from yayoi_link.addresses import DENIED_IPV4, DENIED_IPV6, GLOBAL_IPV6, BadLink, is_denied, parse_link

BLOCKS = [*DENIED_IPV4, *DENIED_IPV6, GLOBAL_IPV6, *(block.network for block in DEFAULT_DENIED.blocks), *ip_filter.EXTRA_BLOCKED_NET_RANGES]
# What we deny beyond both: old blocks that nobody should answer from, and addresses in another's clothes.
OURS_ALONE = {"::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "2620:4f:8000::1", "3ffe::1"}
# Paths and spellings that lead to no other host: refused here because they are somebody's mistake.
STRICTER_THAN_SSRFGUARD = {"TOO_LONG", "BLANK", "CONTROL_CHARACTER", "FRAGMENT", "SCHEME", "PORT", "PATH", "HOST"}


@pytest.fixture(autouse=True)
def quiet(caplog):
    """requests-hardened warns of each address that it denies."""
    caplog.set_level("ERROR", logger="requests_hardened.ip_filter")


def ssrfguard_denies(address):
    return not Policy().permits_address(address)


def requests_hardened_denies(address):
    try:
        ip_filter.filter_host(str(address), 443, allow_loopback=False)
    except ip_filter.InvalidIPAddress:
        return True
    return False


def beside(block):
    """The first and the last address of a block, and those just outside of it."""
    first, last = int(block.network_address), int(block.broadcast_address)
    return [number for number in (first - 1, first, last, last + 1) if 0 <= number < 2**block.max_prefixlen]


EDGES = sorted({type(block.network_address)(number) for block in BLOCKS for number in beside(block)}, key=lambda one: (one.version, one))
addresses = st.one_of(
    st.integers(0, 2**32 - 1).map(IPv4Address),
    st.integers(0, 2**128 - 1).map(IPv6Address),
    st.integers(2**125, 2**126 - 1).map(IPv6Address),
    st.sampled_from(BLOCKS).flatmap(lambda block: st.integers(int(block[0]), int(block[-1])).map(type(block.network_address))),
)


@pytest.mark.parametrize("address", EDGES, ids=str)
def test_at_the_edge_of_a_block_nothing_is_dialled_that_another_project_denies(address):
    assert is_denied(address) >= (ssrfguard_denies(address) or requests_hardened_denies(address))


@given(addresses)
@example(IPv6Address("64:ff9b::7f00:1"))
def test_no_address_is_dialled_that_another_project_denies(address):
    assert is_denied(address) >= (ssrfguard_denies(address) or requests_hardened_denies(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_denied_by_nobody(address):
    assert (ssrfguard_denies(address), requests_hardened_denies(address)) == (False, False)


def test_what_we_alone_deny_is_known():
    assert {each for each in DENIED if not (ssrfguard_denies(each) or requests_hardened_denies(each))} == OURS_ALONE


def test_what_we_alone_refuse_in_a_link_is_known():
    stricter = {problem.value for text, problem in HOSTILE_LINKS.items() if ssrfguard_allows(text)}

    assert ssrfguard_allows("https://host.example/t")
    assert stricter == STRICTER_THAN_SSRFGUARD


authorities = st.lists(
    st.sampled_from(
        ["host", "example", ".", "127", "0", "1", "0x7f", "2130706433", "8", "①", "。", "@", ":", "443", "[", "::1", "]", "%25", "ß"]
    )
).map("".join)


@given(authorities)
def test_no_link_is_read_that_another_project_refuses(authority):
    try:
        link = parse_link(f"https://{authority}/t")
    except BadLink:
        return

    assert ssrfguard_allows(link.reveal())


def ssrfguard_allows(text):
    try:
        Policy().check_url(text)
    except (SSRFGuardError, ValueError):
        return False
    return True


@given(addresses)
def test_an_address_is_judged_alike_as_a_value_and_as_a_link(address):
    host = f"[{address}]" if address.version == 6 else str(address)
    try:
        link = parse_link(f"https://{host}/t")
    except BadLink:
        link = None

    assert is_denied(address) == (link is None)
    assert link is None or ip_address(link.host) == address
