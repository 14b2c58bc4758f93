import pytest

from stores.client_address import nearest_untrusted

PROXIES = ["10.0.0.0/8", "2001:db8::1"]


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "address"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "1.2.3.4, 198.51.100.1, 10.0.0.3", "198.51.100.1"),
        ("10.0.0.2", "forged, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "not-an-address", "10.0.0.2"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("2001:db8::1", "2001:db8:5::7", "2001:db8:5::7"),
        ("", "198.51.100.1", ""),
    ],
)
def test_only_our_own_proxies_are_believed(peer, forwarded_for, address):
    assert nearest_untrusted(peer, forwarded_for, PROXIES) == address


def test_without_proxies_nobody_says_where_another_comes_from():
    assert nearest_untrusted("203.0.113.9", "198.51.100.1", []) == "203.0.113.9"
