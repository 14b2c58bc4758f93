"""Who may do what to a delivery, through the pages: what a page offers is what acts, and nothing else does."""

import pytest

from tests.cast import PASSWORD, sign_in
from tests.yayoi_link import fates
from yayoi_link.models import Decision, Delivery
from yayoi_link.states import State

ACTIONS = ["resend", "resend-after-no", "resend-doubled", "release", "difference", "settle", "waive"]
NOTHING = frozenset()


def hold(delivery, shop):
    shop.switch_off(delivery.day.store)
    shop.link(delivery.day.store, "https://other.example/2")
    return fates.reread(delivery)


def await_decision(delivery, shop):
    fates.deliver_it(delivery)
    shop.sell(delivery.day.store, delivery.day.date, "2")
    return shop.close_again(delivery)


def lose(delivery, shop):
    return fates.ten_minutes_later(fates.meet(delivery, fates.CUT))


def meeting(answer):
    return lambda delivery, shop: (
        fates.ten_minutes_later(fates.meet(delivery, answer)) if answer.passed_gate else fates.meet(delivery, answer)
    )


# from → what a clerk, and what a manager can do, row by row of the table.
TABLE = {
    "held": (hold, NOTHING, {"release", "waive"}),
    "held for a decision": (await_decision, NOTHING, {"release", "difference", "waive"}),
    "pending": (lambda one, shop: one, NOTHING, {"waive"}),
    "sending": (lambda one, shop: fates.send_it(one), NOTHING, NOTHING),
    "waiting for the next try": (meeting(fates.NO_NAME), {"resend"}, {"resend", "waive"}),
    "exhausted": (lambda one, shop: fates.give_up(one), {"resend"}, {"resend", "waive"}),
    "rejected before the gate": (meeting(fates.BLOCKED), {"resend"}, {"resend", "waive"}),
    "rejected by an answer": (meeting(fates.NOT_FOUND), NOTHING, {"resend-after-no", "waive"}),
    "unknown": (lose, NOTHING, {"settle", "resend-doubled"}),
    "unverified": (meeting(fates.LOGIN_PAGE), NOTHING, {"settle", "resend-doubled"}),
    "delivered": (lambda one, shop: fates.deliver_it(one), NOTHING, {"resend-doubled"}),
}


def everything_known():
    return (
        list(Delivery.objects.order_by("pk").values_list("state", "is_current", "generation", "fence", "mode")),
        Decision.objects.count(),
    )


def url(delivery, action):
    return f"/deliveries/{delivery.pk}/{action}/"


def press(browser, delivery, action):
    """Send everything that any of the forms asks for."""
    page = browser.get(url(delivery, action))
    seen = page.context["form"].shown_now if page.status_code == 200 and hasattr(page.context["form"], "shown_now") else ""
    answers = {"seen": seen, "typed": "重複", "password": PASSWORD, "reason": "確認した", "was_there": "yes", "day_confirmed": "on"}
    return browser.post(url(delivery, action), answers)


def offered(browser, delivery):
    page = browser.get(f"/deliveries/{delivery.pk}/").content.decode()
    return {action for action in ACTIONS if f'"{url(delivery, action)}"' in page}


@pytest.mark.parametrize("role", ["clerk", "manager", "admin", "accountant"])
@pytest.mark.parametrize("row", TABLE)
def test_a_page_offers_what_the_table_says_and_nothing_else_acts(client, request, delivery, shop, row, role):
    bring_about, clerks, managers = TABLE[row]
    expected = {"clerk": clerks, "accountant": NOTHING}.get(role, managers)
    current = bring_about(delivery, shop)
    browser = sign_in(client, request.getfixturevalue(role))
    before = everything_known()

    assert offered(browser, current) == expected
    for action in set(ACTIONS) - expected:
        assert press(browser, current, action).status_code in {302, 403}
    assert everything_known() == before


@pytest.mark.parametrize(("row", "action"), [(row, action) for row, (_, _, managers) in TABLE.items() for action in sorted(managers)])
def test_what_a_page_offers_acts_once_and_writes_down_who_decided(client, manager, delivery, shop, row, action):
    current = TABLE[row][0](delivery, shop)
    browser = sign_in(client, manager)

    first, second = press(browser, current, action), press(browser, current, action)

    assert [first.status_code, second.status_code] == [302, 302]
    assert [ruled.actor for ruled in Decision.objects.all()] == [manager]


@pytest.mark.parametrize("row", TABLE)
def test_for_another_company_there_is_no_delivery(client, rival_admin, delivery, shop, row):
    current = TABLE[row][0](delivery, shop)
    browser = sign_in(client, rival_admin)

    assert {press(browser, current, action).status_code for action in ACTIONS} == {404}


@pytest.mark.parametrize("row", TABLE)
def test_at_the_till_there_is_the_plain_resend_and_nothing_else(at_till, manager, delivery, shop, row):
    current = TABLE[row][0](delivery, shop)
    till = at_till(manager)
    before = everything_known()

    for action in set(ACTIONS) - {"resend"}:
        press(till, current, action)
    assert everything_known() == before

    till.post(url(current, "resend"))
    assert (Delivery.objects.get(pk=current.pk).state == State.PENDING) == ("resend" in TABLE[row][2] or row == "pending")
