"""営業日の付け替え of a large closed day: a worker does all of it or nothing, and says which."""

import pytest

from closing import moving_job
from closing.models import MonthLock, Slip
from closing.moving_slips import movable
from closing.trading_day import close_day
from stores.jobs import run_job
from stores.models import Job
from tests.cast import sign_in
from tests.closing.conftest import DAY, EVENING, book, sale
from tests.closing.test_moving_slips import CHOICE, MORNING, NEXT, PAGE, sales_of

WISH = CHOICE | {"reason": "閉局忘れ"}


@pytest.fixture(autouse=True)
def next_evening(time_machine):
    time_machine.move_to(EVENING.replace(day=2), tick=False)


@pytest.fixture
def closed(day, shibuya, by, monkeypatch):
    """A closed day with two slips of the next morning, where one would be too many for a page."""
    book(shibuya, sale("1"), sale("2", 2_200, issued_at=MORNING), sale("3", 3_300, issued_at=MORNING), by=by)
    close_day(day, counts=None, by=by)
    monkeypatch.setattr(moving_job, "MOST_SLIPS_AT_ONCE", 1)
    day.refresh_from_db()
    return day


@pytest.fixture
def job(client, manager, closed):
    seen = sign_in(client, manager).get(PAGE, CHOICE).context["seen"]
    client.post(PAGE, WISH | {"seen": seen})
    return Job.objects.get()


def test_a_large_move_is_announced_as_work_that_goes_on_by_itself(client, manager, closed):
    page = sign_in(client, manager).get(PAGE, CHOICE).content.decode()

    assert "画面を閉じても続く処理として移します" in page


def test_nothing_moves_before_the_worker_takes_it_up(job):
    assert (Slip.objects.filter(day__date=NEXT).count(), job.state, job.total) == (0, "waiting", 2)


def test_the_worker_moves_what_was_seen_and_says_so(client, manager, job, closed):
    run_job(job.pk)

    page = client.get(f"/days/moves/{job.pk}/").content.decode()
    assert [slip.total for slip in Slip.objects.filter(day__date=NEXT).order_by("number")] == [2_200, 3_300]
    assert sales_of(closed)[0][2] == 1_100
    assert (Job.objects.get().result, "伝票2件と入出金0件" in page) == ({"slips": 2, "movements": 0}, True)


def test_pressed_twice_it_moves_once(client, manager, job, closed):
    seen = client.get(PAGE, CHOICE).context["seen"]
    client.post(PAGE, WISH | {"seen": seen})

    run_job(job.pk)
    run_job(job.pk)

    assert (Job.objects.count(), Slip.objects.filter(day__date=NEXT).count()) == (1, 2)


def test_what_has_changed_since_moves_nothing_and_says_so(client, shibuya, by, job, closed):
    book(shibuya, sale("4", 400, issued_at=MORNING), by=by)

    run_job(job.pk)

    page = client.get(f"/days/moves/{job.pk}/").content.decode()
    assert (Slip.objects.filter(day__date=NEXT).count(), "依頼したあとに" in page) == (0, True)


def test_a_month_that_is_locked_meanwhile_moves_nothing_and_says_so(client, job, closed):
    MonthLock.objects.create(company=closed.store.company, month=DAY.replace(day=1))

    run_job(job.pk)

    page = client.get(f"/days/moves/{job.pk}/").content.decode()
    assert (Slip.objects.filter(day__date=NEXT).count(), "月次締め済みのため" in page) == (0, True)


def test_it_cannot_be_stopped_half_way(client, job):
    client.post(f"/jobs/{job.pk}/cancel/")

    assert Job.objects.get().state == "waiting"


def test_what_moves_is_named_before(closed):
    assert moving_job.is_long_work(closed, movable(closed, since=MORNING, to=NEXT))


def test_a_move_exists_for_nobody_else(client, rival_admin, admin, job):
    pages = [sign_in(client, person).get(f"/days/moves/{job.pk}/").status_code for person in (rival_admin, admin)]

    assert pages == [404, 404]
