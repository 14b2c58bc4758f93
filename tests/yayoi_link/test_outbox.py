"""What a second close makes of an older delivery, in whatever state that is."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from closing.models import BusinessDay, CashMovement, CashReason
from closing.signals import Wish
from closing.trading_day import close_again, close_day, open_day, record_movement
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY
from yayoi_link import rulings
from yayoi_link.delivery import claim, pass_gate
from yayoi_link.models import Delivery
from yayoi_link.outbound import GateRefused
from yayoi_link.reaper import reap
from yayoi_link.recording import record
from yayoi_link.schedule import GIVES_UP_AFTER, MINIMUM_TRIES
from yayoi_link.states import HoldReason, State


def waive_it(delivery):
    Delivery.objects.filter(pk=delivery.pk).update(state=State.WAIVED)
    return fates.reread(delivery)


FATES = {
    State.PENDING: fates.reread,
    State.RETRY_WAIT: lambda delivery: fates.meet(delivery, fates.NO_NAME),
    State.EXHAUSTED: fates.give_up,
    State.SENDING: fates.send_it,
    State.DELIVERED: fates.deliver_it,
    State.UNVERIFIED: lambda delivery: fates.meet(delivery, fates.LOGIN_PAGE),
    State.UNKNOWN: lambda delivery: fates.meet(delivery, fates.CUT),
    State.REJECTED: lambda delivery: fates.meet(delivery, fates.NOT_FOUND),
    State.WAIVED: waive_it,
}
TAKEN_BACK = {State.PENDING, State.RETRY_WAIT, State.EXHAUSTED}


def close_again_wishing(delivery, wish, by):
    day = BusinessDay.objects.get(pk=delivery.day_id)
    return close_again(day, seen_revision=1, by=by, wish=wish).deliveries.get()


@pytest.mark.parametrize("state", FATES)
def test_everything_is_sent_when_a_person_wants_it(delivery, shop, state):
    older = FATES[state](delivery)

    newer = close_again_wishing(older, Wish.EVERYTHING, shop.by)

    older = fates.reread(older)
    assert (newer.state, newer.is_current, older.is_current) == (State.PENDING, True, False)
    assert older.state == (State.SUPERSEDED if state in TAKEN_BACK else state)


@pytest.mark.parametrize("state", FATES)
def test_nothing_is_sent_when_a_person_wants_that(delivery, shop, state):
    newer = close_again_wishing(FATES[state](delivery), Wish.NOTHING, shop.by)

    assert (newer.state, newer.body) == (State.WAIVED, None)


@pytest.mark.parametrize("state", FATES)
def test_without_a_word_only_what_was_surely_unsent_is_replaced(delivery, shop, state):
    newer = close_again_wishing(FATES[state](delivery), Wish.SEND, shop.by)

    expected = (State.PENDING, "") if state in TAKEN_BACK else (State.HELD, HoldReason.AWAITING_DECISION)
    assert (newer.state, newer.hold_reason) == expected


def test_an_answer_still_reaches_the_older_delivery(delivery, shop):
    claimed = claim(delivery.pk)
    pass_gate(claimed)
    close_again_wishing(delivery, Wish.EVERYTHING, shop.by)

    record(claimed, fates.acknowledged(delivery))

    assert fates.reread(delivery).state == State.DELIVERED


@pytest.mark.parametrize("answer", [fates.NO_NAME, fates.REFUSED], ids=["not sent", "refused"])
@pytest.mark.parametrize("tried_since", [timedelta(), GIVES_UP_AFTER], ids=["first try", "last try"])
def test_what_comes_back_unsent_after_everything_was_sent_anew_ends_there(delivery, shop, answer, tried_since):
    Delivery.objects.update(first_tried_at=Now() - tried_since, tries=MINIMUM_TRIES)
    claimed = claim(delivery.pk)
    pass_gate(claimed)
    close_again_wishing(delivery, Wish.EVERYTHING, shop.by)

    assert record(claimed, answer) == State.SUPERSEDED

    assert not fates.reread(delivery).passed_gate


def test_what_a_close_took_back_on_its_way_to_the_gate_ends_there(delivery, shop):
    claimed = claim(delivery.pk)
    close_again_wishing(delivery, Wish.EVERYTHING, shop.by)
    Delivery.objects.filter(pk=delivery.pk).update(lease_until=Now())

    with pytest.raises(GateRefused):
        pass_gate(claimed)

    assert (reap(), record(claimed, fates.NO_NAME)) == (0, State.SUPERSEDED)


def test_a_day_is_held_when_no_key_opens_its_link(shop, linked, settings):
    settings.LINK_KEYS = ["another key"]

    held = shop.close(linked)

    assert (held.state, held.hold_reason) == (State.HELD, HoldReason.KEY_UNAVAILABLE)


def test_a_day_that_turns_out_to_have_nothing_to_send_is_waived_on_release(shop, linked, company):
    reason = CashReason.objects.create(company=company, code="9", name="両替", for_paid_in=True)
    day = open_day(linked, DAY, by=shop.by, today=DAY)
    paid_in = CashMovement(register=linked.registers.get(), direction="PAID_IN", reason=reason, amount=100)
    record_movement(day, paid_in, by=shop.by)
    held = close_day(day, counts=None, by=shop.by).deliveries.get(hold_reason=HoldReason.MAPPING_MISSING)
    CashReason.objects.update(is_sent=False)

    assert rulings.release(held, by=shop.by).state == State.WAIVED


def test_a_day_that_comes_to_nothing_is_not_done_while_its_rows_are_at_yayoi(shop, linked):
    day = open_day(linked, DAY, by=shop.by, today=DAY)
    sale = shop.sell(linked, DAY, "1")
    older = fates.deliver_it(close_day(day, counts=None, by=shop.by).deliveries.get())
    shop.take_back(linked, sale)

    newer = shop.close_again(older)

    assert (newer.state, newer.hold_reason, newer.is_empty) == (State.HELD, HoldReason.AWAITING_DECISION, False)
    assert rulings.send_difference(newer, by=shop.by).row_count == 1
