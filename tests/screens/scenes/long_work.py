"""What a job does: its preview, its progress, its result."""

import csv
import io
from datetime import timedelta

from django.utils import timezone

from closing.models import BusinessDay
from closing.moving_job import order_move
from closing.moving_slips import movable
from stores.audit import Origin
from stores.models import Staff, Store
from tests.screens.stage import COMPANY, PASSWORD
from yayoi_link.export_job import order_export
from yayoi_link.importfile import Dialect, import_rows
from yayoi_link.models import Delivery
from yayoi_link.reconcile_job import order_reconciliation
from yayoi_link.states import State

RESULT = "main a.btn-primary"
# More lines than are checked while the page waits.
LINES = 510
# How often a page is opened until the worker is through.
TRIES = 100
HEADER = "伝票番号,種別,営業日,日時,POS番号,担当者コード,10%対象額,10%消費税,支払:CASH"


def resend_many(stage):
    stage.open("/deliveries/bulk/resend/")
    stage.press()
    stage.look("preview")
    while stage.page.locator("main form:has([name=group]) [value='1']").count():
        stage.press("main form:has([name=group]) [value='1']")
    stage.look("preview-of-doubles")
    stage.press_unchecked("#start .btn-primary")
    stage.look("mistakes")
    while stage.page.locator("main tr:has(.state-bad) form:has([name=group]) [value='0']").count():
        stage.press("main tr:has(.state-bad) form:has([name=group]) [value='0']")
    stage.fill(typed="重複", password=PASSWORD)
    stage.press("#start .btn-primary")
    watch_to_the_end(stage, "of-many-days")
    stage.press(RESULT)
    stage.look("result")


def resend_nothing(stage):
    stage.open("/deliveries/bulk/release/")
    stage.fill(first="2001-01-01", last="2001-01-31")
    stage.press()
    stage.look("preview-of-nothing")


def upload_slips(stage):
    today = timezone.localdate()
    upload(stage, lines_of(today, 30, broken=25))
    stage.look("with-mistakes")
    stage.open(f"{stage.page.url.removeprefix(stage.portal)}lines/")
    stage.look()
    upload(stage, lines_of(today, LINES))
    stage.look("checking")
    stage.page.locator("main form[action$='/load/']").wait_for()
    stage.look("preview")
    stage.press("main form[action$='/load/'] button")
    watch_to_the_end(stage, "of-slips")
    stage.press(RESULT)
    stage.look("result")


def upload(stage, content):
    stage.open("/slips/upload/")
    stage.page.locator("main [name=store]").select_option(index=1)
    stage.page.locator("main [name=file]").set_input_files({"name": "伝票.csv", "mimeType": "text/csv", "buffer": content})
    stage.press()


def lines_of(day, count, *, broken=0):
    """Sales of 1,100 yen at two registers; the first of them without a number that a slip could have."""
    numbers = [f"{'=' if place < broken else ''}{700000 + place}" for place in range(count)]
    lines = [f"{number},売上,{day},{day} 00:01,{1 + place % 2 * 2},0101,1100,100,1100" for place, number in enumerate(numbers)]
    return "\n".join([HEADER, *lines]).encode("cp932")


def make_papers(stage):
    """税理士向け月次資料 of last month."""
    month = f"{timezone.localdate().replace(day=1) - timedelta(days=1):%Y-%m}"
    stage.open(f"/days/months/{month}/papers/")
    stage.press("form[action$='/make/'] .btn-primary")
    watch_to_the_end(stage, "of-papers")
    stage.open(f"/days/months/{month}/papers/")
    stage.look("made")


def write_long_period(stage):
    """The demo has too few days for the page to ask for a job by itself."""
    stores, today = Store.objects.filter(company__code=COMPANY), timezone.localdate()
    job = order_export(stores, first=today - timedelta(days=60), last=today, dialect=Dialect.DESKTOP, store=None, by=origin_of("0001"))
    stage.open(f"/deliveries/export/made/{job.pk}/")
    stage.look("under-way")
    stage.page.locator(f"{RESULT}[href$='/file/']").wait_for()
    stage.look("done")


def reconcile_large_file(stage):
    """The demo's books are too small for the page to leave them to a worker; here every row of a day stands in them twice."""
    delivered = Delivery.objects.current().filter(day__store__company__code=COMPANY, state=State.DELIVERED, is_empty=False).latest("pk")
    rows = b"".join(import_rows(delivered.entries, Dialect.DESKTOP).rows)
    stores = Store.objects.filter(company__code=COMPANY)
    job = order_reconciliation(rows * 2, file_name="仕訳日記帳.txt", stores=stores, first=None, last=None, store=None, by=origin_of("0001"))
    stage.open(f"/reconcile/{job.pk}/")
    stage.look("under-way")
    stage.page.locator(RESULT).wait_for()
    stage.look("done")


def move_many_slips(stage):
    """営業日の付け替え of a day that is closed."""
    day = BusinessDay.objects.filter(store__company__code=COMPANY, store__code="0002", revision__gt=0).latest("date")
    to = day.date - timedelta(days=1)
    stage.open(f"/days/0002/{day.date}/move/?since=&to={to}")
    stage.look("preview")
    job = order_move(day, since=None, to=to, seen=movable(day, since=None, to=to), reason="日付をまちがえて開局", by=origin_of("0001"))
    stage.open(f"/days/moves/{job.pk}/")
    stage.look("under-way")
    stage.page.locator(RESULT).wait_for()
    stage.look("done")


def take_in_masters(stage):
    """A file as it was downloaded, once with a row that is new, once with one that cannot be."""
    for kind, code, name in (("staff", "0188", "新田 みなみ"), ("stores", "0009", "国分寺店"), ("staff", "0101", "")):
        stage.open("/")
        header, *rows = csv.reader(
            stage.page.request.get(f"{stage.portal}/masters/csv/{kind}/download/").text().lstrip("\ufeff").splitlines()
        )
        written = io.StringIO()
        csv.writer(written).writerows([header, *rows, [code, name, *rows[-1][2:]]])
        stage.open(f"/masters/csv/{kind}/")
        file = {"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": written.getvalue().encode()}
        stage.page.locator("main [name=file]").set_input_files(file)
        stage.press()
        stage.look(f"{kind}-preview" if name else f"{kind}-mistakes")


def watch_to_the_end(stage, scene):
    stage.look(scene)
    stage.page.locator(RESULT).wait_for()
    stage.look(f"{scene}-done")


def be_told_of_the_end(stage):
    """Work that was left alone has ended meanwhile."""
    stores, today = Store.objects.filter(company__code=COMPANY), timezone.localdate()
    for back in (30, 50):
        order_export(stores, first=today - timedelta(days=back), last=today, dialect=Dialect.DESKTOP, store=None, by=origin_of("0001"))
    for _try in range(TRIES):
        stage.open("/account/")
        if stage.page.locator(".ended-jobs li").count() == 2:
            break
        stage.page.wait_for_timeout(500)
    stage.look("told-of-ended-work")
    stage.open("/")
    stage.look("told-of-ended-work")


def list_of_jobs(stage):
    stage.open("/jobs/")
    stage.look("done")


def origin_of(code):
    person = Staff.objects.select_related("company").get(company__code=COMPANY, code=code)
    return Origin(person, timezone.now(), "127.0.0.1")
