from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client


@pytest.fixture
def client_elsewhere():
    """A second browser, somewhere else."""
    return Client()


@pytest.fixture
def moment():
    return datetime(2026, 4, 1, 23, 40, tzinfo=ZoneInfo("Asia/Tokyo"))
