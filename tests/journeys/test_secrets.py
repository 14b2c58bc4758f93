"""Whoever has a link can write into the books: after a whole run it is nowhere but where it must be."""

import contextlib
import sqlite3

import pytest
from django.conf import settings
from django.contrib import admin

from stores.models import Staff
from tests.cast import PASSWORD
from tests.journeys.chain import ONE_SALE, load_slips
from tests.journeys.leftovers import answers_in, files_in, rows_of_database, sessions
from tests.journeys.portal_pages import open_link_settings, register_link, sign_in
from tests.journeys.till_pages import choose_day, close_with_total, press_close, sign_in_at_till, wait_for_outcome
from tests.journeys.walk import Walk


@pytest.fixture
def recording(tmp_path):
    return tmp_path / "answers.har"


@pytest.fixture
def recorded_page(open_page, recording):
    return open_page(record_har_path=recording, record_har_content="embed")


@pytest.fixture
def issued_link(chain, bookkeeper):
    return bookkeeper.issue_link(chain.store.name)


def register(page, chain, address):
    """First pasted with a mistake, then right."""
    open_link_settings(page)
    register_link(page, chain.store, f"{address} もう一度")
    page.get_by_text("まだ登録していません。").wait_for()
    register_link(page, chain.store, address)
    page.get_by_text("登録しました。").wait_for()


def fail_and_send_again(page, chain, link, tmp_path):
    sign_in_at_till(page, chain.admin)
    choose_day(page, chain.today)
    load_slips(chain, tmp_path / "伝票.csv", ONE_SALE.format(day=chain.today))
    link.answer_with("404", postings_left=1)
    close_with_total(page, "1100")
    wait_for_outcome(page, "接続先リンクが無効です")
    page.get_by_role("link", name="この営業日を見る").click()
    press_close(page)
    page.get_by_label("全件を送る").check()
    page.get_by_role("button", name="確定").click()
    wait_for_outcome(page, "連携済")


def look_at_everything(page, portal, person):
    page.context.clear_cookies()
    sign_in(page, portal, person)
    Walk(page).follow_every_link()


def look_at_the_django_admin(page, portal, chain):
    operator = Staff.objects.create_superuser(f"operator-{chain.company.code}", PASSWORD)
    page.context.clear_cookies()
    page.goto(f"{portal.url}/admin/")
    page.locator("[name=username]").fill(operator.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[type=submit]").click()
    for model in admin.site._registry:
        page.goto(f"{portal.url}/admin/{model._meta.app_label}/{model._meta.model_name}/")


def test_a_links_token_is_nowhere_after_a_whole_run(portal, chain, issued_link, recorded_page, recording, tmp_path):
    sign_in(recorded_page, portal, chain.admin)
    register(recorded_page, chain, issued_link.address)
    fail_and_send_again(recorded_page, chain, issued_link, tmp_path)
    look_at_everything(recorded_page, portal, chain.admin)
    look_at_the_django_admin(recorded_page, portal, chain)
    storage = ("storage of the browser", str(recorded_page.context.storage_state()))
    recorded_page.context.close()

    left = [storage, *answers_in(recording), *rows_of_database(), *sessions(), *files_in(portal.logs, settings.STATE_DIR)]

    assert f"answer of {portal.url}/settings/yayoi/" in [place for place, text in left if "127.0.0.1 …" in text]
    assert [place for place, text in left if issued_link.token in text] == []


def test_the_sandbox_keeps_a_token_in_one_column(portal, chain, issued_link):
    issued_link.answer_with("404")

    with contextlib.closing(sqlite3.connect(portal.logs.parent / "sandbox.sqlite3")) as database:
        rows = [row for row in database.iterdump() if issued_link.token in row]

    assert [(row.split("(")[0], row.count(issued_link.token)) for row in rows] == [('INSERT INTO "sandbox_link" VALUES', 1)]
