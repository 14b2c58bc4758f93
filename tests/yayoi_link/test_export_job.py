"""弥生インポート形式 of many days: made by a worker, whole or not at all, and downloaded by whoever asked."""

import io
import zipfile

import pytest

from stores.jobs import run_job
from stores.models import AuditEntry, Job, JobFile, Store
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link import export_job
from yayoi_link.exporting import export_days
from yayoi_link.importfile import Dialect
from yayoi_link.models import Delivery
from yayoi_link.views import exports

PERIOD = {"first": "2026-04-01", "last": "2026-04-30", "store": "", "dialect": "desktop"}
ORDER = "/deliveries/export/make/"


@pytest.fixture
def long_period(shop, linked, delivery, monkeypatch):
    """Two closed days, where one would be enough for a worker."""
    fates.deliver_it(delivery)
    shop.close(linked, NEXT_DAY)
    monkeypatch.setattr(exports, "MOST_DAYS_AT_ONCE", 1)
    monkeypatch.setattr(export_job, "DAYS_PER_PIECE", 1)


@pytest.fixture
def job(client, accountant, long_period):
    sign_in(client, accountant).post(ORDER, PERIOD)
    return Job.objects.get()


def zipped_file(job):
    with zipfile.ZipFile(io.BytesIO(bytes(JobFile.objects.get(job=job).content))) as archive:
        [name] = archive.namelist()
        return archive.read(name)


def run_pieces(job, pieces):
    left = iter([False] * pieces)
    return run_job(job.pk, is_stopping=lambda: next(left, True))


def expected(linked):
    [part] = export_days(Store.objects.filter(pk=linked.pk), first=DAY, last=NEXT_DAY, dialect=Dialect.DESKTOP).parts
    return part.content


def test_a_long_period_is_offered_as_work_that_goes_on_by_itself(client, accountant, long_period):
    page = sign_in(client, accountant).get("/deliveries/export/", PERIOD).content.decode()

    assert ["閉局した営業日が2件あります" in page, ORDER in page, "/deliveries/export/download/" in page] == [True, True, False]


def test_a_long_period_is_not_downloaded_from_the_page(client, accountant, long_period):
    response = sign_in(client, accountant).get("/deliveries/export/download/", PERIOD)

    assert response.url.startswith("/deliveries/export/?")


def test_the_worker_writes_what_the_page_would_have_written(job, linked):
    run_job(job.pk)

    assert zipped_file(job) == expected(linked)
    assert Job.objects.values_list("state", "progress", "total").get() == ("done", 2, 2)


def test_a_worker_that_takes_it_over_begins_anew_and_writes_the_same(job, linked):
    run_pieces(job, 1)
    run_job(job.pk)

    assert zipped_file(job) == expected(linked)


def test_a_day_that_is_closed_again_meanwhile_is_not_lost(job, linked, shop, delivery):
    whole = expected(linked)
    run_pieces(job, 1)
    shop.sell(linked, NEXT_DAY, "2")
    shop.close_again(Delivery.objects.get(day__date=NEXT_DAY))

    run_job(job.pk)

    assert zipped_file(job).count(b"\r\n") == whole.count(b"\r\n")


def test_the_same_is_not_written_twice_at_once(client, accountant, job):
    response = sign_in(client, accountant).post(ORDER, PERIOD)

    assert (response.url, Job.objects.count()) == (f"/deliveries/export/made/{job.pk}/", 1)


def test_the_page_of_the_work_leads_to_the_file_and_the_history_names_it(client, accountant, job):
    run_job(job.pk)

    page = sign_in(client, accountant).get(f"/deliveries/export/made/{job.pk}/").content.decode()

    assert ["営業日2件" in page, f"/jobs/{job.pk}/file/" in page] == [True, True]
    assert AuditEntry.objects.filter(action="BOOKS_EXPORTED").count() == 1


def test_one_who_stops_it_gets_no_file(client, accountant, job):
    sign_in(client, accountant).post(f"/jobs/{job.pk}/cancel/")
    run_job(job.pk)

    assert (Job.objects.get().state, JobFile.objects.exists()) == ("cancelled", False)


def test_it_exists_for_nobody_else(client, rival_admin, manager, job):
    pages = [sign_in(client, person).get(f"/deliveries/export/made/{job.pk}/").status_code for person in (rival_admin, manager)]

    assert pages == [404, 404]


def test_a_clerk_may_not_order_it(client, clerk, long_period):
    assert sign_in(client, clerk).post(ORDER, PERIOD).status_code == 403


def test_nonsense_orders_nothing(client, accountant, long_period):
    sign_in(client, accountant).post(ORDER, {**PERIOD, "first": "soon"})

    assert not Job.objects.exists()
