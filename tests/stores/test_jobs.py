"""Long work in pieces: nothing twice, whatever happens to the worker in the middle of it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now

from stores import audit
from stores.access import Ability
from stores.audit import AuditAction, Origin
from stores.jobs import KINDS, JobKind, cancel_job, clear_away, keep_file, make_job, next_piece, register_kind, run_job, take_up
from stores.models import AuditEntry, Job, JobFile
from stores.models.jobs import MOST_VAIN_RUNS
from tests.cast import sign_in
from tests.stores.test_lists import queries_of

ENDED = "時間のかかる処理が終わりました"


class Writing:
    """A kind of job whose rows are lines of 操作履歴, three to a piece; it dies at `dies_at`."""

    dies_at = None

    def advance(self, job):
        piece = range(job.progress, min(job.progress + 3, job.total))
        for number in piece:
            audit.record(AuditAction.STORE_CHANGED, actor=job.actor, company=job.company, subject=str(number), at=job.created_at)
            if number == self.dies_at:
                raise RuntimeError
        return len(piece)

    def finish(self, job):
        keep_file(job, name="結果.csv", content_type="text/csv", content=b"1\r\n", at=job.created_at)
        return {"rows": job.progress}


@pytest.fixture
def writing():
    work = Writing()
    kind = JobKind("writing", lambda job: "書き込み", Ability.SEE_PORTAL, work.advance, work.finish, page=lambda job: f"/written/{job.pk}/")
    register_kind(kind)
    yield work
    del KINDS["writing"]


@pytest.fixture
def job(writing, clerk, moment):
    return make_job(KINDS["writing"], by=Origin(clerk, moment), total=7, subject="0001")


def written():
    return list(AuditEntry.objects.filter(action="STORE_CHANGED").order_by("pk").values_list("subject", flat=True))


def state_of(job):
    return Job.objects.values_list("state", "progress").get(pk=job.pk)


def lease_runs_out(job):
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


ALL = ["0", "1", "2", "3", "4", "5", "6"]


def test_a_job_does_all_its_pieces_and_keeps_its_result(job):
    state = run_job(job.pk)

    assert (state, state_of(job), written()) == ("done", ("done", 7), ALL)
    assert Job.objects.get().result == {"rows": 7}


def test_a_job_that_died_goes_on_where_it_was_and_does_nothing_twice(job, writing):
    writing.dies_at = 4
    run_job(job.pk)
    before = written()

    writing.dies_at = None
    lease_runs_out(job)
    run_job(job.pk)

    assert (before, written(), state_of(job)) == (ALL[:3], ALL, ("done", 7))


def test_a_job_in_hand_is_not_taken_up_by_another_worker(job, writing):
    writing.dies_at = 0
    run_job(job.pk)

    assert (run_job(job.pk), written()) == (None, [])


def test_a_worker_that_was_overtaken_writes_nothing_more(job):
    slow = take_up(job.pk, transaction.atomic)
    lease_runs_out(job)
    run_job(job.pk)

    assert next_piece(slow, transaction.atomic) is None
    assert written() == ALL


def test_a_job_that_never_gets_on_is_given_up(job, writing):
    writing.dies_at = 0
    for _ in range(MOST_VAIN_RUNS + 1):
        lease_runs_out(job)
        run_job(job.pk)

    assert (state_of(job), written()) == (("failed", 0), [])


def test_a_job_of_a_kind_that_nobody_knows_any_more_is_given_up(job):
    Job.objects.update(kind="forgotten")

    run_job(job.pk)

    assert state_of(job) == ("failed", 0)


def test_a_worker_that_is_told_to_stop_leaves_the_rest_to_the_next(job):
    stopping = iter([False, True])
    run_job(job.pk, is_stopping=lambda: next(stopping))
    before = written()

    run_job(job.pk)

    assert (before, written()) == (ALL[:3], ALL)


def test_a_cancelled_job_keeps_what_it_has_done(job, clerk, moment):
    stopping = iter([False, True])
    run_job(job.pk, is_stopping=lambda: next(stopping))

    assert cancel_job(job, by=Origin(clerk, moment))
    assert (run_job(job.pk), state_of(job), written()) == (None, ("cancelled", 3), ALL[:3])


def test_a_job_that_has_ended_is_not_cancelled(job, clerk, moment):
    run_job(job.pk)

    assert not cancel_job(job, by=Origin(clerk, moment))
    assert state_of(job) == ("done", 7)


def test_a_draft_is_not_run(job):
    Job.objects.update(state=Job.State.DRAFT)

    assert (run_job(job.pk), written()) == (None, [])


def test_files_are_gone_after_seven_days_and_drafts_after_one(job, writing, clerk, moment):
    make_job(KINDS["writing"], by=Origin(clerk, moment), total=1, state=Job.State.DRAFT)
    run_job(job.pk)
    JobFile.objects.update(created_at=Now() - timedelta(days=7, seconds=1))

    clear_away()

    assert (JobFile.objects.count(), list(Job.objects.values_list("state", flat=True))) == (0, ["done"])


def test_the_page_shows_the_progress_and_watches(client, clerk, job):
    stopping = iter([False, True])
    run_job(job.pk, is_stopping=lambda: next(stopping))

    page = sign_in(client, clerk).get(f"/jobs/{job.pk}/").content.decode()

    assert [word in page for word in ("7件中 3件", f'hx-get="/jobs/{job.pk}/progress/"', "処理中", "中止")] == [True] * 4


def test_a_page_that_watches_is_loaded_again_when_the_job_has_ended(client, clerk, job):
    browser = sign_in(client, clerk)
    watched = browser.get(f"/jobs/{job.pk}/progress/")
    run_job(job.pk)

    ended = browser.get(f"/jobs/{job.pk}/progress/")

    assert ("7件中 0件" in watched.content.decode(), ended.headers.get("HX-Refresh")) == (True, "true")


def test_the_result_is_downloaded_for_seven_days(client, clerk, job):
    run_job(job.pk)
    JobFile.objects.update(created_at=Now())
    browser = sign_in(client, clerk)
    fresh = browser.get(f"/jobs/{job.pk}/file/")
    JobFile.objects.update(created_at=Now() - timedelta(days=7, seconds=1))

    assert (fresh.status_code, fresh.content) == (200, b"1\r\n")
    assert browser.get(f"/jobs/{job.pk}/file/").status_code == 404


@pytest.mark.parametrize("path", ["", "progress/", "file/"])
@pytest.mark.parametrize("other", ["rival_admin", "admin"])
def test_a_job_of_somebody_else_does_not_exist(client, request, job, path, other):
    run_job(job.pk)
    JobFile.objects.update(created_at=Now())

    assert sign_in(client, request.getfixturevalue(other)).get(f"/jobs/{job.pk}/{path}").status_code == 404


def test_somebody_elses_job_is_not_cancelled(client, admin, job):
    response = sign_in(client, admin).post(f"/jobs/{job.pk}/cancel/")

    assert (response.status_code, state_of(job)) == (404, ("waiting", 0))


def test_the_list_has_ones_own_jobs_at_a_constant_cost(client, clerk, admin, job, moment):
    browser = sign_in(client, clerk)
    for_one = queries_of(browser, "/jobs/")
    for _ in range(2):
        make_job(KINDS["writing"], by=Origin(clerk, moment), total=1, subject="自分の")
    make_job(KINDS["writing"], by=Origin(admin, moment), total=1, subject="他人の")

    assert queries_of(browser, "/jobs/") == for_one
    assert "他人の" not in browser.get("/jobs/").content.decode()


def test_cancelling_is_written_into_the_audit(client, clerk, job):
    sign_in(client, clerk).post(f"/jobs/{job.pk}/cancel/")

    assert AuditEntry.objects.values_list("action", "subject").get() == ("JOB_CANCELLED", "書き込み 0001")


def is_told(browser, path="/account/"):
    return ENDED in browser.get(path).content.decode()


def test_whoever_left_a_job_is_told_of_its_end_until_it_is_looked_at(client, clerk, job):
    browser = sign_in(client, clerk)
    before = is_told(browser)
    run_job(job.pk)

    told = browser.get("/account/").content.decode()

    assert (before, ENDED in told) == (False, True)
    assert f'<a href="/jobs/{job.pk}/">書き込み 0001</a>' in told
    assert [is_told(browser), is_told(browser, f"/jobs/{job.pk}/"), is_told(browser)] == [True, False, False]


@pytest.mark.parametrize("path", ["/jobs/", "/jobs/{}/file/"])
def test_the_list_and_the_file_show_the_end_too(client, clerk, job, path):
    run_job(job.pk)
    JobFile.objects.update(created_at=Now())
    browser = sign_in(client, clerk)

    browser.get(path.format(job.pk))

    assert not is_told(browser)


def test_a_job_that_failed_is_told_as_a_warning(client, clerk, job):
    Job.objects.update(state="failed", finished_at=Now())

    page = sign_in(client, clerk).get("/account/").content.decode()

    assert ("notice-warning ended-jobs" in page, "失敗" in page) == (True, True)


def test_nobody_is_told_of_what_others_began_or_was_cancelled_or_ended_long_ago(client, clerk, admin, job, moment):
    cancel_job(job, by=Origin(clerk, moment))
    run_job(make_job(KINDS["writing"], by=Origin(admin, moment), total=1, subject="他人の").pk)
    old = make_job(KINDS["writing"], by=Origin(clerk, moment), total=1, subject="昔の")
    run_job(old.pk)
    Job.objects.filter(pk=old.pk).update(finished_at=Now() - timedelta(days=8))

    assert not is_told(sign_in(client, clerk))


def test_of_many_the_latest_three_are_named(client, clerk, job, moment):
    for number in range(1, 5):
        run_job(make_job(KINDS["writing"], by=Origin(clerk, moment), total=1, subject=f"{number}番").pk)

    page = sign_in(client, clerk).get("/account/").content.decode()

    assert [f"{number}番" in page for number in range(1, 5)] == [False, True, True, True]
    assert "すべての処理を見る" in page
