"""Whoever has a link can write into the books: after a whole run it is nowhere but where it must be."""

import contextlib
import sqlite3

import pytest
from django.conf import settings
from django.contrib import admin
from django.utils import timezone

from stores.audit import Origin
from stores.authenticator import code_of, step_at
from stores.models import Job, JobFile, Staff
from tests.cast import APP_SECRET, PASSWORD, give_second_factor
from tests.journeys.chain import ONE_SALE, load_slips
from tests.journeys.leftovers import answers_in, downloads, files_in, rows_of_database, sessions
from tests.journeys.portal_pages import open_link_settings, register_link, sign_in
from tests.journeys.till_pages import choose_day, close_with_total, press_close, sign_in_at_till, wait_for_outcome
from tests.journeys.walk import Walk
from tests.yayoi_link.worker_process import eventually
from yayoi_link.bulk_preview import BulkAct, preview
from yayoi_link.bulk_rulings import BULK, choose, counts_of, start
from yayoi_link.importfile import Dialect
from yayoi_link.models import BulkItem
from yayoi_link.monthly_papers.scope import scope_for
from yayoi_link.papers_job import order_papers


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


def send_again_in_bulk(chain):
    """What a person starts on the page of 連携の一括操作; the worker does it."""
    by = Origin(chain.admin, timezone.now())
    job = preview(BULK, BulkAct.RESEND, [chain.store], first=chain.today, last=chain.today, by=by)
    choose(job, BulkItem.objects.of(job), is_chosen=True)
    start(job, seen=counts_of(job), answers={}, by=by)
    eventually(lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE and JobFile.objects.of(job).exists())
    return job


def have_papers_made(chain):
    """What a person presses on the page of 税理士向け月次資料."""
    scope = scope_for(chain.admin, chain.today.replace(day=1), store=None, dialect=Dialect.DESKTOP, today=chain.today)
    job = order_papers(scope, store=None, product="", by=Origin(chain.admin, timezone.now()))
    eventually(lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE)
    return job


def files_to_save(page, portal, chain, *jobs):
    period = f"first={chain.today}&last={chain.today}&store=&dialect=desktop"
    paths = [
        "/days/csv/",
        f"/deliveries/export/download/?{period}",
        *(f"/jobs/{each.pk}/file/" for each in jobs),
    ]
    return downloads(page, *(portal.url + path for path in paths))


def look_at_everything(page, portal, person):
    page.context.clear_cookies()
    sign_in(page, portal, person)
    Walk(page).follow_every_link()


def look_at_the_django_admin(page, portal, chain):
    operator = Staff.objects.create_superuser(f"operator-{chain.company.code}", PASSWORD)
    give_second_factor(operator)
    page.context.clear_cookies()
    page.goto(f"{portal.url}/admin/")
    page.locator("[name=username]").fill(operator.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[type=submit]").click()
    page.get_by_label("確認コード").fill(code_of(APP_SECRET, step_at(timezone.now())))
    page.get_by_role("button", name="ログイン").click()
    page.get_by_role("heading", name="企業の管理").wait_for()
    for model in admin.site._registry:
        page.goto(f"{portal.url}/admin/{model._meta.app_label}/{model._meta.model_name}/")


def live_through_it_all(page, portal, chain, link, tmp_path):
    """Register, fail, send again, in bulk too, and look at whatever can be looked at. Returns what was saved as files."""
    sign_in(page, portal, chain.admin)
    register(page, chain, link.address)
    fail_and_send_again(page, chain, link, tmp_path)
    job = send_again_in_bulk(chain)
    look_at_everything(page, portal, chain.admin)
    saved = list(files_to_save(page, portal, chain, job, have_papers_made(chain)))
    look_at_the_django_admin(page, portal, chain)
    return saved


def test_a_links_token_is_nowhere_after_a_whole_run(portal, chain, issued_link, recorded_page, recording, post_office, tmp_path):
    Staff.objects.filter(pk=chain.admin.pk).update(email="admin@shop.example")
    saved = live_through_it_all(recorded_page, portal, chain, issued_link, tmp_path)
    storage = ("storage of the browser", str(recorded_page.context.storage_state()))
    recorded_page.context.close()

    mails = [("mail", f"{mail.items()} {mail.get_content()}") for mail in post_office.mails]
    left = [storage, *saved, *mails, *answers_in(recording), *rows_of_database(), *sessions(), *files_in(portal.logs, settings.STATE_DIR)]

    told = {f"answer of {portal.url}/settings/yayoi/", "mail", "table stores_mail", "table stores_jobfile", "file worker.log"}
    assert told <= {place for place, text in left if "127.0.0.1 …" in text or f"/{chain.store.code}" in text or chain.store.name in text}
    assert [place for place, text in left if issued_link.token in text] == []


def test_the_sandbox_keeps_a_token_in_one_column(portal, chain, issued_link):
    issued_link.answer_with("404")

    with contextlib.closing(sqlite3.connect(portal.logs.parent / "sandbox.sqlite3")) as database:
        rows = [row for row in database.iterdump() if issued_link.token in row]

    assert [(row.split("(")[0], row.count(issued_link.token)) for row in rows] == [('INSERT INTO "sandbox_link" VALUES', 1)]
