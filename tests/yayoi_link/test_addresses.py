from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yayoi_link.addresses import BadLink, LinkProblem, LinkURL, check_addresses, is_denied, parse_link

TOKEN = "s3cr3t-t0k3n-abcd"
HOSTILE_LINKS = {
    "": LinkProblem.EMPTY,
    "https://host.example/" + "a" * 2030: LinkProblem.TOO_LONG,
    " https://host.example/t": LinkProblem.BLANK,
    "https://host.example/t oken": LinkProblem.BLANK,
    "https://host.example/t\u3000": LinkProblem.BLANK,
    "https://host.example/\r\nHost: other": LinkProblem.BLANK,
    "https://host.example/\x00": LinkProblem.CONTROL_CHARACTER,
    "https://host.example/\u200b": LinkProblem.CONTROL_CHARACTER,
    "https://host.example/\ud800": LinkProblem.CONTROL_CHARACTER,
    "https:\\\\host.example\\t": LinkProblem.BACKSLASH,
    "https://host.example\\@other.example/": LinkProblem.BACKSLASH,
    "https://host.example/#t": LinkProblem.FRAGMENT,
    "host.example/t": LinkProblem.NOT_A_LINK,
    "//host.example/t": LinkProblem.NOT_A_LINK,
    "https:host.example/t": LinkProblem.NOT_A_LINK,
    "https:/host.example/t": LinkProblem.NOT_A_LINK,
    "javascript:alert(1)": LinkProblem.NOT_A_LINK,
    "http://host.example/t": LinkProblem.SCHEME,
    "file:///etc/passwd": LinkProblem.SCHEME,
    "gopher://host.example/t": LinkProblem.SCHEME,
    "https://user@host.example/t": LinkProblem.USER_INFO,
    "https://user:password@host.example/t": LinkProblem.USER_INFO,
    "https://host.example@127.0.0.1/t": LinkProblem.USER_INFO,
    "https://[fe80::1%25eth0]/t": LinkProblem.ZONE_ID,
    "https://[2606:4700::1%eth0]/t": LinkProblem.ZONE_ID,
    "https:///t": LinkProblem.HOST,
    "https://ho%73t.example/t": LinkProblem.HOST,
    "https://host..example/t": LinkProblem.HOST,
    "https://-host.example/t": LinkProblem.HOST,
    "https://host.example./t": LinkProblem.HOST,
    "https://[host.example]/t": LinkProblem.HOST,
    "https://[127.0.0.1]/t": LinkProblem.HOST,
    "https://2606:4700::1/t": LinkProblem.HOST,
    "https://2130706433/t": LinkProblem.HOST,
    "https://0x7f000001/t": LinkProblem.HOST,
    "https://0x7f.1/t": LinkProblem.HOST,
    "https://0177.0.0.1/t": LinkProblem.HOST,
    "https://127.1/t": LinkProblem.HOST,
    "https://1.2.3.4.5/t": LinkProblem.HOST,
    "https://" + "a" * 64 + ".example/t": LinkProblem.HOST,
    "https://ー-.例え/t": LinkProblem.HOST,
    "https://host.example:/t": LinkProblem.PORT,
    "https://host.example:0/t": LinkProblem.PORT,
    "https://host.example:22/t": LinkProblem.PORT,
    "https://host.example:65979/t": LinkProblem.PORT,
    "https://host.example:443:443/t": LinkProblem.PORT,
    "https://host.example:４４３/t": LinkProblem.PORT,
    "https://host.example:-443/t": LinkProblem.PORT,
    "https://host.example/トークン": LinkProblem.PATH,
    "https://host.example/%zz": LinkProblem.PATH,
    'https://host.example/"t"': LinkProblem.PATH,
    "https://host.example/<t>": LinkProblem.PATH,
    "https://127.0.0.1/t": LinkProblem.ADDRESS,
    "https://１２７.０.０.１/t": LinkProblem.ADDRESS,
    "https://127。0。0。1/t": LinkProblem.ADDRESS,
    "https://10.0.0.1/t": LinkProblem.ADDRESS,
    "https://169.254.169.254/latest": LinkProblem.ADDRESS,
    "https://[::1]/t": LinkProblem.ADDRESS,
    "https://[::ffff:127.0.0.1]/t": LinkProblem.ADDRESS,
    "https://[64:ff9b::7f00:1]/t": LinkProblem.ADDRESS,
}
DENIED = [
    "0.0.0.0",  # noqa: S104 (not bound to)
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2620:4f:8000::1",
    "3ffe::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "172.32.0.1",
    "192.0.1.1",
    "2001:4860:4860::8888",
    "2606:4700::1111",
    "2400:cb00::1",
    "2a00:1450::1",
]


