import contextlib

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from closing.signals import Wish
from stores.audit import Origin
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link import rulings
from yayoi_link.booking import baseline
from yayoi_link.models import Decision, Delivery, YayoiLink
from yayoi_link.presence import past_postings, rows_doubled, rows_there
from yayoi_link.rulings import StateChanged, StillHeld, TooEarly
from yayoi_link.states import HoldReason, State


def decisions_on(delivery):
    return list(delivery.decisions.values_list("kind", "state_before", "rows_doubled", "successor"))


def test_what_never_left_is_sent_again_with_the_same_bytes_and_key(delivery, clerk):
    exhausted = fates.give_up(delivery)
    by = Origin(clerk, exhausted.created_at)

    resent = rulings.resend(exhausted, by=by)

    assert (resent.state, resent.key, resent.body, resent.tries) == (State.PENDING, delivery.key, delivery.body, 0)
    assert decisions_on(resent) == [(Decision.Kind.RESEND, State.EXHAUSTED, 0, None)]


def test_a_delivery_that_waits_for_its_next_try_is_sent_at_once(delivery, shop):
    waiting = fates.meet(delivery, fates.NO_NAME)

    assert rulings.resend(waiting, by=shop.by).state == State.PENDING


def test_what_the_receiver_itself_refused_is_sent_again_as_it_was(delivery, shop):
    refused = fates.meet(delivery, fates.REFUSED)

    assert rulings.resend(refused, by=shop.by).key == delivery.key


def test_what_was_answered_no_is_not_resent_as_if_it_had_never_left(delivery, shop):
    rejected = fates.meet(delivery, fates.NOT_FOUND)

    with pytest.raises(StateChanged):
        rulings.resend(rejected, by=shop.by)


def test_resending_over_a_link_that_is_off_is_held(delivery, shop, linked):
    exhausted = fates.give_up(delivery)
    shop.switch_off(linked)

    resent = rulings.resend(fates.reread(exhausted), by=shop.by)

    assert (resent.state, resent.hold_reason) == (State.HELD, HoldReason.LINK_OFF)


def test_fault_46_a_double_click_sends_once(delivery, shop):
    delivered = fates.deliver_it(delivery)
    rulings.resend_doubled(delivered, by=shop.by)

    with pytest.raises(StateChanged):
        rulings.resend_doubled(delivered, by=shop.by)

    assert list(Delivery.objects.values_list("generation", "state").order_by("generation")) == [(1, "delivered"), (2, "pending")]


def test_fault_46_a_doubled_resend_has_a_key_of_its_own_and_keeps_the_warning(delivery, shop):
    delivered = fates.deliver_it(delivery)

    successor = rulings.resend_doubled(delivered, by=shop.by)

    assert (successor.generation, successor.is_current, successor.key == delivery.key) == (2, True, False)
    assert decisions_on(delivered) == [(Decision.Kind.RESEND_DOUBLED, State.DELIVERED, 1, successor.pk)]


def test_after_a_no_a_new_generation_goes_out(delivery, shop):
    rejected = fates.meet(delivery, fates.NOT_FOUND)

    successor = rulings.resend_after_no(rejected, by=shop.by)

    assert (successor.state, successor.generation) == (State.PENDING, 2)
    assert decisions_on(rejected) == [(Decision.Kind.RESEND_AFTER_NO, State.REJECTED, 0, successor.pk)]


def test_looking_in_yayoi_counts_only_ten_minutes_after_the_gate(delivery, shop):
    unknown = fates.meet(delivery, fates.CUT)

    with pytest.raises(TooEarly):
        rulings.settle(unknown, was_there=True, reason="見た", by=shop.by)


def test_what_was_found_at_yayoi_is_settled(delivery, shop):
    unknown = fates.ten_minutes_later(fates.meet(delivery, fates.CUT))

    settled = rulings.settle(unknown, was_there=True, reason="13行あった", by=shop.by)

    assert (settled.state, settled.is_current) == (State.SETTLED, True)
    assert decisions_on(settled) == [(Decision.Kind.FOUND, State.UNKNOWN, 0, None)]


