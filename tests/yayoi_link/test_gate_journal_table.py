"""The gate journal of several machines, a table in a second database, keeps the promises of the file."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections

from tests.yayoi_link.journal_database import use_journal_database
from tests.yayoi_link.receiver import Receiver
from tests.yayoi_link.shop import NEXT_DAY, state_of
from yayoi_link import gate_journal
from yayoi_link.delivery import claim, deliver, pass_gate
from yayoi_link.gate_journal import GateLine, JournalMissing
from yayoi_link.gate_journal_table import DATABASE
from yayoi_link.models import Delivery
from yayoi_link.outbound import GateRefused
from yayoi_link.receivers import create_gate_journal
from yayoi_link.restoring import SendingStopped, after_restore, sending_stopped_reason
from yayoi_link.states import HoldReason, State

LINE = GateLine(key="6f2d8a346d0a4b5e8d330c1f0b9d7a11", company="1000", store="0001", day="2026-04-01", generation=1, fence=1)
SECOND = replace(LINE, fence=2)
NOWHERE = "http://127.0.0.1:9/link/token"


def read():
    return list(gate_journal.lines_since_restore())


def drop_table():
    with connections[DATABASE].cursor() as cursor:
        cursor.execute("DROP TABLE gate_journal")


def cut_off(monkeypatch):
    """The database does not answer any more."""
    connections[DATABASE].close()
    monkeypatch.setitem(connections[DATABASE].settings_dict, "NAME", "/nowhere/gate-journal")


def test_what_was_appended_is_read_in_order(journal_table):
    gate_journal.append(LINE, SECOND)
    gate_journal.append(replace(LINE, fence=3))

    assert read() == list(gate_journal.newest_lines()) == [LINE, SECOND, replace(LINE, fence=3)]


def test_what_lies_before_the_last_restore_is_looked_after(journal_table):
    for line in [LINE, SECOND]:
        gate_journal.append(line)
        gate_journal.append_restored()
    gate_journal.append(replace(LINE, fence=3))

    assert read() == list(gate_journal.newest_lines()) == [replace(LINE, fence=3)]


def test_the_newest_lines_are_read_without_the_rest(journal_table):
    gate_journal.append(*(replace(LINE, fence=fence) for fence in range(2000)))

    assert [line.fence for line in gate_journal.newest_lines()] == list(range(1980, 2000))


def test_lines_of_many_threads_stay_whole(journal_table):
    def append(fence):
        use_journal_database()
        gate_journal.append(replace(LINE, fence=fence))
        connections[DATABASE].close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(append, range(40)))

    assert sorted(line.fence for line in read()) == list(range(40))


def test_a_missing_journal_is_never_made_by_appending(journal_database):
    with pytest.raises(JournalMissing):
        gate_journal.append(LINE)
    assert not gate_journal.exists()


def test_a_missing_journal_is_not_read_as_an_empty_one(journal_database):
    with pytest.raises(JournalMissing):
        read()


def test_nothing_is_sent_while_the_journal_is_missing(shop, journal_table):
    delivery = shop.close(shop.store(NOWHERE))
    claimed = claim(delivery.pk)
    drop_table()

    with pytest.raises(GateRefused):
        pass_gate(claimed)

    assert (state_of(delivery), sending_stopped_reason()) == (State.CLAIMED, SendingStopped.JOURNAL_MISSING)


def test_nothing_is_sent_while_the_database_of_the_journal_does_not_answer(shop, journal_table, monkeypatch):
    delivery = shop.close(shop.store(NOWHERE))
    claimed = claim(delivery.pk)
    cut_off(monkeypatch)

    with pytest.raises(GateRefused):
        pass_gate(claimed)

    assert (state_of(delivery), sending_stopped_reason()) == (State.CLAIMED, SendingStopped.JOURNAL_MISSING)


def test_the_line_is_written_even_if_the_gate_then_refuses(shop, journal_table):
    delivery = shop.close(shop.store(NOWHERE))
    claimed = claim(delivery.pk)
    shop.close_again(delivery)

    with pytest.raises(GateRefused):
        pass_gate(claimed)

    assert [(line.key, line.fence) for line in read()] == [(delivery.key.hex, claimed.fence)]
    assert sending_stopped_reason(thoroughly=True) is None


def test_the_first_migrate_makes_the_table(journal_database):
    call_command("migrate", verbosity=0)

    assert (gate_journal.exists(), sending_stopped_reason(thoroughly=True)) == (True, None)


def test_migrate_makes_no_table_where_deliveries_exist(shop, journal_database):
    shop.close(shop.store(NOWHERE))

    call_command("migrate", verbosity=0)

    assert (gate_journal.exists(), sending_stopped_reason()) == (False, SendingStopped.JOURNAL_MISSING)


def test_migrating_the_database_of_the_journal_makes_no_table_either(shop, journal_database):
    shop.close(shop.store(NOWHERE))

    create_gate_journal(apps.get_app_config("yayoi_link"), using=DATABASE)

    assert not gate_journal.exists()


def test_after_restore_makes_a_lost_table_anew(shop, journal_database):
    delivery = shop.close(shop.store(NOWHERE))

    assert after_restore() == 1

    assert (state_of(delivery), sending_stopped_reason(thoroughly=True)) == (State.UNKNOWN, None)


def test_fault_54_a_restored_backup_sends_nothing_on_any_machine(shop, workers, backup, journal_table, tmp_path):
    environment = {"GATE_JOURNAL_DATABASE_URL": journal_table, "STATE_DIR": str(tmp_path / "another machine")}
    with Receiver() as receiver:
        store = shop.store(receiver.url())
        delivery = shop.close(store)
        backup.make()
        deliver(delivery.pk)
        backup.restore()

        stopped = workers.start("--once", **environment)
        assert (stopped.exit_code(), state_of(delivery)) == (0, State.PENDING)
        call_command("after_restore", stdout=StringIO())
        tomorrow = shop.close(store, NEXT_DAY)
        assert workers.start("--once", **environment).exit_code() == 0

    assert "Nothing is sent: journal_ahead" in stopped.text
    assert (state_of(delivery), state_of(tomorrow)) == (State.UNKNOWN, State.DELIVERED)
    assert receiver.copies == {str(delivery.key): 1, str(tomorrow.key): 1}


def test_a_day_that_only_the_table_knows_is_held_when_it_is_closed_again(shop, backup, journal_table):
    store = shop.store(NOWHERE)
    backup.make()
    pass_gate(claim(shop.close(store).pk))
    backup.restore()
    after_restore()

    again = shop.close(store)

    assert (state_of(again), Delivery.objects.get().hold_reason) == (State.HELD, HoldReason.KNOWN_TO_JOURNAL)
