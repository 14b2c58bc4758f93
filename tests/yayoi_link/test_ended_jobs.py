"""Each page that shows how long work ended: whoever has been there is told of it no more."""

import pytest
from django.utils import timezone

from stores.audit import Origin
from stores.jobs import KINDS, make_job
from stores.models import Job
from tests.cast import sign_in

PAGES = {
    "bulk_rulings": ("/deliveries/bulk/{job}/", {"act": "resend"}, {}),
    "export_period": ("/deliveries/export/made/{job}/", {}, {}),
    "monthly_papers": ("/days/months/2026-04/papers/", {"month": "2026-04-01"}, {}),
    "reconciliation": ("/reconcile/{job}/", {}, {}),
    "move_slips": ("/days/moves/{job}/", {"day": None, "to": "2026-04-02"}, {"slips": 3, "movements": 0}),
    "slip_file_loading": ("/slips/upload/{job}/", {"store": None}, {"days": {}, "kept": 0}),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_that_shows_the_end_of_a_job_has_shown_it(client, admin, delivery, name):
    path, wish, result = PAGES[name]
    named = {"day": delivery.day_id, "store": delivery.day.store_id}
    job = make_job(KINDS[name], by=Origin(admin, timezone.now()), total=1, wish={key: named.get(key, value) for key, value in wish.items()})
    Job.objects.update(state="done", result=result, finished_at=timezone.now())

    response = sign_in(client, admin).get(path.format(job=job.pk))

    assert (response.status_code, Job.objects.ended_unseen().exists()) == (200, False)
