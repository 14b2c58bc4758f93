"""弥生で確認した: what somebody has found in Yayoi, all of it, nothing, or a part."""

import pytest

from tests.cast import sign_in
from yayoi_link.models import Delivery
from yayoi_link.states import State

CASH, CARD = "sales/CASH/STANDARD_10", "sales/VISA/STANDARD_10"


@pytest.fixture
def managers(client, manager):
    return sign_in(client, manager)


def settle(browser, delivery, **answers):
    return browser.post(f"/deliveries/{delivery.pk}/settle/", {"reason": "弥生を確認"} | answers)


def states():
    return list(Delivery.objects.order_by("pk").values_list("mode", "state"))


def test_each_row_that_was_sent_can_be_ticked(managers, unknown_of_two_rows):
    page = managers.get(f"/deliveries/{unknown_of_two_rows.pk}/settle/").content.decode()

    assert [word in page for word in (f'value="{CASH}"', f'value="{CARD}"', "一部だけあった", "¥2,200")] == [True] * 4


def test_what_was_missing_is_sent_as_a_difference(managers, unknown_of_two_rows):
    response = settle(managers, unknown_of_two_rows, was_there="part", found_keys=[CASH])

    rest = Delivery.objects.current().get()
    assert (response.headers["Location"], states()) == (
        f"/deliveries/{rest.pk}/",
        [("full", State.SETTLED), ("difference", State.PENDING)],
    )


def test_the_timeline_tells_which_part_was_found(managers, unknown_of_two_rows):
    settle(managers, unknown_of_two_rows, was_there="part", found_keys=[CASH])

    page = managers.get(f"/deliveries/{unknown_of_two_rows.pk}/").content.decode()

    assert [word in page for word in ("一部だけあった", "弥生にあった行: 1行", "残りの行は差分として送ります")] == [True] * 3


@pytest.mark.parametrize(
    ("found", "mistake"),
    [([], "1行もなければ「なかった」"), ([CASH, CARD], "すべてあったときは「あった」"), (["sales/OTHER/EXEMPT"], "")],
)
def test_a_part_is_neither_nothing_nor_everything(managers, unknown_of_two_rows, found, mistake):
    response = settle(managers, unknown_of_two_rows, was_there="part", found_keys=found)

    assert (list(response.context["form"].errors), mistake in response.content.decode()) == (["found_keys"], True)
    assert states() == [("full", State.UNKNOWN)]


def test_of_one_row_there_is_no_part(managers, unknown):
    page = managers.get(f"/deliveries/{unknown.pk}/settle/").content.decode()

    assert "一部だけあった（" not in page


def test_an_earlier_posting_is_settled_from_its_own_page_and_leads_on_to_the_decision(managers, unknown, shop):
    shop.sell(unknown.day.store, unknown.day.date, "2")
    held = shop.close_again(unknown)
    asked = managers.get(f"/deliveries/{held.pk}/release/").content.decode()
    form = managers.get(f"/deliveries/{unknown.pk}/settle/").content.decode()

    response = settle(managers, unknown, was_there="no")

    assert [f'href="/deliveries/{unknown.pk}/"' in asked, "ここでは何も送りません" in form] == [True, True]
    assert (response.headers["Location"], states()) == (f"/deliveries/{held.pk}/", [("full", State.SETTLED), ("full", State.HELD)])
