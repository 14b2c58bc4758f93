"""CSV取込 in the hands of real worker processes: killed in the middle of the writing, or with a close in the middle of it."""

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.db.models.functions import Now
from django.utils import timezone

from closing.models import BusinessDay, PaymentMethod, Slip
from closing.slip_upload import SLIPS_WRITTEN_AT_ONCE, start_loading, upload
from closing.trading_day import close_day
from stores.audit import Origin
from stores.jobs import run_job
from stores.models import Job
from tests.closing.slip_lines import sales, slip_file
from tests.yayoi_link.worker_process import eventually

SLIPS = 4 * SLIPS_WRITTEN_AT_ONCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("state_dir")]


@pytest.fixture
def loading(company, shibuya, register, manager):
    """A file of some pieces that somebody has said yes to."""
    for code, kind in (("CASH", "CASH"), ("VISA", "CREDIT")):
        PaymentMethod.objects.create(company=company, code=code, name=code, kind=kind)
    by = Origin(manager, timezone.now())
    check = upload(shibuya, slip_file(*sales(SLIPS)), file_name="伝票.csv", by=by)
    run_job(check.pk)
    return start_loading(check, keeps_bad_lines=False, by=by)


def is_done(job):
    return Job.objects.get(pk=job.pk).state == Job.State.DONE


def test_a_worker_killed_in_the_middle_of_a_loading_leaves_it_to_the_next_and_no_slip_is_doubled(loading, workers):
    first = workers.start()
    eventually(lambda: Slip.objects.exists())
    first.kill()
    # Nobody waits for the lease of the dead one.
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=Now())

    workers.start()
    eventually(lambda: is_done(loading))

    day, counted = BusinessDay.objects.get(), Job.objects.get(pk=loading.pk).result["days"]["2026-04-01"]
    assert (day.slip_count, day.sales_total, Slip.objects.aggregate(sum=Sum("total"))["sum"]) == (SLIPS, SLIPS * 1100, SLIPS * 1100)
    assert counted == {"created": SLIPS, "unchanged": 0}
    call_command("check_books", verbosity=0)


def test_a_close_in_the_middle_of_a_loading_goes_through_and_holds_what_was_there(loading, workers, manager):
    workers.start()
    eventually(lambda: Slip.objects.exists())
    closing = close_day(BusinessDay.objects.get(), counts=None, by=Origin(manager, timezone.now()))

    eventually(lambda: is_done(loading))

    day = BusinessDay.objects.get()
    assert (day.slip_count, closing.slip_count) == (SLIPS, Slip.objects.up_to(day, closing.entries).count())
    call_command("check_books", verbosity=0)
