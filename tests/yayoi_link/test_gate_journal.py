from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from yayoi_link import gate_journal
from yayoi_link.gate_journal import GateLine, JournalMissing

LINE = GateLine(key="6f2d8a346d0a4b5e8d330c1f0b9d7a11", company="1000", store="0001", day="2026-04-01", generation=1, fence=1)
SECOND = replace(LINE, fence=2)


@pytest.fixture
def journal(state_dir):
    return state_dir / "gate-journal"


def read():
    return list(gate_journal.lines_since_restore())


def test_what_was_appended_is_read_in_order(journal):
    gate_journal.append(LINE)
    gate_journal.append(SECOND)

    assert read() == [LINE, SECOND]


def test_several_lines_are_written_at_once(journal):
    gate_journal.append(LINE, SECOND)

    assert read() == [LINE, SECOND]


def test_what_lies_before_the_last_restore_is_looked_after(journal):
    for line in [LINE, SECOND]:
        gate_journal.append(line)
        gate_journal.append_restored()
    gate_journal.append(replace(LINE, fence=3))

    assert read() == [replace(LINE, fence=3)]


@pytest.mark.parametrize("torn", [b'{"key": "6f2d8a', b"\0\0\0\0", b"\xff\xfe", b"12", b"restor"])
def test_the_torn_rest_of_a_line_swallows_no_other(journal, torn):
    gate_journal.append(LINE)
    with journal.open("ab") as file:
        file.write(torn)

    gate_journal.append(SECOND)

    assert read() == [LINE, SECOND]


def test_a_missing_journal_is_never_made_by_appending(journal):
    journal.unlink()

    with pytest.raises(JournalMissing):
        gate_journal.append(LINE)
    assert not journal.exists()


def test_a_missing_journal_is_not_read_as_an_empty_one(journal):
    journal.unlink()

    with pytest.raises(JournalMissing):
        read()


def test_fault_36_a_full_disk_is_no_line(journal):
    journal.unlink()
    journal.symlink_to("/dev/full")

    with pytest.raises(OSError, match="No space left"):
        gate_journal.append(LINE)


def test_the_newest_lines_are_read_without_the_rest(journal):
    for fence in range(2000):
        gate_journal.append(replace(LINE, fence=fence))

    newest = list(gate_journal.newest_lines())

    assert 15 < len(newest) < 40
    assert newest == read()[-len(newest) :]


def test_of_the_newest_lines_too_only_those_after_a_restore_count(journal):
    gate_journal.append(LINE)
    gate_journal.append_restored()
    gate_journal.append(SECOND)

    assert list(gate_journal.newest_lines()) == [SECOND]


def test_lines_of_many_threads_stay_whole(journal):
    lines = [replace(LINE, fence=fence) for fence in range(400)]

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(gate_journal.append, lines))

    assert sorted(line.fence for line in read()) == list(range(400))
