"""Where a request comes from. A proxy's word about it counts only when the proxy is one of ours."""

from ipaddress import ip_address, ip_network

from django.conf import settings


def client_address(request) -> str:
    """Return the address of the visitor's own machine, as far as TRUSTED_PROXIES can vouch for it."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return nearest_untrusted(request.META.get("REMOTE_ADDR", ""), forwarded, settings.TRUSTED_PROXIES)


def nearest_untrusted(peer: str, forwarded_for: str, trusted_proxies: list[str]) -> str:
    """Walk from the peer towards the visitor, and stop at the first address that is not a trusted proxy.

    Everything further left in X-Forwarded-For was written by whoever wanted to write it.
    """
    trusted = [ip_network(proxy, strict=False) for proxy in trusted_proxies]
    nearest = peer
    for hop in reversed([peer_or_hop.strip() for peer_or_hop in [*forwarded_for.split(","), peer]]):
        if not is_address(hop):
            return nearest
        nearest = hop
        if not any(ip_address(hop) in network for network in trusted):
            return nearest
    return nearest


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text
