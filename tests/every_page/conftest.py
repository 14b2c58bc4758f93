"""The demo companies in a running portal: their days, slips and deliveries are in every state that pages know."""

import subprocess
import sys

import pytest
from django.test import override_settings

from regi_admin.processes import CHECKOUT
from tests.running_portal import kept_database, running_portal
from tests.yayoi_link.worker_process import eventually
from yayoi_link import gate_journal
from yayoi_link.models import Delivery
from yayoi_link.states import IN_FLIGHT, State


@pytest.fixture(scope="package")
def transactional_db(django_db_setup, django_db_blocker):
    yield from kept_database(django_db_blocker)


@pytest.fixture(scope="package")
def portal(transactional_db, static_files, tmp_path_factory):
    directory = tmp_path_factory.mktemp("portal")
    with override_settings(STATE_DIR=directory / "state"):
        gate_journal.create_empty()
        with running_portal(directory) as portal:
            load = [sys.executable, "manage.py", "load_demo", "--verbosity", "0"]
            subprocess.run(load, cwd=CHECKOUT, env=portal.environment, check=True, capture_output=True)
            eventually(lambda: not Delivery.objects.filter(state__in={State.PENDING, *IN_FLIGHT}).exists())
            yield portal
