"""What each answer of the sandbox comes to, through a real worker: the headings of its page are promises."""

import contextlib
import sqlite3

import pytest

from tests.yayoi_link.shop import outcomes_of, state_of
from tests.yayoi_link.worker_process import eventually
from yayoi_link.models import Delivery
from yayoi_link.sandbox.manners import BOOKS_FIRST, Manner, manners_by_outcome
from yayoi_link.states import State
from yayoi_link.verdicts import Verdict

# Silence and drips last until the deadline.
IMPATIENT = {"DELIVERY_DEADLINE_SECONDS": "10", "DELIVERY_LEASE_SECONDS": "120"}
OUTCOMES = {
    "連携済になる応答": (State.DELIVERED, {Verdict.DELIVERED}),
    "応答未確認になる応答": (State.UNVERIFIED, {Verdict.UNVERIFIED}),
    "再送待ちになる応答": (State.RETRY_WAIT, {Verdict.REFUSED}),
    "連携エラーになる応答": (State.REJECTED, {Verdict.MOVED, Verdict.REJECTED}),
    "結果不明になる応答": (State.UNKNOWN, {Verdict.UNKNOWN}),
}
NOT_SENT_CANNOT_BE_CHOSEN = "つながらない、名前が見つからないといった失敗は"


def close_one_store_each(shop, bookkeeper):
    """A store for each manner, each with a link that answers in it, and a day of it closed."""
    closed = {}
    for manner in Manner:
        link = bookkeeper.issue_link(manner.value)
        link.answer_with(manner.value)
        closed[manner] = shop.close(shop.store(link.address))
    return closed


def books_of(sandbox):
    """How many rows each manner has booked."""
    query = """SELECT sandbox_posting.manner, COUNT(sandbox_transaction.id) FROM sandbox_posting
        LEFT JOIN sandbox_transaction ON sandbox_transaction.posting_id = sandbox_posting.id GROUP BY 1"""
    with contextlib.closing(sqlite3.connect(sandbox.database)) as connection:
        return dict(connection.execute(query))


def what_came_of(delivery):
    (_source, verdict, _error) = outcomes_of(delivery)[0]
    return state_of(delivery), verdict


def test_each_answer_comes_to_what_its_heading_says(shop, bookkeeper, sandbox, workers):
    before = books_of(sandbox)
    closed = close_one_store_each(shop, bookkeeper)
    workers.start(**IMPATIENT)
    eventually(lambda: not Delivery.objects.filter(attempts=None).exists() and not Delivery.objects.in_flight().exists())

    came_to = {manner: what_came_of(delivery) for manner, delivery in closed.items()}
    booked = {manner for manner, rows in books_of(sandbox).items() if rows > before.get(manner, 0)}

    for heading, choices in manners_by_outcome():
        state, verdicts = OUTCOMES[heading]
        assert {(came_to[manner][0], came_to[manner][1] in verdicts) for manner, _label in choices} == {(state, True)}, heading
    assert booked == BOOKS_FIRST


def test_every_manner_is_on_the_page_under_one_heading():
    listed = [manner for _heading, choices in manners_by_outcome() for manner, _label in choices]

    assert sorted(listed) == sorted(Manner)


def test_every_status_that_says_no_can_be_chosen():
    rejected = {"400", "401", "403", "404", "405", "410", "411", "413", "414", "415", "422", "431", "501"}

    assert rejected | {"301", "307", "308"} == {manner for manner, _label in dict(manners_by_outcome())["連携エラーになる応答"]}


@pytest.mark.parametrize("heading", OUTCOMES)
def test_the_page_groups_the_answers_by_what_comes_of_them(link, heading):
    page = link.owner.get(f"/links/{link.pk}/answers/").text

    assert f'<optgroup label="{heading}">' in page


def test_the_page_says_which_failures_cannot_be_chosen(link):
    assert NOT_SENT_CANNOT_BE_CHOSEN in link.owner.get(f"/links/{link.pk}/answers/").text