def test_what_was_not_found_at_yayoi_is_sent_in_a_new_generation(delivery, shop):
    unknown = fates.ten_minutes_later(fates.meet(delivery, fates.CUT))

    successor = rulings.settle(unknown, was_there=False, reason="なかった", by=shop.by)

    assert (successor.state, successor.generation, fates.reread(unknown).is_current) == (State.PENDING, 2, False)
    assert decisions_on(unknown) == [(Decision.Kind.NOT_FOUND, State.UNKNOWN, 0, successor.pk)]


CASH, CARD = "sales/CASH/STANDARD_10", "sales/VISA/STANDARD_10"


def test_what_was_found_in_part_is_settled_and_the_rest_is_sent_as_a_difference(unknown_of_two_rows, shop):
    rest = rulings.settle_in_part(unknown_of_two_rows, found_keys=[CASH], reason="カードの行がない", by=shop.by)

    settled = fates.reread(unknown_of_two_rows)
    assert (settled.state, settled.is_current, settled.found_keys) == (State.SETTLED, False, [CASH])
    assert (rest.state, rest.mode, rest.is_current) == (State.PENDING, Delivery.Mode.DIFFERENCE, True)
    assert [(entry.key, entry.amount) for entry in rows_there(rest)] == [(CARD, 2200)]


def test_a_ruling_on_a_part_is_written_down_with_the_rows_that_were_found(unknown_of_two_rows, shop):
    rest = rulings.settle_in_part(unknown_of_two_rows, found_keys=[CARD], reason="現金の行がない", by=shop.by)

    ruled = unknown_of_two_rows.decisions.get()
    assert (ruled.kind, ruled.found_keys, ruled.successor, ruled.reason) == ("found_in_part", [CARD], rest, "現金の行がない")


def test_after_a_part_was_found_and_the_rest_delivered_the_day_is_whole(unknown_of_two_rows, shop):
    rest = rulings.settle_in_part(unknown_of_two_rows, found_keys=[CASH], reason="カードの行がない", by=shop.by)
    fates.deliver_it(rest)

    call_command("check_books")
    rows = sorted((entry.key, entry.amount) for posting in baseline(rest.day) for entry in posting)
    again = shop.close_again(rest, wish=Wish.DIFFERENCE)

    assert (rows, again.state, again.is_empty) == ([(CASH, 1100), (CARD, 2200)], State.WAIVED, True)


def test_sending_again_warns_of_the_rows_that_were_found_only(unknown_of_two_rows, shop):
    rest = rulings.settle_in_part(unknown_of_two_rows, found_keys=[CASH], reason="カードの行がない", by=shop.by)

    assert rows_doubled(past_postings(rest.day, besides=rest)) == 1


@pytest.fixture
def replaced_unknown(delivery, shop):
    """A posting whose answer was lost, and a newer revision that waits for somebody to decide."""
    unknown = fates.ten_minutes_later(fates.meet(delivery, fates.CUT))
    shop.sell(unknown.day.store, unknown.day.date, "2", 2200)
    shop.close_again(unknown)
    return fates.reread(unknown)


@pytest.mark.parametrize("was_there", [True, False])
def test_what_is_found_out_about_an_earlier_posting_sends_nothing(replaced_unknown, shop, was_there):
    settled = rulings.settle(replaced_unknown, was_there=was_there, reason="弥生を見た", by=shop.by)

    assert (settled.state, settled.is_current, Delivery.objects.count()) == (State.SETTLED, False, 2)
    assert Delivery.objects.current().get().state == State.HELD


def test_once_an_earlier_posting_was_found_its_difference_can_be_sent(replaced_unknown, shop):
    held = Delivery.objects.current().get()
    with pytest.raises(StillHeld):
        rulings.send_difference(held, by=shop.by)

    rulings.settle(replaced_unknown, was_there=True, reason="1行あった", by=shop.by)
    sent = rulings.send_difference(fates.reread(held), by=shop.by)

    assert [(entry.key, entry.amount) for entry in rows_there(sent)] == [(CASH, 2200)]


