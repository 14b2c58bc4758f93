"""Tries that nothing points to any more, because their delivery was taken away and their worker died, get their verdict too."""

from datetime import timedelta

import pytest

from tests.yayoi_link.fates import NO_NAME
from tests.yayoi_link.shop import outcomes_of, state_of
from yayoi_link.delivery import claim, pass_gate
from yayoi_link.reaper import ForgottenTries
from yayoi_link.recording import record
from yayoi_link.restoring import after_restore
from yayoi_link.states import State


@pytest.fixture
def later(settings):
    """Every try is older than its lease."""
    settings.DELIVERY_LEASE = timedelta()


@pytest.mark.parametrize(
    "take_away", [lambda shop, delivery: shop.close_again(delivery), lambda shop, delivery: shop.switch_off(delivery.day.store)]
)
def test_a_try_whose_delivery_was_taken_away_was_not_sent(shop, delivery, later, take_away):
    claim(delivery.pk)
    take_away(shop, delivery)

    assert ForgottenTries().rule() == 1

    assert outcomes_of(delivery) == [("reaper", "NOT_SENT", "WORKER_GONE")]


def test_a_try_is_ruled_on_once(shop, delivery, later):
    forgotten = ForgottenTries()
    claim(delivery.pk)
    shop.close_again(delivery)

    assert [forgotten.rule(), forgotten.rule(), ForgottenTries().rule()] == [1, 0, 0]


def test_a_try_whose_worker_may_still_be_alive_is_left_alone(shop, delivery):
    claim(delivery.pk)
    shop.close_again(delivery)

    assert ForgottenTries().rule() == 0


def test_a_try_that_the_reaper_of_leases_will_rule_on_is_left_to_it(delivery, later):
    claim(delivery.pk)

    assert (ForgottenTries().rule(), state_of(delivery)) == (0, State.CLAIMED)


def test_a_worker_that_comes_back_after_all_says_so_late(shop, delivery, later):
    claimed = claim(delivery.pk)
    shop.close_again(delivery)
    ForgottenTries().rule()

    record(claimed, NO_NAME)

    assert outcomes_of(delivery) == [("reaper", "NOT_SENT", "WORKER_GONE"), ("late", "NOT_SENT", "NAME_NOT_FOUND")]


@pytest.mark.django_db(transaction=True)
def test_what_came_of_a_try_of_before_a_restored_backup_is_unknown(delivery):
    pass_gate(claim(delivery.pk))

    after_restore()

    assert (state_of(delivery), outcomes_of(delivery)) == (State.UNKNOWN, [("reaper", "UNKNOWN", "WORKER_GONE")])
