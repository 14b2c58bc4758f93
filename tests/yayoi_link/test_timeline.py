"""What a delivery's page says of how it came about and how it ended: true for each way."""

import pytest

from closing.models import BusinessDay
from closing.signals import Wish
from tests.cast import sign_in
from tests.yayoi_link import fates
from yayoi_link import rulings
from yayoi_link.models import Delivery
from yayoi_link.reclosing import close_again_knowingly
from yayoi_link.restoring import after_restore
from yayoi_link.timeline import timeline


def first_of(delivery):
    """How it was made, and what is said beside it."""
    made = timeline(fates.reread(delivery), shows_link=False)[0]
    return str(made.title), [str(detail) for detail in made.details]


def decide(delivery, wish, by, *, seen=()):
    day = BusinessDay.objects.get(pk=delivery.day_id)
    return close_again_knowingly(day, seen_revision=day.revision, seen_postings=set(seen), wish=wish, by=by).deliveries.get()


@pytest.fixture
def corrected(delivery, shop, linked):
    """A sale came late, and its difference was delivered."""
    fates.deliver_it(delivery)
    shop.sell(linked, delivery.day.date, "late", 550)
    return fates.deliver_it(decide(delivery, Wish.DIFFERENCE, shop.by, seen=[delivery.pk]))


def test_a_close_makes_the_first_one(delivery):
    assert first_of(delivery) == ("閉局（1回目）で作成", [])


@pytest.mark.parametrize(
    ("wish", "words"),
    [(Wish.EVERYTHING, "再閉局：全件を送る"), (Wish.NOTHING, "再閉局：送らない"), (Wish.DIFFERENCE, "再閉局：差分を送る")],
)
def test_a_second_close_says_what_was_chosen(delivery, shop, linked, wish, words):
    fates.deliver_it(delivery)
    shop.sell(linked, delivery.day.date, "late", 550)

    newer = decide(delivery, wish, shop.by, seen=[delivery.pk])

    assert first_of(newer) == ("閉局（2回目）で作成", [words])


def test_everything_after_a_difference_was_made_by_whoever_sent_it_again(corrected, shop):
    again = rulings.resend_doubled(corrected, by=shop.by)

    assert (again.mode, again.generation) == (Delivery.Mode.FULL, 1)
    assert first_of(again) == ("再連携のために作成", ["重複を承知で再連携"])


@pytest.mark.parametrize(
    ("answer", "ruling", "words"),
    [
        (fates.NOT_FOUND, rulings.resend_after_no, "拒否の応答のあと再連携"),
        (fates.CUT, lambda lost, by: rulings.settle(lost, was_there=False, reason="ない", by=by), "弥生で確認した：なかった"),
    ],
)
def test_what_follows_a_ruling_says_which(delivery, shop, answer, ruling, words):
    lost = fates.ten_minutes_later(fates.meet(delivery, answer))

    assert first_of(ruling(lost, by=shop.by)) == ("再連携のために作成", [words])


def test_how_it_was_made_is_told_after_its_tries_too(delivery, shop):
    lost = fates.ten_minutes_later(fates.meet(delivery, fates.CUT))
    again = rulings.settle(lost, was_there=False, reason="ない", by=shop.by)

    assert first_of(fates.meet(again, fates.NO_NAME))[0] == "再連携のために作成"


def test_what_a_close_took_back_says_which_close(delivery, shop):
    shop.close_again(delivery)

    assert [str(event.title) for event in timeline(fates.reread(delivery), shows_link=False)] == [
        "閉局（1回目）で作成",
        "閉局（2回目）で差し替え",
    ]


def test_what_a_restored_backup_knows_nothing_of_says_so(client, delivery, shop, state_dir):
    after_restore()

    page = sign_in(client, shop.manager).get(f"/deliveries/{delivery.pk}/").content.decode()
    assert ("バックアップから復元したため" in page, "送信の途中で結果が" in page) == (True, False)
