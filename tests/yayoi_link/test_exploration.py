"""Every way two workers, the reaper, time, crashes, two revisions, a link and people can meet: none of them breaks a promise."""

import pytest

from tests.yayoi_link.exploration.protections import Protection, Rules
from tests.yayoi_link.exploration.search import PromiseBroken, explore
from tests.yayoi_link.exploration.taken_out import (
    HELD_MORE_THAN_ONCE,
    NEVER_ALONE_NEEDED,
    PROTECTIONS,
    TAKEN_OUT,
)
from tests.yayoi_link.exploration.world import Human
from yayoi_link.states import STEPS, Actor

ALWAYS = {Human.CLOSE_AGAIN, Human.CHANGE_LINK, Human.SWITCH_OFF}
MEANWHILE = sorted(set(Human) - ALWAYS)
# What a copy of the database does after it was restored is drilled with real backups.
EXPLORED = [step for step in STEPS if step.actors != {Actor.RESTORE}]


@pytest.fixture(scope="module")
def explorations():
    """With a newer revision, a changed link, a link switched off, and one thing more that people do."""
    return {human: explore(humans=frozenset(ALWAYS | {human})) for human in MEANWHILE}


@pytest.mark.parametrize("human", MEANWHILE)
def test_no_promise_is_broken_whatever_meets(explorations, human):
    assert explorations[human].worlds > 1000


def test_nor_when_people_resend_look_and_release_one_after_the_other():
    humans = {Human.CLOSE_AGAIN, Human.RESEND, Human.SETTLE_NOT_FOUND, Human.RELEASE}

    assert explore(humans=frozenset(humans)).worlds > 10_000


def test_every_step_of_the_table_was_taken_from_each_of_its_sources(explorations):
    taken = set().union(*(explored.changes for explored in explorations.values()))

    untaken = [(step.name, source) for step in EXPLORED for source in step.sources if (source, step.target) not in taken]

    assert untaken == []


@pytest.mark.parametrize("taken_out", TAKEN_OUT, ids=lambda taken_out: taken_out.what)
def test_without_this_a_promise_is_broken_and_the_shortest_way_there_is_told(taken_out):
    with pytest.raises(PromiseBroken) as broken:
        explore(taken_out.rules, humans=taken_out.humans)

    assert broken.value.promise == taken_out.breaks
    assert str(broken.value).splitlines() == [taken_out.breaks, *broken.value.way]


@pytest.mark.parametrize("taken_out", HELD_MORE_THAN_ONCE, ids=lambda taken_out: taken_out.what)
def test_what_is_held_more_than_once_stands_when_one_of_it_is_lost(taken_out):
    for lost in taken_out.rules.without:
        assert explore(Rules(without=frozenset({lost})), humans=taken_out.humans).worlds > 100


def test_every_protection_is_needed_or_known_to_repeat_another():
    needed = set().union(*(taken_out.rules.without for taken_out in (*PROTECTIONS, *HELD_MORE_THAN_ONCE)))

    assert needed | NEVER_ALONE_NEEDED == set(Protection)


def test_safety_rests_on_no_clock():
    """Leases that end too early and gates that do not ask for them cost an answer, never a second copy."""
    humans = frozenset({Human.CLOSE_AGAIN, Human.CHANGE_LINK, Human.SETTLE_NOT_FOUND})

    assert explore(Rules(without=NEVER_ALONE_NEEDED), humans=humans).worlds > 1000
