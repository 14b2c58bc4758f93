import pytest

from closing.signals import Wish
from closing.trading_day import close_again
from tests.yayoi_link import fates
from yayoi_link import rulings
from yayoi_link.presence import Presence, past_postings, presence, rows_doubled
from yayoi_link.restoring import after_restore


def known_of(day):
    return [(posting.delivery.generation, posting.presence) for posting in past_postings(day)]


@pytest.mark.parametrize("answer", [fates.NO_NAME, fates.BLOCKED, fates.REFUSED], ids=["no name", "blocked", "refused"])
def test_what_never_arrived_is_not_at_yayoi(delivery, answer):
    assert presence(fates.meet(delivery, answer)) is Presence.NOT


@pytest.mark.parametrize("answer", [fates.CUT, fates.LOGIN_PAGE], ids=["cut", "login page"])
def test_what_was_written_may_be_at_yayoi(delivery, answer):
    assert presence(fates.meet(delivery, answer)) is Presence.MAYBE


def test_what_is_being_sent_may_be_at_yayoi(delivery):
    assert presence(fates.send_it(delivery)) is Presence.MAYBE


def test_what_was_acknowledged_is_at_yayoi(delivery):
    assert presence(fates.deliver_it(delivery)) is Presence.THERE


def test_what_was_answered_no_is_hardly_at_yayoi(delivery):
    assert presence(fates.meet(delivery, fates.NOT_FOUND)) is Presence.HARDLY


def test_a_no_that_was_waived_is_still_a_no(delivery, shop):
    rejected = fates.meet(delivery, fates.NOT_FOUND)

    assert presence(rulings.waive(rejected, reason="手入力", by=shop.by)) is Presence.HARDLY


def test_what_was_waived_before_it_left_is_not_at_yayoi(delivery, shop):
    waiting = fates.meet(delivery, fates.REFUSED)

    assert presence(rulings.waive(waiting, reason="手入力", by=shop.by)) is Presence.NOT


@pytest.mark.parametrize(("was_there", "known"), [(True, Presence.THERE), (False, Presence.NOT)])
def test_a_person_who_looked_is_believed(delivery, shop, was_there, known):
    unknown = fates.ten_minutes_later(fates.meet(delivery, fates.CUT))

    rulings.settle(unknown, was_there=was_there, reason="見た", by=shop.by)

    assert presence(fates.reread(unknown)) is known


def test_every_generation_that_may_be_there_counts(delivery, shop):
    successor = rulings.resend_doubled(fates.deliver_it(delivery), by=shop.by)
    fates.meet(successor, fates.CUT)

    assert known_of(delivery.day) == [(2, Presence.MAYBE), (1, Presence.THERE)]
    assert rows_doubled(past_postings(delivery.day)) == 2


def test_the_rows_of_a_past_posting_are_those_that_were_sent(delivery):
    fates.deliver_it(delivery)

    (posting,) = past_postings(delivery.day)

    assert [(entry.description, entry.amount) for entry in posting.entries] == [("現金売上10% 渋谷店 #0001-260401-1", 1100)]


def test_a_superseded_revision_is_not_at_yayoi(delivery, shop):
    delivery.day.refresh_from_db()

    close_again(delivery.day, seen_revision=1, by=shop.by, wish=Wish.SEND)

    assert known_of(delivery.day) == []


def test_after_a_restored_backup_everything_unsent_may_be_there(delivery):
    after_restore()

    assert known_of(delivery.day) == [(1, Presence.MAYBE)]
