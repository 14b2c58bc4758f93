"""差分 from the close to the frozen bytes: what it counts from, when nobody may send one, and what comes after it."""

from datetime import date

import pytest

from closing.models import BusinessDay
from closing.month_locks import lock_month
from closing.signals import Wish
from closing.trading_day import close_again
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY
from yayoi_link import rulings
from yayoi_link.booking import NoBaseline, Obstacle, baseline
from yayoi_link.models import Decision, Delivery
from yayoi_link.reclosing import close_again_knowingly
from yayoi_link.states import HoldReason, State

APRIL, JULY = date(2026, 4, 1), date(2026, 7, 15)


@pytest.fixture
def delivered(delivery):
    return fates.deliver_it(delivery)


def reclose(shop, revision, wish=Wish.DIFFERENCE, *, late=None):
    """Close the day of the shop once more, with a late sale of so many yen."""
    day = BusinessDay.objects.get(date=DAY)
    if late:
        shop.sell(day.store, DAY, f"late-{revision}", late)
    return close_again(BusinessDay.objects.get(pk=day.pk), seen_revision=revision, by=shop.by, wish=wish).deliveries.get()


def rows_of(delivery):
    entries = Delivery.objects.get(pk=delivery.pk).entries
    return [(entry.key, entry.amount, entry.description) for entry in entries]


def test_a_difference_holds_what_came_late(delivered, shop):
    newer = reclose(shop, 1, late=550)

    assert (newer.mode, newer.state, newer.generation) == (Delivery.Mode.DIFFERENCE, State.PENDING, 1)
    assert rows_of(newer) == [("sales/CASH/STANDARD_10", 550, "現金売上10% 訂正 渋谷店 #0001-260401-2")]


def test_the_next_difference_counts_from_the_one_before(delivered, shop):
    fates.deliver_it(reclose(shop, 1, late=550))

    assert rows_of(reclose(shop, 2, late=330)) == [("sales/CASH/STANDARD_10", 330, "現金売上10% 訂正 渋谷店 #0001-260401-3")]


def test_a_difference_that_was_replaced_unsent_counts_for_nothing(delivered, shop):
    reclose(shop, 1, late=550)

    assert [amount for _, amount, _ in rows_of(reclose(shop, 2, late=330))] == [880]


def test_the_latest_full_posting_is_what_a_difference_counts_from(delivered, shop):
    fates.deliver_it(reclose(shop, 1, Wish.EVERYTHING, late=550))

    assert [[entry.amount for entry in posting] for posting in baseline(delivered.day)] == [[1650]]


def test_identical_content_sends_nothing(delivered, shop):
    newer = reclose(shop, 1)

    assert (newer.state, newer.is_empty, newer.body) == (State.WAIVED, True, None)


@pytest.mark.parametrize("fate", [fates.send_it, lambda sent: fates.meet(sent, fates.CUT), lambda sent: fates.meet(sent, fates.LOGIN_PAGE)])
def test_nobody_sends_a_difference_to_what_is_uncertain(delivery, shop, fate):
    fate(delivery)

    newer = reclose(shop, 1, late=550)

    assert (newer.state, newer.hold_reason) == (State.HELD, HoldReason.AWAITING_DECISION)


def test_what_somebody_found_in_yayoi_is_a_baseline(delivery, shop):
    lost = fates.ten_minutes_later(fates.meet(delivery, fates.CUT))
    rulings.settle(lost, was_there=True, reason="あった", by=shop.by)

    assert [amount for _, amount, _ in rows_of(reclose(shop, 1, late=550))] == [550]


def test_where_nothing_is_there_nothing_can_differ(delivery):
    with pytest.raises(NoBaseline) as refused:
        baseline(delivery.day)

    assert refused.value.obstacle is Obstacle.NOTHING_THERE


def test_a_decision_for_the_difference_sends_it(delivered, shop):
    held = reclose(shop, 1, Wish.SEND, late=550)

    sent = rulings.send_difference(fates.reread(held), by=shop.by)

    assert (sent.state, sent.mode, [amount for _, amount, _ in rows_of(sent)]) == (State.PENDING, Delivery.Mode.DIFFERENCE, [550])
    assert sent.decisions.values_list("kind", "rows_doubled").get() == (Decision.Kind.SEND_DIFFERENCE, 0)


def test_a_decision_for_the_difference_waits_while_nobody_knows_to_what(delivery, shop):
    fates.meet(delivery, fates.CUT)
    held = fates.reread(reclose(shop, 1, Wish.SEND, late=550))

    with pytest.raises(rulings.StillHeld):
        rulings.send_difference(held, by=shop.by)

    assert Delivery.objects.values_list("state", "mode").get(pk=held.pk) == (State.HELD, Delivery.Mode.FULL)


