"""Which links may be dialled: one parser for the check and for the use, and our own table of denied addresses."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import idna

LINK_LENGTH = 2048
DEFAULT_PORTS = {"https": 443, "http": 80}
HTTPS_ONLY = frozenset({443})

# Python 3.13's ipaddress calls multicast, 64:ff9b::7f00:1, ::127.0.0.1 and 3fff::1 global: so the table is our own,
# after the special-purpose registries of IANA.
DENIED_IPV4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, metadata of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Only global unicast is allowed at all: that leaves out mapped, compatible, translated (NAT64), local and multicast ones.
GLOBAL_IPV6 = IPv6Network("2000::/3")
DENIED_IPV6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # 6bone
        "3fff::/20",  # documentation
    )
)

# Not is_loopback: from Python 3.13 on that follows ::ffff:127.0.0.1 too.
LOOPBACK = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))

LINK = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?]*)(?P<target>.*)", re.DOTALL)
AUTHORITY = re.compile(r"(?:\[(?P<literal>[^\[\]]*)\]|(?P<name>[^:\[\]]*))(?::(?P<port>.*))?")
TARGET = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*")
HOST_NAME = re.compile(r"(?=.{1,253}\Z)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)*(?!-)[a-z0-9-]{1,63}(?<!-)")
# A last label like this makes the resolver read the whole name as a number: 0x7f.1, 2130706433, 127.1.
NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")


class LinkProblem(StrEnum):
    """Why a text is no link that may be dialled."""

    EMPTY = "EMPTY"
    TOO_LONG = "TOO_LONG"
    BLANK = "BLANK"
    CONTROL_CHARACTER = "CONTROL_CHARACTER"
    BACKSLASH = "BACKSLASH"
    NOT_A_LINK = "NOT_A_LINK"
    SCHEME = "SCHEME"
    USER_INFO = "USER_INFO"
    FRAGMENT = "FRAGMENT"
    ZONE_ID = "ZONE_ID"
    HOST = "HOST"
    PORT = "PORT"
    PATH = "PATH"
    ADDRESS = "ADDRESS"


class BadLink(ValueError):
    """The link may not be dialled. Carries the reason as a code, never the text."""

    def __init__(self, code: LinkProblem):
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True, slots=True, repr=False)
class LinkURL:
    """A checked link. Whoever has it can write into the books: printing it shows the host only.

    `target` is path and query exactly as they go over the wire.
    """

    scheme: str
    host: str
    port: int
    target: str

    def __repr__(self) -> str:
        return f"LinkURL({self.origin}/…)"

    __str__ = __repr__

    @property
    def origin(self) -> str:
        """Scheme, host and port: what may be shown."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if DEFAULT_PORTS[self.scheme] == self.port else f":{self.port}")

    @property
    def last_four(self) -> str:
        """The end of the secret, by which a person recognises it."""
        return self.target[-4:]

    def reveal(self) -> str:
        """The whole link in its canonical spelling, for encrypting and hashing only."""
        return self.origin + self.target


def parse_link(text: str, *, ports: frozenset[int] = HTTPS_ONLY, allow_loopback: bool = False) -> LinkURL:
    """Read a link as pasted, or raise BadLink with the reason.

    With `allow_loopback`, http and other ports pass here; `check_addresses` refuses them unless all addresses are loopback.
    """
    _refuse_characters(text)
    parts = LINK.fullmatch(text)
    if not parts:
        raise BadLink(LinkProblem.NOT_A_LINK)
    scheme = parts["scheme"].lower()
    if scheme != "https" and not (allow_loopback and scheme == "http"):
        raise BadLink(LinkProblem.SCHEME)
    host, port = _read_authority(parts["authority"], DEFAULT_PORTS[scheme])
    if port not in ports and not allow_loopback:
        raise BadLink(LinkProblem.PORT)
    _refuse_denied_literal(host, allow_loopback)
    if not TARGET.fullmatch(parts["target"]):
        raise BadLink(LinkProblem.PATH)
    target = parts["target"] if parts["target"].startswith("/") else "/" + parts["target"]
    return LinkURL(scheme=scheme, host=host, port=port, target=target)


def check_addresses(link: LinkURL, addresses: Iterable[str], *, ports: frozenset[int], allow_loopback: bool) -> None:
    """Raise BadLink unless every address that the name has may be dialled. One denied address denies the name."""
    found = [ip_address(address) for address in addresses]
    if allow_loopback and all(is_loopback(address) for address in found):
        return
    if any(is_denied(address) for address in found):
        raise BadLink(LinkProblem.ADDRESS)
    if link.scheme != "https":
        raise BadLink(LinkProblem.SCHEME)
    if link.port not in ports:
        raise BadLink(LinkProblem.PORT)


def is_denied(address: IPv4Address | IPv6Address) -> bool:
    """Whether no posting may ever go there: everything that is not a plain public unicast address."""
    if isinstance(address, IPv4Address):
        return any(address in block for block in DENIED_IPV4)
    return address not in GLOBAL_IPV6 or any(address in block for block in DENIED_IPV6)


def is_loopback(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address is this machine's own, spelled plainly."""
    return any(address in block for block in LOOPBACK)


def _refuse_characters(text: str) -> None:
    problems = (
        (LinkProblem.EMPTY, not text),
        (LinkProblem.TOO_LONG, len(text) > LINK_LENGTH),
        (LinkProblem.BLANK, any(character.isspace() for character in text)),
        (LinkProblem.CONTROL_CHARACTER, not text.isprintable()),
        (LinkProblem.BACKSLASH, "\\" in text),
        (LinkProblem.FRAGMENT, "#" in text),
    )
    for problem, is_so in problems:
        if is_so:
            raise BadLink(problem)


def _read_authority(authority: str, default_port: int) -> tuple[str, int]:
    if "@" in authority:
        raise BadLink(LinkProblem.USER_INFO)
    if "%" in authority:
        raise BadLink(LinkProblem.ZONE_ID if "[" in authority else LinkProblem.HOST)
    parts = AUTHORITY.fullmatch(authority)
    if not parts:
        raise BadLink(LinkProblem.HOST)
    host = _read_name(parts["name"]) if parts["literal"] is None else _read_ipv6(parts["literal"])
    return host, default_port if parts["port"] is None else _read_port(parts["port"])


def _read_port(digits: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", digits) or not 0 < int(digits) < 65536:
        raise BadLink(LinkProblem.PORT)
    return int(digits)


def _read_ipv6(literal: str) -> str:
    address = _address_or_none(literal)
    if not isinstance(address, IPv6Address):
        raise BadLink(LinkProblem.HOST)
    return address.compressed


def _read_name(name: str) -> str:
    host = name.lower() if name.isascii() else _to_ascii(name).lower()
    if not HOST_NAME.fullmatch(host):
        raise BadLink(LinkProblem.HOST)
    if NUMERIC_LABEL.fullmatch(host.rpartition(".")[2]) and not _address_or_none(host):
        raise BadLink(LinkProblem.HOST)
    return host


def _to_ascii(name: str) -> str:
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except UnicodeError:
        raise BadLink(LinkProblem.HOST) from None


def _refuse_denied_literal(host: str, allow_loopback: bool) -> None:
    address = _address_or_none(host)
    if address and is_denied(address) and not (allow_loopback and is_loopback(address)):
        raise BadLink(LinkProblem.ADDRESS)


def _address_or_none(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