def test_once_an_earlier_posting_was_not_found_nothing_is_doubled_by_sending_everything(replaced_unknown, shop):
    rulings.settle(replaced_unknown, was_there=False, reason="なかった", by=shop.by)

    sent = rulings.release(Delivery.objects.current().get(), by=shop.by)

    assert (sent.state, sent.decisions.get().rows_doubled) == (State.PENDING, 0)


def test_a_part_of_a_difference_is_settled_like_a_part_of_everything(unknown_of_two_rows, shop):
    whole = rulings.settle(unknown_of_two_rows, was_there=True, reason="あった", by=shop.by)
    for number, method in (("3", "CASH"), ("4", "VISA")):
        shop.sell(whole.day.store, DAY, number, 550, method=method)
    lost = fates.ten_minutes_later(fates.meet(shop.close_again(whole, wish=Wish.DIFFERENCE), fates.CUT))

    rest = rulings.settle_in_part(lost, found_keys=[CARD], reason="現金の差分がない", by=shop.by)

    assert [(entry.key, entry.amount) for entry in rows_there(rest)] == [(CASH, 550)]


@pytest.mark.parametrize("keys", [[], [CASH, CARD], [CASH, "sales/QR/STANDARD_10"]])
def test_a_part_is_some_of_the_rows_and_not_all(unknown_of_two_rows, shop, keys):
    with pytest.raises(ValueError, match="some rows"):
        rulings.settle_in_part(unknown_of_two_rows, found_keys=keys, reason="x", by=shop.by)

    assert fates.reread(unknown_of_two_rows).state == State.UNKNOWN


def test_a_part_is_found_only_ten_minutes_after_the_gate(unknown_of_two_rows, shop):
    Delivery.objects.update(gate_at=Now())

    with pytest.raises(TooEarly):
        rulings.settle_in_part(fates.reread(unknown_of_two_rows), found_keys=[CASH], reason="x", by=shop.by)


def test_a_delivery_that_is_waived_is_not_sent(delivery, shop):
    waived = rulings.waive(delivery, reason="手入力した", by=shop.by)

    assert (waived.state, waived.decisions.get().reason) == (State.WAIVED, "手入力した")


def test_what_is_being_sent_anew_is_waived_no_more(delivery, shop):
    refused = fates.meet(delivery, fates.NOT_FOUND)
    again = rulings.resend_after_no(fates.reread(refused), by=shop.by)

    with pytest.raises(StateChanged):
        rulings.waive(refused, reason="手入力した", by=shop.by)

    assert (fates.reread(refused).state, fates.reread(again).state) == (State.REJECTED, State.PENDING)


def test_a_released_delivery_keeps_the_bytes_it_was_first_frozen_with(delivery, shop, linked):
    shop.switch_off(linked)
    shop.link(linked, "https://other.example/2")
    linked.name = "渋谷本店"
    linked.save()

    released = rulings.release(fates.reread(delivery), by=shop.by)

    assert (released.state, released.body_sha256, bytes(released.body)) == (State.PENDING, delivery.body_sha256, bytes(delivery.body))


def test_release_begins_the_72_hours_anew(delivery, shop, linked):
    waiting = fates.meet(delivery, fates.NO_NAME)
    shop.switch_off(linked)
    shop.link(linked, "https://other.example/2")

    released = rulings.release(fates.reread(waiting), by=shop.by)

    assert (released.tries, released.first_tried_at) == (0, None)


@pytest.mark.parametrize(("confirmed", "state"), [(True, State.PENDING), (False, State.HELD)])
def test_a_day_before_the_start_is_released_only_after_an_explicit_ok(delivery, shop, linked, confirmed, state):
    shop.switch_off(linked)
    shop.link(linked, "https://other.example/2")
    YayoiLink.objects.update(starts_on=NEXT_DAY)

    with contextlib.suppress(StillHeld):
        rulings.release(fates.reread(delivery), by=shop.by, day_confirmed=confirmed)

    assert fates.reread(delivery).state == state


def test_what_holds_a_delivery_must_be_gone_before_it_is_released(delivery, shop, linked):
    shop.switch_off(linked)

    with pytest.raises(StillHeld) as still:
        rulings.release(fates.reread(delivery), by=shop.by)

    assert still.value.reason == HoldReason.LINK_OFF