def test_whoever_decides_for_everything_gets_everything(delivery, shop):
    fates.meet(delivery, fates.CUT)
    held = reclose(shop, 1, late=550)

    sent = rulings.release(fates.reread(held), by=shop.by)

    assert (sent.mode, [amount for _, amount, _ in rows_of(sent)]) == (Delivery.Mode.FULL, [1650])


def test_a_difference_that_was_not_found_is_sent_again_as_a_difference(delivered, shop):
    lost = fates.ten_minutes_later(fates.meet(reclose(shop, 1, late=550), fates.CUT))

    again = rulings.settle(lost, was_there=False, reason="なかった", by=shop.by)

    assert (again.mode, again.generation, [amount for _, amount, _ in rows_of(again)]) == (Delivery.Mode.DIFFERENCE, 2, [550])


def lock(shop, *months):
    for month in months:
        lock_month(shop.company, month, by=shop.by, today=JULY)


def dates_of(delivery):
    return [(entry.date, entry.description) for entry in Delivery.objects.get(pk=delivery.pk).entries]


def test_a_difference_decided_after_the_month_was_locked_is_dated_the_first_open_day(delivered, shop):
    held = reclose(shop, 1, Wish.SEND, late=550)
    lock(shop, APRIL)

    sent = rulings.send_difference(fates.reread(held), by=shop.by)

    assert dates_of(sent) == [(date(2026, 5, 1), "現金売上10% 訂正 26/04/01分 渋谷店 #0001-260401-2")]
    assert (sent.state, sent.posted_on) == (State.PENDING, date(2026, 5, 1))


def test_before_it_is_sent_the_page_says_which_date_it_will_have(client, delivered, shop):
    held = reclose(shop, 1, Wish.SEND, late=550)
    lock(shop, APRIL)

    page = sign_in(client, shop.manager).get(f"/deliveries/{held.pk}/difference/").content.decode()

    assert ("2026年5月1日(金)の日付で送ります" in page, "現金売上10% 訂正 26/04/01分 渋谷店" in page) == (True, True)


def test_months_that_are_locked_one_after_the_other_are_passed_over(delivered, shop):
    held = reclose(shop, 1, Wish.SEND, late=550)
    lock(shop, APRIL, date(2026, 5, 1), date(2026, 6, 1))

    assert rulings.send_difference(fates.reread(held), by=shop.by).posted_on == JULY.replace(day=1)


def test_a_difference_that_was_not_found_before_the_lock_is_made_anew_for_an_open_day(delivered, shop):
    lost = fates.ten_minutes_later(fates.meet(reclose(shop, 1, late=550), fates.CUT))
    lock(shop, APRIL)

    again = rulings.settle(lost, was_there=False, reason="なかった", by=shop.by)

    assert (lost.posted_on, again.posted_on, rows_of(again)[0][1]) == (None, date(2026, 5, 1), 550)


def test_everything_of_a_locked_month_is_sent_again_with_its_own_date(delivered, shop):
    held = reclose(shop, 1, Wish.SEND, late=550)
    lock(shop, APRIL)

    sent = rulings.release(fates.reread(held), by=shop.by)

    assert dates_of(sent) == [(DAY, "現金売上10% 渋谷店 #0001-260401-2")]
    assert sent.posted_on is None


def test_what_was_frozen_before_the_lock_keeps_its_bytes(delivered, shop):
    waiting = fates.meet(reclose(shop, 1, late=550), fates.NO_NAME)
    lock(shop, APRIL)

    again = rulings.resend(waiting, by=shop.by)

    assert bytes(again.body) == bytes(waiting.body)


def test_sending_a_delivered_difference_once_more_sends_the_whole_day(delivered, shop):
    sent = fates.deliver_it(reclose(shop, 1, late=550))

    again = rulings.resend_doubled(sent, by=shop.by)

    assert (again.mode, [amount for _, amount, _ in rows_of(again)]) == (Delivery.Mode.FULL, [1650])


def test_closing_again_with_the_difference_doubles_nothing(delivered, shop):
    day = BusinessDay.objects.get(date=DAY)
    shop.sell(day.store, DAY, "late", 550)
    day.refresh_from_db()

    close_again_knowingly(day, seen_revision=1, seen_postings={delivered.pk}, wish=Wish.DIFFERENCE, by=shop.by)

    assert delivered.decisions.values_list("kind", "rows_doubled").get() == (Decision.Kind.CLOSE_DIFFERENCE, 0)
