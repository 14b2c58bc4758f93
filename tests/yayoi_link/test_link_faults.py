"""What becomes of deliveries when the link or the store under them goes away."""

import pytest

from stores.models import AuditEntry
from stores.store_master import retire_store
from tests.journeys.leftovers import rows_of_database
from tests.yayoi_link import fates
from tests.yayoi_link.receiver import Receiver, answering
from tests.yayoi_link.shop import DAY, NEXT_DAY, outcomes_of, state_of
from yayoi_link import rulings
from yayoi_link.delivery import deliver
from yayoi_link.links import LinkEntry, register_links
from yayoi_link.models import Delivery, YayoiLink
from yayoi_link.states import HoldReason, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("state_dir")]


@pytest.fixture
def failed_once(shop):
    """A day whose first try found nobody, and the receiver that would take it now."""
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        yield fates.meet(delivery, fates.NO_NAME), receiver


def held_because(delivery):
    return Delivery.objects.values_list("state", "hold_reason").get(pk=delivery.pk)


def remove_link(shop, store):
    register_links([LinkEntry(store, is_enabled=False, is_removed=True)], by=shop.by)


def test_fault_44_a_deleted_link_holds_what_is_unsent_and_keeps_its_history(shop, failed_once):
    delivery, receiver = failed_once
    remove_link(shop, delivery.day.store)

    assert deliver(delivery.pk) is None

    assert held_because(delivery) == (State.HELD, HoldReason.LINK_MISSING)
    assert (outcomes_of(delivery), receiver.connections) == ([("worker", "NOT_SENT", "NAME_NOT_FOUND")], 0)


def test_fault_44_a_store_out_of_use_sends_no_more_and_keeps_its_history(shop, failed_once):
    delivery, receiver = failed_once
    retire_store(delivery.day.store, on=NEXT_DAY, by=shop.by)

    assert deliver(delivery.pk) is None

    assert held_because(delivery) == (State.HELD, HoldReason.LINK_OFF)
    assert (outcomes_of(delivery), receiver.connections) == ([("worker", "NOT_SENT", "NAME_NOT_FOUND")], 0)
    assert AuditEntry.objects.filter(action="LINK_REGISTERED", store=delivery.day.store).count() == 2


def test_fault_44_what_was_delivered_stays_delivered_when_the_store_goes(shop):
    with Receiver() as receiver:
        delivery = shop.close(shop.store(receiver.url()))
        deliver(delivery.pk)
        retire_store(delivery.day.store, on=NEXT_DAY, by=shop.by)
        remove_link(shop, delivery.day.store)

    assert (state_of(delivery), outcomes_of(delivery)) == (State.DELIVERED, [("worker", "DELIVERED", "")])


def test_fault_44_a_store_back_in_use_sends_what_was_held_after_a_person_switched_it_on(shop, failed_once):
    delivery, receiver = failed_once
    store = delivery.day.store
    retire_store(store, on=NEXT_DAY, by=shop.by)
    retire_store(store, on=None, by=shop.by)
    register_links([LinkEntry(store, is_enabled=True)], by=shop.by)

    rulings.release(fates.reread(delivery), by=shop.by)

    assert (deliver(delivery.pk), len(receiver.received)) == (State.DELIVERED, 1)


def test_a_store_that_sent_nothing_goes_without_a_word_about_its_link(shop, shibuya):
    retire_store(shibuya, on=DAY, by=shop.by)

    assert (YayoiLink.objects.count(), AuditEntry.objects.filter(action="LINK_REGISTERED").count()) == (0, 0)


def test_fault_64_a_page_that_echoes_the_link_leaves_no_token_in_the_clear(shop):
    token = "s3cr3t-t0k3n-abcd"
    echo = f"<h1>404</h1><p>/link/{token} was not found".encode()
    with Receiver(answering(404, echo, content_type=f"text/{token}", Location=f"//{token}/link/{token}")) as receiver:
        delivery = shop.close(shop.store(receiver.url(token)))

        assert deliver(delivery.pk) == State.REJECTED

    left = [place for place, text in rows_of_database() if token in text or token[:10] in text]
    assert (left, receiver.received[0].path) == ([], f"/link/{token}")
