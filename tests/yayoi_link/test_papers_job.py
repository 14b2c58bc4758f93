"""税理士向け月次資料 as a job: whatever happens to the worker, whole papers or none."""

import pytest

from stores.audit import Origin
from stores.jobs import run_job
from stores.models import Job, JobFile
from tests.yayoi_link.paper_month import AFTERWARDS, FIRST, MONTH, NOON, bytes_of
from yayoi_link.importfile import Dialect
from yayoi_link.monthly_papers import making
from yayoi_link.monthly_papers.scope import scope_for
from yayoi_link.papers_job import order_papers

ALL_PAPERS = 3 + 7 + 1


@pytest.fixture
def job(april, accountant, monkeypatch):
    monkeypatch.setattr(making, "DAYS_AT_ONCE", 1)
    scope = scope_for(accountant, MONTH, store=None, dialect=Dialect.DESKTOP, today=AFTERWARDS)
    return order_papers(scope, store=None, product="", by=Origin(accountant, NOON))


def run_pieces(job, pieces):
    """A worker that is told to stop after so many pieces."""
    left = iter([False] * pieces)
    return run_job(job.pk, is_stopping=lambda: next(left, True))


def progress():
    return Job.objects.values_list("state", "progress", "total").get()


def test_the_job_keeps_the_papers_as_its_file(job, accountant):
    run_job(job.pk)

    assert (progress(), Job.objects.get().result) == (("done", ALL_PAPERS, ALL_PAPERS), {"file": "税理士向け月次資料_1000_2026-04.zip"})
    assert bytes(JobFile.objects.get().content) == bytes_of(accountant)


def test_a_worker_that_takes_the_papers_over_begins_them_anew_and_makes_the_same(job, accountant):
    run_pieces(job, 2)
    before = progress()

    run_job(job.pk)

    assert (before, progress()) == (("running", 2, ALL_PAPERS), ("done", ALL_PAPERS, ALL_PAPERS))
    assert bytes(JobFile.objects.get().content) == bytes_of(accountant)


def test_days_that_are_closed_in_the_meantime_are_counted_anew(job, shop, april):
    run_pieces(job, 2)
    shop.close(april, FIRST.replace(day=10))

    run_job(job.pk)

    assert progress() == ("done", ALL_PAPERS + 1, ALL_PAPERS + 1)


def test_papers_asked_for_again_after_they_are_made_are_a_new_job(job, accountant):
    run_job(job.pk)

    scope = scope_for(accountant, MONTH, store=None, dialect=Dialect.DESKTOP, today=AFTERWARDS)
    again = order_papers(scope, store=None, product="", by=Origin(accountant, NOON))

    assert again.pk != job.pk


def test_nobody_makes_papers_of_what_its_person_sees_no_longer(job):
    job.actor.is_active = False
    job.actor.save()

    run_job(job.pk)

    assert (progress()[0], JobFile.objects.exists()) == ("done", False)
