import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

REQUIRED = ["SECRET_KEY", "LINK_KEYS", "LINK_HASH_KEY"]
PRODUCTION = {"DEBUG": "0", "ALLOWED_HOSTS": "regi.example", "OUTBOUND_ALLOW_LOOPBACK": "0"} | dict.fromkeys(REQUIRED, "set")


def start_with(**environment):
    """The last line that a start of the portal in production writes, empty when it starts."""
    command = [sys.executable, "-c", "import django; django.setup()"]
    started = subprocess.run(command, cwd=settings.BASE_DIR, env=os.environ | PRODUCTION | environment, capture_output=True, text=True)
    return started.stderr.strip().rpartition("\n")[2]


def test_production_starts_with_its_secrets():
    assert start_with() == ""


@pytest.mark.parametrize("name", REQUIRED)
def test_production_names_the_secret_that_it_lacks(name):
    assert f"{name} is not set" in start_with(**{name: ""})


def test_production_reaches_this_machine_only_when_it_serves_this_machine_only():
    assert "OUTBOUND_ALLOW_LOOPBACK" in start_with(OUTBOUND_ALLOW_LOOPBACK="1")


def test_the_gate_journal_does_not_lie_in_the_portals_own_database():
    own = "postgresql://regi:secret@database.example/regi"

    assert start_with(DATABASE_URL=own, GATE_JOURNAL_DATABASE_URL="postgresql://regi:secret@database.example/gate_journal") == ""
    assert "GATE_JOURNAL_DATABASE_URL is the portal's own database" in start_with(DATABASE_URL=own, GATE_JOURNAL_DATABASE_URL=own)


def test_every_setting_is_listed_for_who_installs_the_portal():
    modules = ["regi_admin/settings.py", "yayoi_link/sandbox/settings.py"]
    source = "".join((settings.BASE_DIR / module).read_text(encoding="utf-8") for module in modules)
    example = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")

    reads = set(re.findall(r"(?:env\.\w+|required_in_production)\(\"([A-Z_]+)\"", source))
    listed = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))

    assert reads == listed
