"""Choosing a few of many stores, in a real browser."""

import pytest

from stores.models import Staff, Store
from tests.journeys.portal_pages import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def many_stores(company, shibuya, kichijoji):
    Store.objects.bulk_create(Store(company=company, code=f"1{number:03}", name=f"アリオ{number}号店") for number in range(20))


@pytest.fixture
def new_person(page, live_server, admin, many_stores):
    sign_in(page, live_server, admin)
    page.goto(f"{live_server.url}/staff/new/")
    page.get_by_role("heading", name="担当者を登録").wait_for()
    return page


def shown(page):
    return page.locator("#id_stores label:visible").all_inner_texts()


def test_stores_are_found_by_part_of_their_name_in_whatever_width_it_is_typed(new_person):
    new_person.get_by_label("絞り込む（店舗コードか店舗名の一部）").fill("ｱﾘｵ 号店 1001")

    assert shown(new_person) == ["1001 アリオ1号店"]


def test_what_is_shown_is_ticked_at_once_and_told(new_person):
    new_person.get_by_label("絞り込む（店舗コードか店舗名の一部）").fill("アリオ1")
    new_person.get_by_role("button", name="表示中をすべて選ぶ").click()
    told = [new_person.get_by_text("選択中").inner_text()]
    new_person.get_by_label("絞り込む（店舗コードか店舗名の一部）").fill("アリオ10")
    new_person.get_by_role("button", name="表示中をすべて外す").click()

    assert [*told, new_person.get_by_text("選択中").inner_text()] == ["選択中 11 / 22店舗", "選択中 10 / 22店舗"]


def test_what_is_not_shown_stays_ticked_and_is_saved(new_person):
    new_person.get_by_label("0001 渋谷店").check()
    new_person.get_by_label("絞り込む（店舗コードか店舗名の一部）").fill("アリオ7")
    new_person.keyboard.press("Enter")
    new_person.get_by_label("1007 アリオ7号店").check()
    new_person.get_by_label("担当者コード").fill("0777")
    new_person.get_by_label("氏名").fill("青山 空")
    new_person.get_by_label("権限").select_option("CLERK")
    new_person.get_by_role("button", name="登録", exact=True).click()
    new_person.get_by_text("初期パスワード").first.wait_for()

    assert [store.code for store in Staff.objects.get(code="0777").stores.order_by("code")] == ["0001", "1007"]
