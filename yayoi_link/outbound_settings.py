from django.conf import settings

from yayoi_link.dialling import OutboundRules


def outbound_rules() -> OutboundRules:
    """Return what the settings allow a delivery to do."""
    return OutboundRules(
        deadline=settings.DELIVERY_DEADLINE.total_seconds(),
        ports=frozenset(settings.OUTBOUND_PORTS),
        allow_loopback=settings.OUTBOUND_ALLOW_LOOPBACK,
        ca_bundle=settings.OUTBOUND_CA_BUNDLE,
    )
