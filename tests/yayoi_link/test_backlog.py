"""What a worker takes up next, beside what it has in hand."""

from datetime import timedelta

import pytest

from tests.yayoi_link.shop import DAY
from yayoi_link.backlog import Backlog, Due, Room
from yayoi_link.claiming import claim
from yayoi_link.models import Delivery

FRESH, RETRY, BULK = Delivery.Priority

pytestmark = pytest.mark.django_db


@pytest.fixture
def close(shop):
    """Close a day over a link of its own, or over one that others have too."""

    def close(token, priority=FRESH, *, days_later=0):
        place = shop.store(f"http://127.0.0.1:9/link/{token}")
        delivery = shop.close(place, DAY + timedelta(days=days_later))
        Delivery.objects.filter(pk=delivery.pk).update(priority=priority)
        return delivery

    return close


def chosen(backlog, in_hand=()):
    return [due.delivery_id for due in backlog.choose(in_hand)]


def busy(count, *, is_fresh):
    priority = FRESH if is_fresh else RETRY
    return [Due(-number, f"elsewhere {number}", priority, "elsewhere.example", DAY) for number in range(count)]


def test_closes_come_before_retries_and_retries_before_bulk_and_in_each_the_oldest_day(close):
    bulk, retry, newer, older = close("1", BULK), close("2", RETRY), close("3", days_later=1), close("4")

    assert chosen(Backlog(64)) == [older.pk, newer.pk, retry.pk, bulk.pk]


def test_no_more_is_taken_up_than_there_are_threads_for(close):
    first, _second = close("1"), close("2")

    assert chosen(Backlog(4), busy(3, is_fresh=True)) == [first.pk]


@pytest.mark.parametrize("priority", [RETRY, BULK])
def test_what_is_no_close_takes_at_most_half_of_the_threads(close, priority):
    first, _second = close("1", priority), close("2", priority)

    assert chosen(Backlog(4), busy(1, is_fresh=False)) == [first.pk]


def links_of(host, count):
    return [Due(number, f"{host} {number}", FRESH, host, DAY) for number in range(count)]


def taken_one_after_the_other(threads, *hosts):
    """How many threads each of the hosts takes that all have more links than there are threads, and none of which answers."""
    in_hand = []
    for host in hosts:
        room = Room(threads, in_hand)
        in_hand += [due for due in links_of(host, 200) if room.take(due)]
    return [sum(due.host == host for due in in_hand) for host in hosts]


@pytest.mark.parametrize(("threads", "taken"), [(64, [64, 12, 3, 1, 0]), (4, [4, 1, 0, 0, 0]), (1, [1, 1, 0, 0, 0])])
def test_one_host_takes_its_share_and_those_that_follow_what_is_left(threads, taken):
    assert taken_one_after_the_other(threads, "a", "b", "c", "d", "e") == taken


def test_a_close_over_another_host_is_found_behind_any_number_of_links_of_a_host_that_is_full(close, shop):
    for number in range(10):
        close(str(number))
    other = shop.close(shop.store("http://localhost:9/link/other"), DAY + timedelta(days=1))
    backlog = Backlog(1)
    in_hand = backlog.choose([])

    backlog.looked_at = 0  # long ago
    assert ([due.host for due in in_hand], chosen(backlog, in_hand)) == (["127.0.0.1"], [other.pk])


def test_with_one_thread_a_retry_is_sent_too(close):
    retry = close("1", RETRY)

    assert chosen(Backlog(1)) == [retry.pk]


def test_over_one_link_one_delivery_is_taken_up_and_the_next_when_it_is_free(close):
    first, second = close("1"), close("1", days_later=1)
    backlog = Backlog(64)
    in_hand = backlog.choose([])
    assert [due.delivery_id for due in in_hand] == [first.pk]

    assert chosen(backlog, in_hand) == []

    Delivery.objects.filter(pk=first.pk).update(is_current=False)
    assert chosen(backlog) == [second.pk]


def test_what_was_found_and_not_taken_up_is_taken_up_next(close):
    first, second = close("1"), close("2")
    backlog = Backlog(1)

    assert [chosen(backlog), chosen(backlog)] == [[first.pk], [second.pk]]


def test_a_close_is_taken_up_before_retries_that_were_found_long_before(close):
    _retry, other_retry = close("1", RETRY), close("2", RETRY)
    backlog = Backlog(1)
    backlog.choose([])
    backlog.serves_for = 60  # as after a look that took long
    backlog.looked_for_new_at = 0
    fresh = close("3")

    assert [chosen(backlog), chosen(backlog)] == [[fresh.pk], [other_retry.pk]]


def test_the_next_of_a_link_is_found_while_one_is_in_hand_over_it(close):
    first, second = close("1"), close("1", days_later=1)
    backlog = Backlog(64)
    in_hand = backlog.choose([])
    claim(first.pk)
    backlog.looked_at = 0  # long ago

    assert (chosen(backlog, in_hand), [due.delivery_id for due in backlog.found]) == ([], [second.pk])


def test_after_a_try_that_did_not_arrive_the_link_is_looked_at_anew(close):
    _first, second = close("1"), close("1", days_later=1)
    backlog = Backlog(64)
    (due,) = backlog.choose([])
    Delivery.objects.filter(pk=second.pk).update(is_current=False)

    backlog.forget(due.link_hash)

    assert due.delivery_id in chosen(backlog)


def test_what_could_not_be_claimed_is_left_alone_for_a_while(close):
    delivery = close("1")
    backlog = Backlog(64)
    backlog.rest(delivery.pk, seconds=60)

    assert chosen(backlog) == []
