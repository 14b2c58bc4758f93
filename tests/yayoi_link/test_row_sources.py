"""伝票 ⇄ 日計 ⇄ 仕訳: every row of the books leads to what it adds up, and every slip to its row."""

import re
from html import unescape

import pytest

from closing.models import BusinessDay, CashMovement, CashReason, Slip
from closing.moving_slips import movable, move_slips
from closing.signals import Wish
from closing.trading_day import close_day, open_day, record_movement
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY, NEXT_DAY


@pytest.fixture
def reader(client, accountant):
    return sign_in(client, accountant)


def sources_on(browser, path):
    """The addresses behind the rows of a page's sheet, by their 摘要."""
    page = browser.get(path).content.decode()
    links = re.findall(r'data-label="摘要"><a href="([^"]+)">([^<]+)</a>', page)
    return {text.split(" #")[0]: unescape(address) for address, text in links}


def slips_at(browser, address):
    return [slip.number for slip in browser.get(address).context["page"].slips]


def row_address(browser, delivery):
    [address] = sources_on(browser, f"/deliveries/{delivery.pk}/").values()
    return address


def trace_of(browser, number):
    """(delivery, yen of this slip) of the row that the slip's page names."""
    context = browser.get(f"/slips/{Slip.objects.get(number=number).pk}/").context
    postings = [layer for layer in context if "posting" in layer] if context else []
    return (postings[0]["posting"], [row.share for row in postings[0]["rows"]]) if postings else None


def test_a_row_leads_to_the_slips_that_it_adds_up(reader, delivery):
    assert slips_at(reader, row_address(reader, delivery)) == ["1"]


def test_a_row_does_not_lead_to_what_came_after_its_close(reader, delivery, shop, linked):
    shop.sell(linked, DAY, "late")

    assert slips_at(reader, row_address(reader, delivery)) == ["1"]


def test_a_mistake_of_the_same_day_stands_behind_the_row_that_it_is_netted_with(reader, shop, linked):
    day = open_day(linked, DAY, by=shop.by, today=DAY)
    sale = shop.sell(linked, DAY, "1", 2200)
    shop.sell(linked, DAY, "2")
    shop.take_back(linked, sale)
    made = close_day(day, counts=None, by=shop.by).deliveries.get()

    assert sorted(slips_at(reader, row_address(reader, made))) == ["1", "2", "91"]


def test_a_row_of_a_difference_leads_to_what_came_since(reader, delivery, shop, linked):
    fates.deliver_it(delivery)
    shop.sell(linked, DAY, "late", 550)
    difference = shop.close_again(delivery, wish=Wish.DIFFERENCE)

    assert slips_at(reader, row_address(reader, difference)) == ["late"]


def test_a_slip_leads_to_the_posting_that_took_it(reader, delivery, shop, linked):
    fates.deliver_it(delivery)
    shop.sell(linked, DAY, "late", 550)
    difference = shop.close_again(delivery, wish=Wish.DIFFERENCE)

    assert [trace_of(reader, number) for number in ("1", "late")] == [(delivery, [1100]), (difference, [550])]


def test_a_difference_that_waits_for_a_decision_holds_what_came_since_and_no_more(reader, delivery, shop, linked):
    fates.deliver_it(delivery)
    shop.switch_off(linked)
    shop.sell(linked, DAY, "late", 550)
    held = shop.close_again(delivery, wish=Wish.DIFFERENCE)

    assert (held.is_frozen, trace_of(reader, "late")) == (False, (held, [550]))
    assert trace_of(reader, "1") == (delivery, [1100])


def test_slips_that_were_moved_are_found_on_the_day_of_the_books(reader, shop, linked, register):
    forgotten = open_day(linked, DAY, by=shop.by, today=DAY)
    shop.sell(linked, DAY, "1")
    move_slips(
        forgotten,
        since=None,
        to=NEXT_DAY,
        seen=movable(forgotten, since=None, to=NEXT_DAY),
        reason="営業日の間違い",
        by=shop.by,
        today=NEXT_DAY,
    )
    made = close_day(BusinessDay.objects.get(date=NEXT_DAY), counts=None, by=shop.by).deliveries.get()

    assert slips_at(reader, row_address(reader, made)) == ["1"]
    assert "/days/0001/2026-04-02/?revision=1" in reader.get(f"/slips/{Slip.objects.get().pk}/").content.decode()


def test_a_row_of_cash_leads_to_its_movement(reader, shop, linked, register, company):
    day = open_day(linked, DAY, by=shop.by, today=DAY)
    reason = CashReason.objects.create(company=company, code="9", name="両替", for_paid_in=True, account="現金")
    record_movement(day, CashMovement(register=register, direction="PAID_IN", reason=reason, amount=100), by=shop.by)
    made = close_day(day, counts=None, by=shop.by).deliveries.get()

    page, _, anchor = row_address(reader, made).partition("#")

    assert f'id="{anchor}"' in reader.get(page).content.decode()


def test_a_line_of_the_day_leads_to_its_slips(reader, delivery, shop, linked):
    shop.sell(linked, DAY, "late")
    shown = reader.get(f"/days/0001/{DAY}/").content.decode()

    [address] = re.findall(r'<a href="([^"]+)">伝票を見る</a>', shown)

    assert slips_at(reader, unescape(address)) == ["1"]


def test_the_slips_of_another_companys_day_do_not_exist(client, rival_admin, delivery):
    response = sign_in(client, rival_admin).get("/slips/", {"day": delivery.day_id})

    assert response.status_code == 404


def test_what_a_person_adds_narrows_the_slips_of_a_row_further(reader, delivery):
    address = row_address(reader, delivery)

    assert (slips_at(reader, f"{address}&number=1"), slips_at(reader, f"{address}&number=2")) == (["1"], [])