@pytest.mark.parametrize(("text", "problem"), HOSTILE_LINKS.items())
def test_a_hostile_link_is_refused_with_its_reason(text, problem):
    with pytest.raises(BadLink) as refusal:
        parse_link(text)

    assert refusal.value.code == problem


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://host.example/l/t", LinkURL("https", "host.example", 443, "/l/t")),
        ("HTTPS://Host.Example:443/L/T", LinkURL("https", "host.example", 443, "/L/T")),
        ("https://host.example", LinkURL("https", "host.example", 443, "/")),
        ("https://host.example?t=%2F..//x", LinkURL("https", "host.example", 443, "/?t=%2F..//x")),
        ("https://host.example/../t//", LinkURL("https", "host.example", 443, "/../t//")),
        ("https://弥生.example/t", LinkURL("https", "xn--j1t220c.example", 443, "/t")),
        ("https://8.8.8.8/t", LinkURL("https", "8.8.8.8", 443, "/t")),
        ("https://[2606:4700:0:0::1111]/t", LinkURL("https", "2606:4700::1111", 443, "/t")),
    ],
)
def test_a_proper_link_is_taken_apart_and_its_path_kept_byte_for_byte(text, link):
    assert parse_link(text) == link


@pytest.mark.parametrize("text", ["https://host.example/l/t?a=b", "https://[2606:4700::1111]/t", "https://xn--j1t220c.example/"])
def test_a_canonical_link_reads_back_as_itself(text):
    assert parse_link(text).reveal() == text


def test_another_port_is_allowed_by_setting_only():
    ports = frozenset({443, 8443})

    assert parse_link("https://host.example:8443/t", ports=ports).reveal() == "https://host.example:8443/t"
    with pytest.raises(BadLink):
        parse_link("https://host.example:8444/t", ports=ports)


def test_printing_a_link_shows_its_host_only():
    link = parse_link(f"https://host.example/{TOKEN}?key={TOKEN}")

    assert [repr(link), str(link), f"{link}", f"{link!r:>40}".strip()] == ["LinkURL(https://host.example/…)"] * 4
    assert (link.host, link.last_four) == ("host.example", "abcd")


def test_a_refused_link_is_not_named_in_the_refusal():
    with pytest.raises(BadLink) as refusal:
        parse_link(f"https://ー-.例え/{TOKEN}")

    assert TOKEN not in repr(refusal.value) + str(refusal.value) + repr(vars(refusal.value))
    assert (refusal.value.__cause__, refusal.value.__suppress_context__) == (None, True)


@pytest.mark.parametrize("address", DENIED)
def test_no_special_address_is_dialled(address):
    assert is_denied(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_dialled(address):
    assert not is_denied(ip_address(address))


def problem_of(text, addresses, *, allow_loopback, ports=frozenset({443})):
    try:
        check_addresses(parse_link(text, allow_loopback=True), addresses, ports=ports, allow_loopback=allow_loopback)
    except BadLink as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize(
    ("text", "addresses", "allow_loopback", "problem"),
    [
        ("https://host.example/", ["8.8.8.8", "2606:4700::1"], False, None),
        ("https://host.example/", ["8.8.8.8", "10.0.0.1"], False, LinkProblem.ADDRESS),
        ("https://host.example/", ["127.0.0.1"], False, LinkProblem.ADDRESS),
        ("http://host.example:9000/", ["127.0.0.1", "::1"], True, None),
        ("http://host.example/", ["127.0.0.1", "8.8.8.8"], True, LinkProblem.ADDRESS),
        ("https://host.example/", ["::ffff:127.0.0.1"], True, LinkProblem.ADDRESS),
        ("http://host.example/", ["8.8.8.8"], True, LinkProblem.SCHEME),
        ("https://host.example:9000/", ["8.8.8.8"], True, LinkProblem.PORT),
    ],
)
def test_one_denied_address_denies_the_name_and_only_loopback_may_do_without_tls(text, addresses, allow_loopback, problem):
    assert problem_of(text, addresses, allow_loopback=allow_loopback) == problem


pieces = st.sampled_from(
    ["https", "://", "host.example", "@", ":", "443", "[", "::1", "]", "%", "/", "?", "#", ".", "xn--", "ß", "。", "0x7f"]
)


@given(st.text() | st.text().map("https://".__add__) | st.lists(pieces).map("".join), st.booleans())
def test_any_text_is_a_link_that_reads_back_or_is_refused(text, allow_loopback):
    try:
        link = parse_link(text, allow_loopback=allow_loopback)
    except BadLink:
        return

    assert parse_link(link.reveal(), allow_loopback=allow_loopback) == link
