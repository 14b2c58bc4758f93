import pytest

from closing.models import BusinessDay, Closing
from closing.signals import Wish
from closing.trading_day import AlreadyClosed
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link.links import LinkEntry, register_links
from yayoi_link.models import Decision, Delivery
from yayoi_link.reclosing import close_again_knowingly
from yayoi_link.rulings import StateChanged
from yayoi_link.states import HoldReason, State


@pytest.fixture
def delivered(delivery):
    return fates.deliver_it(delivery)


def decide(delivery, by, **choice):
    day = BusinessDay.objects.get(pk=delivery.day_id)
    closing = close_again_knowingly(day, **{"seen_revision": 1, "seen_postings": {delivery.pk}, "wish": Wish.EVERYTHING, "by": by} | choice)
    return closing.deliveries.get()


def test_the_older_delivery_tells_what_was_chosen(delivered, shop):
    newer = decide(delivered, shop.by)

    kept = delivered.decisions.values_list("kind", "state_before", "rows_doubled", "successor").get()
    assert kept == (Decision.Kind.CLOSE_EVERYTHING, State.DELIVERED, 1, newer.pk)


def test_sending_nothing_doubles_nothing(delivered, shop):
    newer = decide(delivered, shop.by, wish=Wish.NOTHING)

    kept = delivered.decisions.values_list("kind", "rows_doubled").get()
    assert (newer.state, kept) == (State.WAIVED, (Decision.Kind.CLOSE_NOTHING, 0))


def test_what_left_after_the_warning_stops_the_close(delivery, shop):
    sent = fates.send_it(delivery)

    with pytest.raises(StateChanged):
        decide(sent, shop.by, seen_postings=set())

    assert (Closing.objects.count(), Delivery.objects.get().state) == (1, State.SENDING)


def test_of_two_who_close_again_one_succeeds(delivered, shop):
    decide(delivered, shop.by)

    with pytest.raises(AlreadyClosed):
        decide(delivered, shop.by)


@pytest.mark.parametrize(("confirmed", "expected"), [(True, (State.PENDING, "")), (False, (State.HELD, HoldReason.BEFORE_START))])
def test_a_day_before_the_start_is_sent_only_after_an_ok(delivery, shop, linked, confirmed, expected):
    assert delivery.day.date == DAY
    register_links([LinkEntry(linked, is_enabled=True, starts_on=NEXT_DAY)], by=shop.by)

    newer = decide(delivery, shop.by, seen_postings=set(), day_confirmed=confirmed)

    newer.refresh_from_db()
    assert (newer.state, newer.hold_reason) == expected
