import re

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.cast import sign_in


def tabs_on(page):
    return [tab["label"] for tab in page.context["tabs"]]


def test_a_missing_page_says_so_in_the_products_look(client, clerk):
    response = sign_in(client, clerk).get("/nothing/")

    assert response.status_code == 404
    assert "ページが見つかりません" in response.content.decode()


@pytest.mark.parametrize(
    ("template", "sentence"),
    [("500.html", "画面を表示できませんでした"), ("503.html", "混み合っています"), ("400.html", "受け付けられません")],
)
def test_the_pages_for_the_worst_need_neither_request_nor_database(template, sentence):
    assert sentence in render_to_string(template)


def test_an_outdated_form_is_explained(clerk):
    browser = sign_in(Client(enforce_csrf_checks=True), clerk)

    response = browser.post("/settings/master-sync/")

    assert response.status_code == 403
    assert "画面の有効期限が切れています" in response.content.decode()


def test_a_server_error_shows_no_trace(clerk, settings):
    settings.ROOT_URLCONF = "tests.stores.broken_page"
    browser = sign_in(Client(raise_request_exception=False), clerk)

    response = browser.get("/broken/")

    assert response.status_code == 500
    assert "ZeroDivisionError" not in response.content.decode()


def test_the_header_speaks_english_after_the_switch(client, clerk):
    sign_in(client, clerk).post("/language/", {"language": "en", "next": "/"})

    assert '<html lang="en"' in client.get("/").content.decode()


def test_an_administrator_has_the_tab_of_the_masters_and_a_clerk_has_not(client, client_elsewhere, admin, clerk):
    pages = [sign_in(client, admin).get("/"), sign_in(client_elsewhere, clerk).get("/")]

    assert ["マスタ" in tabs_on(page) for page in pages] == [True, False]


def test_the_menu_of_operations_begins_with_its_settings(client, admin):
    page = sign_in(client, admin).get("/")

    menu = next(tab for tab in page.context["tabs"] if tab["label"] == "運用管理")
    assert [item["label"] for item in menu["items"]] == ["運用管理設定", "時間のかかる処理", "操作履歴"]


def test_no_page_carries_inline_scripts_or_styles(client, admin):
    policy = sign_in(client, admin).get("/")["Content-Security-Policy"]

    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy


def test_no_script_stands_before_the_first_picture_of_a_page(client, admin):
    page = sign_in(client, admin).get("/").content.decode()

    scripts = re.findall(r"<script[^>]*>", page)
    assert scripts != []
    assert [script for script in scripts if " defer" not in script] == []


def test_the_top_page_says_what_a_new_company_lacks(client, admin):
    assert "最初の店舗を登録する" in sign_in(client, admin).get("/").content.decode()
