"""Several calls of one register at the same moment, each over a connection of its own."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from closing.models import CashMovement, Closing, KeptSlip, Slip
from tests.api.register import CallingRegister, movement, slip

CALLS = 4


@pytest.fixture
def at_once(transactional_db, till):
    """Return a function that lets several calls be made at once, and returns their answers."""
    start = Barrier(CALLS)

    def call(made):
        start.wait(timeout=30)
        try:
            return made(CallingRegister(Client(), till.token))
        finally:
            connection.close()

    def made_at_once(made):
        with ThreadPoolExecutor(CALLS) as callers:
            return [answer.result() for answer in [callers.submit(call, made) for _ in range(CALLS)]]

    return made_at_once


def test_the_same_batch_sent_several_times_at_once_is_booked_and_kept_once(at_once):
    batch = [*(slip(f"{number}") for number in range(20)), slip("bad", method="PAYQ"), slip("1", 2200)]

    answers = at_once(lambda register: register.statuses(*batch))

    per_slip = [sorted(Counter(statuses).items()) for statuses in zip(*answers, strict=True)]
    once = [("created", 1), ("unchanged", CALLS - 1)]
    assert per_slip == [once] * 20 + [[("invalid", CALLS)], [("conflict", CALLS)]]
    assert (Slip.objects.count(), KeptSlip.objects.count()) == (20, 2)


def test_a_movement_sent_several_times_at_once_is_booked_once(at_once):
    sent = movement()

    answers = at_once(lambda register: register.move(sent)[0]["status"])

    assert sorted(answers) == ["created"] + ["unchanged"] * (CALLS - 1)
    assert CashMovement.objects.count() == 1


def test_a_close_sent_several_times_at_once_closes_once(at_once, till):
    till.open()

    answers = at_once(lambda register: register.close().json())

    assert answers == [{"state": "closed", "revision": 1, "cash_difference": 0, "delivery": "waived"}] * CALLS
    assert Closing.objects.count() == 1


def test_of_counts_with_other_figures_at_once_one_stands(at_once, till):
    till.open()
    amounts = iter(range(30_000, 30_000 + CALLS))

    statuses = at_once(lambda register: register.close(actual_cash=next(amounts)).status_code)

    assert sorted(statuses) == [200] + [409] * (CALLS - 1)
    assert Closing.objects.count() == 1
