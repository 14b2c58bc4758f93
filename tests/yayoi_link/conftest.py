from dataclasses import replace

import pytest

from closing.models import PaymentMethod
from closing.trading_day import close_day, open_day
from tests.yayoi_link import fates
from tests.yayoi_link.certificates import Authority
from tests.yayoi_link.shop import DAY
from yayoi_link.outbound import OutboundRules


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def rules(authority):
    return OutboundRules(deadline=20, connect_timeout=10, allow_loopback=True, ca_bundle=str(authority.bundle))


@pytest.fixture
def short(rules):
    """For what ends at the deadline anyway."""
    return replace(rules, deadline=1)


TOKEN = "TOKEN-that-nobody-may-see"
LINK = f"https://smart-import.example/link/{TOKEN}/1a2b"


@pytest.fixture
def linked(shop, shibuya, register):
    """渋谷店, connected to Yayoi."""
    shop.link(shibuya, LINK)
    return shibuya


@pytest.fixture
def delivery(shop, linked, state_dir):
    """The first closing of 渋谷店, waiting for the worker."""
    return shop.close(linked)


@pytest.fixture
def unknown_of_two_rows(shop, linked, state_dir):
    """渋谷店's day, sold at 10 % for cash and by card, whose answer was lost."""
    PaymentMethod.objects.create(company=shop.company, code="VISA", name="クレジット", kind="CREDIT")
    opened = open_day(linked, DAY, by=shop.by, today=DAY)
    shop.sell(linked, DAY, "1", 1100)
    shop.sell(linked, DAY, "2", 2200, method="VISA")
    sent = close_day(opened, counts=None, by=shop.by).deliveries.get()
    return fates.ten_minutes_later(fates.meet(sent, fates.CUT))


@pytest.fixture
def unknown(delivery):
    return fates.ten_minutes_later(fates.meet(delivery, fates.CUT))


@pytest.fixture
def at_till(client, shibuya):
    """Return a function that gives the client the session of an operator of 渋谷店's レジ業務."""

    def enter(operator):
        client.force_login(operator)
        session = client.session
        session["till_store"] = shibuya.pk
        session.save()
        return client

    return enter
