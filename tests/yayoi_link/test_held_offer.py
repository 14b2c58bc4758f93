"""Once a link is on, what was held for want of it is offered for sending, where the link was registered."""

from datetime import timedelta

import pytest

from stores.models import Job
from tests.cast import sign_in
from tests.stores.test_lists import queries_of
from tests.yayoi_link.conftest import LINK
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link.models import BulkItem


@pytest.fixture
def held_days(shop, shibuya, register, state_dir):
    return [shop.close(shibuya, day) for day in (DAY, NEXT_DAY)]


def page_of_links(browser):
    return browser.get("/settings/yayoi/").content.decode()


def test_held_days_are_offered_once_their_link_is_on(client, manager, shop, shibuya, held_days):
    browser = sign_in(client, manager)
    before = page_of_links(browser)

    shop.link(shibuya, LINK)

    assert ["送信保留の2件を送信しますか" in page for page in (before, page_of_links(browser))] == [False, True]


def test_the_offer_leads_to_the_preview_of_exactly_these_days(client, manager, shop, shibuya, held_days):
    shop.link(shibuya, LINK)
    browser = sign_in(client, manager)
    offered = browser.get("/settings/yayoi/").context
    period = {name: offered[name].isoformat() for name in ("first", "last")}

    browser.post("/deliveries/bulk/release/", {"stores": [store.pk for store in offered["stores"]], **period})

    assert list(BulkItem.objects.chosen().values_list("delivery", flat=True)) == [one.pk for one in held_days]
    assert Job.objects.get().state == Job.State.DRAFT


def test_of_more_than_a_preview_takes_the_latest_days_are_offered(client, manager, shop, shibuya, register, state_dir):
    shop.close(shibuya, DAY - timedelta(days=400))
    shop.close(shibuya, DAY)
    shop.link(shibuya, LINK)

    assert "送信保留の1件を送信しますか" in page_of_links(sign_in(client, manager))


@pytest.mark.parametrize("role", ["clerk", "accountant", "rival_admin"])
def test_who_may_not_release_is_not_asked(client, request, shop, shibuya, held_days, role):
    shop.link(shibuya, LINK)

    assert "を送信しますか" not in page_of_links(sign_in(client, request.getfixturevalue(role)))


def test_the_offer_costs_no_more_queries_for_many_days(client, manager, shop, shibuya, register, state_dir):
    browser = sign_in(client, manager)
    shop.close(shibuya, DAY)
    shop.link(shibuya, LINK)
    for_one = queries_of(browser, "/settings/yayoi/")
    shop.switch_off(shibuya)
    shop.close(shibuya, NEXT_DAY)
    shop.link(shibuya, LINK)

    assert queries_of(browser, "/settings/yayoi/") == for_one
