"""The table of states, and the rows that obey it."""

import pytest

from tests.yayoi_link.shop import DAY, state_of
from yayoi_link.models import Delivery
from yayoi_link.states import (
    IN_FLIGHT,
    IS_THERE,
    MAY_BE_THERE,
    NEEDS_A_PERSON,
    NOT_SENT,
    REFUSED,
    RESEND_AFTER_NO,
    RESEND_DOUBLED,
    STEPS,
    Actor,
    HoldReason,
    State,
)

PEOPLE = {Actor.CLERK, Actor.MANAGER}
BY_ITSELF = [step for step in STEPS if not step.actors & PEOPLE]
SENDABLE = {State.PENDING, State.RETRY_WAIT, State.CLAIMED, State.SENDING}


def put(delivery, state):
    reason = HoldReason.LINK_OFF if state == State.HELD else ""
    Delivery.objects.filter(pk=delivery.pk).update(state=state, hold_reason=reason)


def reason_in(state):
    return {"hold_reason": HoldReason.LINK_OFF if state == State.HELD else ""}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_moves_a_delivery_from_its_sources_and_from_nowhere_else(delivery, step):
    moved = set()
    for state in State:
        put(delivery, state)
        taken = Delivery.objects.filter(pk=delivery.pk).take(step, **reason_in(step.target))
        moved |= {state} if taken else set()
        assert state_of(delivery) == (step.target if taken else state)

    assert moved == step.sources


def test_a_step_is_taken_on_columns_of_the_delivery_only(delivery):
    with pytest.raises(ValueError, match="its own table"):
        Delivery.objects.filter(day__date=DAY).take(NOT_SENT)


def test_every_state_can_be_reached():
    reached = {step.target for step in STEPS} | {State.PENDING, State.HELD, State.WAIVED}

    assert reached == set(State)


def test_only_the_receivers_own_refusal_and_a_try_that_wrote_nothing_lead_back_by_themselves():
    back = {step.name for step in BY_ITSELF if step.sources & (MAY_BE_THERE | IS_THERE) and step.target in SENDABLE}

    assert back == {NOT_SENT.name, REFUSED.name}


def test_what_is_or_was_ruled_to_be_at_yayoi_is_never_moved_by_itself():
    assert [step.name for step in BY_ITSELF if step.sources & {State.DELIVERED, State.SETTLED, State.WAIVED, State.SUPERSEDED}] == []


def test_whatever_needs_a_person_gives_a_person_something_to_do():
    offered = {state for step in STEPS if step.actors & PEOPLE for state in step.sources}

    assert offered | RESEND_AFTER_NO.sources | RESEND_DOUBLED.sources >= NEEDS_A_PERSON


def test_whatever_is_in_flight_ends_without_its_worker():
    assert {state for step in STEPS if Actor.REAPER in step.actors for state in step.sources} == IN_FLIGHT
