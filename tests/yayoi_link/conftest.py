from dataclasses import replace

import pytest

from tests.yayoi_link.certificates import Authority
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
