"""Who may do what to a delivery: the table of the states, as it reaches the buttons."""

from datetime import UTC, datetime, timedelta

import pytest

from stores.models import Role, Staff
from yayoi_link.actions import buttons_for, who_may_act
from yayoi_link.models import Delivery
from yayoi_link.rulings import CHECKED_FROM
from yayoi_link.states import HoldReason, State

NOW = datetime(2026, 4, 1, 13, 30, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=1)
BUTTONS_OF_A_MANAGER = [
    (State.HELD, None, ["release", "waive"]),
    (State.PENDING, None, ["waive"]),
    (State.CLAIMED, None, []),
    (State.SENDING, EARLIER, []),
    (State.RETRY_WAIT, None, ["resend", "waive"]),
    (State.RETRY_WAIT, EARLIER, ["resend", "waive"]),
    (State.EXHAUSTED, None, ["resend", "waive"]),
    (State.REJECTED, None, ["resend", "waive"]),
    (State.REJECTED, EARLIER, ["resend_after_no", "waive"]),
    (State.DELIVERED, EARLIER, ["resend_doubled"]),
    (State.UNVERIFIED, EARLIER, ["settle", "resend_doubled"]),
    (State.UNKNOWN, EARLIER, ["settle", "resend_doubled"]),
    (State.SETTLED, EARLIER, ["resend_doubled"]),
    (State.WAIVED, None, []),
    (State.SUPERSEDED, None, []),
]


def delivery_in(state, gate_at=None, **fields):
    return Delivery(state=state, gate_at=gate_at, is_current=True, **fields)


def names_for(role, delivery):
    return [button.name for button in buttons_for(delivery, Staff(role=role), now=NOW)]


@pytest.mark.parametrize("role", [Role.COMPANY_ADMIN, Role.STORE_MANAGER])
@pytest.mark.parametrize(("state", "gate_at", "names"), BUTTONS_OF_A_MANAGER)
def test_a_manager_has_the_buttons_of_the_state(state, gate_at, names, role):
    assert names_for(role, delivery_in(state, gate_at)) == names


@pytest.mark.parametrize(("state", "gate_at", "names"), BUTTONS_OF_A_MANAGER)
def test_a_clerk_resends_what_never_left_and_nothing_else(state, gate_at, names):
    assert names_for(Role.CLERK, delivery_in(state, gate_at)) == [name for name in names if name == "resend"]


@pytest.mark.parametrize(("state", "gate_at", "names"), BUTTONS_OF_A_MANAGER)
def test_an_accountant_only_reads(state, gate_at, names):
    assert names_for(Role.ACCOUNTANT, delivery_in(state, gate_at)) == []


@pytest.mark.parametrize(
    ("role", "names"), [(Role.STORE_MANAGER, ["send_now", "waive"]), (Role.CLERK, ["send_now"]), (Role.ACCOUNTANT, [])]
)
def test_whoever_may_send_what_never_left_need_not_wait_for_the_end_of_the_grace(role, names):
    assert names_for(role, delivery_in(State.PENDING, due_at=NOW + CHECKED_FROM)) == names


def test_what_was_replaced_has_no_buttons():
    replaced = delivery_in(State.DELIVERED, EARLIER)
    replaced.is_current = False

    assert names_for(Role.COMPANY_ADMIN, replaced) == []


def test_looking_in_yayoi_is_offered_with_the_time_from_which_it_counts():
    settle, _doubled = buttons_for(delivery_in(State.UNKNOWN, NOW), Staff(role=Role.STORE_MANAGER), now=NOW)

    assert settle.not_before == NOW + CHECKED_FROM


def test_a_decision_is_asked_for_in_its_own_words():
    held = delivery_in(State.HELD, hold_reason=HoldReason.AWAITING_DECISION)

    assert [str(button.label) for button in buttons_for(held, Staff(role=Role.STORE_MANAGER), now=NOW)] == [
        "全件を送る",
        "差分を送る",
        "送らない",
    ]


@pytest.mark.parametrize(
    ("state", "roles"), [(State.EXHAUSTED, "企業管理者、店長、スタッフ"), (State.UNKNOWN, "企業管理者、店長"), (State.WAIVED, "")]
)
def test_it_is_said_who_can_do_what_is_to_be_done(state, roles):
    assert who_may_act(delivery_in(state)) == roles
