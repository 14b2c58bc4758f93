import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closing.models import BusinessDay
from closing.signals import Wish
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY


@pytest.fixture
def managers(client, manager):
    return sign_in(client, manager)


def close_late(shop, store, *numbers, wish):
    """Slips come in late, and the day is closed once more."""
    for number in numbers:
        shop.sell(store, DAY, number)
    day = BusinessDay.objects.get(store=store, date=DAY)
    return shop.close_again(day.deliveries.latest("pk"), seen_revision=day.revision, wish=wish)


def page_of(held):
    return f"/deliveries/{held.pk}/difference/"


def test_the_page_needs_the_same_queries_after_one_posting_and_after_three(managers, shop, delivery, django_assert_num_queries):
    fates.deliver_it(delivery)
    held = close_late(shop, delivery.day.store, "2", wish=Wish.SEND)
    with CaptureQueriesContext(connection) as first:
        managers.get(page_of(held))
    queries = len(first)
    for number in ("3", "4"):
        fates.deliver_it(close_late(shop, delivery.day.store, number, wish=Wish.DIFFERENCE))
    held = close_late(shop, delivery.day.store, "5", "6", wish=Wish.SEND)

    with django_assert_num_queries(queries):
        page = managers.get(page_of(held))

    assert page.status_code == 200


def test_another_company_s_difference_does_not_exist(client, shop, delivery, rival_admin):
    fates.deliver_it(delivery)
    held = close_late(shop, delivery.day.store, "2", wish=Wish.SEND)

    assert sign_in(client, rival_admin).get(page_of(held)).status_code == 404
