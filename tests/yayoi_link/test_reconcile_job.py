"""照合 of a large file: compared by a worker in pieces, with the same findings as at once, and nothing of the file kept."""

import pytest

from stores.jobs import run_job
from stores.models import AuditEntry, Job, JobFile, Store
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.shop import NEXT_DAY
from tests.yayoi_link.test_reconcile import FOREIGN, rows_at_yayoi, upload
from yayoi_link import reconcile_job
from yayoi_link.daybook import read_daybook
from yayoi_link.reconcile_words import header_of_lines, lines_of_day, lines_of_unsent
from yayoi_link.reconciling import Comparison, reconcile, sorted_out
from yayoi_link.row_comparison import Match
from yayoi_link.views import reconcile as view

UNREADABLE = b"2000,1,,nonsense\r\n"


@pytest.fixture
def two_days(shop, linked, delivery, monkeypatch):
    """One day stands in the books twice, the next was not sent yet; one row, one store and one date are a worker's piece."""
    monkeypatch.setattr(view, "LARGEST_AT_ONCE", 1)
    monkeypatch.setattr(reconcile_job, "ROWS_PER_PIECE", 1)
    monkeypatch.setattr(reconcile_job, "STORES_PER_PIECE", 1)
    fates.deliver_it(delivery)
    shop.sell(linked, NEXT_DAY, "9")
    shop.close(linked, NEXT_DAY)
    delivery.refresh_from_db()
    return delivery


@pytest.fixture
def content(two_days):
    return rows_at_yayoi(two_days, two_days) + FOREIGN + UNREADABLE


@pytest.fixture
def job(client, accountant, content):
    upload(sign_in(client, accountant), content, last=NEXT_DAY.isoformat())
    return Job.objects.get()


def result_of(job):
    file = JobFile.objects.get(job=job)
    return Job.objects.get(pk=job.pk).result, bytes(file.content)


def at_once(content):
    return reconcile(content, stores=Store.objects.all(), last=NEXT_DAY)


def run_pieces(job, pieces):
    left = iter([False] * pieces)
    return run_job(job.pk, is_stopping=lambda: next(left, True))


def test_a_large_file_is_left_to_a_worker(client, job):
    page = client.get(f"/reconcile/{job.pk}/").content.decode()

    assert (job.state, job.progress, job.total, JobFile.objects.get().role) == ("waiting", 0, 4, "uploaded")
    assert ["開始待ち" in page, f"/jobs/{job.pk}/cancel/" in page] == [True, True]


def test_the_worker_finds_what_the_page_would_have_found(job, content):
    whole = at_once(content)
    run_job(job.pk)

    result, _csv = result_of(job)
    said = [line for day in whole.days for line in lines_of_day(day)] + list(lines_of_unsent(whole.unsent))
    assert result["counts"] == {match.value: count for match, count in whole.counts.items() if count} == {"same": 1, "double": 1}
    assert sorted(result["lines"]) == sorted(map(list, said))
    assert [line[3] for line in result["lines"]] == ["重複", "送信待ち"]
    assert (
        (result["rows"], result["foreign"], result["bad_row_count"]) == (whole.row_count, whole.foreign, len(whole.bad_rows)) == (3, 1, 1)
    )


def test_what_it_found_stands_on_its_page_and_in_a_file(client, job):
    run_job(job.pk)

    page = client.get(f"/reconcile/{job.pk}/").content.decode()
    file = client.get(f"/jobs/{job.pk}/file/").content.decode("utf-8-sig").splitlines()

    assert [word in page for word in ("一致 1", "重複 1", "弥生でこの行を削除してください。", "読み取れない行が1行あります")] == [True] * 4
    assert (file[0], len(file)) == (",".join(header_of_lines()), 3)
    assert "重複" in file[1]


def test_of_the_uploaded_file_nothing_is_left(job):
    run_job(job.pk)

    assert list(JobFile.objects.values_list("role", flat=True)) == ["made"]
    assert AuditEntry.objects.get(action="BOOKS_RECONCILED").changes == {"行数": 3}


@pytest.mark.parametrize("pieces", [1, 3, 5, 6])
def test_a_worker_that_takes_it_over_begins_anew_and_finds_the_same(client, accountant, content, job, pieces):
    upload(client, content, last=NEXT_DAY.isoformat())
    other = Job.objects.exclude(pk=job.pk).get()
    run_job(other.pk)

    run_pieces(job, pieces)
    run_job(job.pk)

    assert result_of(job) == result_of(other)
    assert AuditEntry.objects.filter(action="BOOKS_RECONCILED").count() == 2


def test_a_day_is_compared_once_whatever_dates_lead_to_it(two_days):
    rows, _bad_rows = sorted_out(read_daybook(rows_at_yayoi(two_days)))
    comparison = Comparison(rows, first=None, last=NEXT_DAY)
    stores = Store.objects.all()
    dates = comparison.dates_to_compare(stores)

    assert dates == [two_days.day.date, NEXT_DAY]
    found = [day for date in (*dates, *dates) for day in comparison.days_of(stores, first=date, last=date)]
    assert [(day.day, day.findings.count(Match.SAME)) for day in found] == [(two_days.day, 1)]
    assert [delivery.day.date for delivery in comparison.result.unsent] == [NEXT_DAY]


def test_one_who_stops_it_gets_no_result_and_the_file_is_gone(client, job):
    client.post(f"/jobs/{job.pk}/cancel/")
    run_job(job.pk)

    page = client.get(f"/reconcile/{job.pk}/").content.decode()
    assert (Job.objects.get().state, JobFile.objects.exists(), "照合の結果はありません。" in page) == ("cancelled", False, True)


def test_a_file_without_a_single_row_is_said_to_be_so(client, accountant, two_days):
    upload(sign_in(client, accountant), UNREADABLE)
    job = Job.objects.get()
    run_job(job.pk)

    page = client.get(f"/reconcile/{job.pk}/").content.decode()
    assert ["照合できませんでした" in page, "項目の数が25または27ではありません" in page] == [True, True]
    assert not JobFile.objects.exists()


def test_who_reads_english_is_told_in_english(client, accountant, job):
    accountant.language = "en"
    accountant.save(update_fields=["language"])
    run_job(job.pk)

    result, csv = result_of(job)
    assert result["lines"][0][3] == "Double"
    assert "Line of the file" in csv.decode()


def test_it_exists_for_nobody_else(client, rival_admin, manager, job):
    pages = [sign_in(client, person).get(f"/reconcile/{job.pk}/").status_code for person in (rival_admin, manager)]

    assert pages == [404, 404]


def test_a_store_that_is_no_longer_seen_takes_its_file_along(client, job):
    run_job(job.pk)
    job.wish["stores"].append(0)
    job.save(update_fields=["wish"])

    assert client.get(f"/jobs/{job.pk}/file/").status_code == 404
