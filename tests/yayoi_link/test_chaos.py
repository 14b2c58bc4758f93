"""A short run of `manage.py benchmark chaos`, with real workers that are killed and frozen; and that its counting would notice."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys

import pytest
from django.db import connection

from closing.trading_day import close_day, open_day
from regi_admin.processes import CHECKOUT
from tests.yayoi_link.fates import CUT, deliver_it, meet
from tests.yayoi_link.shop import DAY
from yayoi_link import chaos_count
from yayoi_link.chaos_benchmark import WRONG
from yayoi_link.chaos_processes import SECRET
from yayoi_link.chaos_receiver import Note
from yayoi_link.models import Delivery, WorkerSighting
from yayoi_link.rulings import release
from yayoi_link.states import State

# The run makes a database of the configured kind.
pytestmark = pytest.mark.on_both_databases

FAULTS = 60


def test_nothing_is_lost_or_doubled_whatever_goes_wrong(tmp_path):
    command = [sys.executable, "manage.py", "benchmark", "chaos", "--faults", str(FAULTS), "--seed", "7", "--json"]
    # Of the portal beside which it runs: a line in there would stop its deliveries.
    journal = tmp_path / "gate-journal.sqlite3"
    environment = os.environ | {"GATE_JOURNAL_DATABASE_URL": f"sqlite:///{journal}", "OUTBOUND_ALLOW_LOOPBACK": "0"}

    run = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    found = json.loads(run.stdout)

    (survived,) = found["measurements"]
    assert {name: survived[name] for name in WRONG} == dict.fromkeys(WRONG, 0)
    assert (sum(survived["faults"].values()) >= FAULTS, survived["copies"] > 0) == (True, True)
    assert (found["database"], tables_in(journal)) == (connection.vendor, [])


def tables_in(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT name FROM sqlite_master").fetchall()


@pytest.fixture
def delivered(delivery):
    return deliver_it(delivery)


def kept(delivery, **changes):
    return Note(str(delivery.key), "acknowledged", **{"is_kept": True, "is_acknowledged": True} | changes)


def test_one_copy_of_what_was_acknowledged_is_as_it_should_be(delivered):
    notes = [kept(delivered)]

    assert (chaos_count.generations_doubled(notes), chaos_count.days_doubled(notes), chaos_count.falsely_delivered(notes)) == (0, 0, 0)
    assert chaos_count.lost() == 0


def test_a_second_copy_of_a_generation_is_counted(delivered):
    assert chaos_count.generations_doubled([kept(delivered), kept(delivered)]) == 1


@pytest.mark.parametrize(("copies", "wrong"), [(0, 1), (1, 0), (2, 1)])
def test_a_day_that_is_not_there_exactly_once_is_counted(delivered, copies, wrong):
    assert chaos_count.days_not_there_once([kept(delivered)] * copies) == wrong


def test_a_day_that_came_to_nothing_is_not_to_be_there(delivered):
    Delivery.objects.update(is_empty=True)

    assert [chaos_count.days_not_there_once([kept(delivered)] * copies) for copies in (0, 1)] == [0, 1]


def test_a_day_that_came_to_nothing_after_a_person_has_looked_may_be_there_or_not(shop, linked, state_dir):
    opened = open_day(linked, DAY, by=shop.by, today=DAY)
    sale = shop.sell(linked, DAY, "1")
    uncertain = meet(close_day(opened, counts=None, by=shop.by).deliveries.get(), CUT)
    shop.take_back(linked, sale)
    release(shop.close_again(uncertain), by=shop.by)

    assert [chaos_count.days_not_there_once([kept(uncertain)] * copies) for copies in (0, 1, 2)] == [0, 0, 1]


def test_a_second_revision_of_a_day_is_counted(shop, delivered):
    again = shop.close_again(delivered)

    assert chaos_count.days_doubled([kept(delivered), kept(again)]) == 1


@pytest.mark.parametrize("note", [{"is_acknowledged": False}, {"is_kept": False}], ids=["not acknowledged", "not kept"])
def test_a_false_delivered_is_counted(delivered, note):
    assert chaos_count.falsely_delivered([kept(delivered, **note)]) == 1


@pytest.mark.parametrize("changes", [{"is_current": False}, {"state": State.RETRY_WAIT}, {"state": State.SUPERSEDED}])
def test_a_day_that_nobody_looks_at_is_counted(delivered, changes):
    Delivery.objects.filter(pk=delivered.pk).update(**changes)

    assert chaos_count.lost() == 1


def test_what_waits_for_a_person_is_counted_by_state(delivered):
    Delivery.objects.filter(pk=delivered.pk).update(state=State.UNKNOWN)

    assert (chaos_count.unresolved(), chaos_count.lost()) == ({State.UNKNOWN: 1}, 0)


def test_a_secret_is_found_in_any_file_and_any_table(delivered, tmp_path):
    clean, log = tmp_path / "clean.log", tmp_path / "worker.log"
    clean.write_text("nothing")
    log.write_text(f"https://127.0.0.1/link/{SECRET}-1")
    assert chaos_count.secrets_leaked([clean]) == 0

    WorkerSighting.touch(SECRET)

    assert chaos_count.secrets_leaked([clean, log]) == 2
