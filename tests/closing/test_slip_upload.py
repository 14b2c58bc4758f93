"""CSV取込: the file is checked, then written once, whatever happens to the worker or to the books in between."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models.functions import Now

from closing import slip_upload
from closing.models import BusinessDay, KeptSlip, MonthLock, RegisterDay, Slip, SlipFileRemark, SlipPayment, SlipSplit, SlipTax
from closing.register_settlement import RegisterCount
from closing.slip_loading import load_slips
from closing.slip_upload import NoLongerThere, discard, start_loading, upload
from closing.trading_day import close_day
from stores.jobs import cancel_job, clear_away, run_job
from stores.models import AuditEntry, Job, JobFile
from tests.closing.conftest import DAY
from tests.closing.slip_lines import CARD_SALE, CASH_SALE, REFUND, sales, slip_file

pytestmark = pytest.mark.usefixtures("evening", "register", "methods", "small_pieces")
FILE = slip_file(CASH_SALE, CARD_SALE, REFUND, *sales(4, first=11))


@pytest.fixture
def small_pieces(monkeypatch):
    """So that seven lines are several pieces."""
    monkeypatch.setattr(slip_upload, "LINES_CHECKED_AT_ONCE", 3)
    monkeypatch.setattr(slip_upload, "SLIPS_WRITTEN_AT_ONCE", 2)


@pytest.fixture
def origin(manager, by):
    return type(by)(manager, by.at, by.address)


def check(store, content, *, by):
    job = upload(store, content, file_name="伝票.csv", by=by)
    run_job(job.pk)
    job.refresh_from_db()
    return job


def take_in(store, content, *, by, **wish):
    job = start_loading(check(store, content, by=by), **{"keeps_bad_lines": False} | wish, by=by)
    run_job(job.pk)
    job.refresh_from_db()
    return job


def stopping_after(pieces):
    answers = iter([False] * pieces + [True])
    return lambda: next(answers)


def books():
    """Every row of the books, by what it says and not by its number."""
    of_slip = [f"slip__{name}" for name in ("register__number", "business_date", "number")]
    names = {
        Slip: ["day__date", "register__number", "original__number", "staff__code", *own_fields(Slip)],
        SlipTax: [*of_slip, *own_fields(SlipTax)],
        SlipPayment: [*of_slip, "method__code", *own_fields(SlipPayment)],
        SlipSplit: [*of_slip, "store__code", "method__code", *own_fields(SlipSplit)],
        BusinessDay: ["store__code", "opened_by__code", *own_fields(BusinessDay)],
        RegisterDay: ["day__date", "register__number", *own_fields(RegisterDay)],
    }
    return {model.__name__: sorted(map(repr, model.objects.values_list(*fields))) for model, fields in names.items()}


def own_fields(model):
    return [field.name for field in model._meta.concrete_fields if not (field.primary_key or field.is_relation)]


def test_a_checked_file_is_taken_in_to_the_yen_and_deleted(shibuya, origin):
    job = take_in(shibuya, FILE, by=origin)

    assert (job.state, job.progress, job.result) == (
        "done",
        7,
        {"days": {"2026-04-01": {"created": 6, "unchanged": 0}, "2026-03-31": {"created": 1, "unchanged": 0}}, "kept": 0},
    )
    assert list(BusinessDay.objects.order_by("date").values_list("date", "slip_count", "sales_total")) == [
        (date(2026, 3, 31), 1, 2200),
        (DAY, 6, 3300),
    ]
    assert JobFile.objects.count() == 0
    call_command("check_books", verbosity=0)


def test_the_books_are_the_same_as_after_load_slips(shibuya, origin):
    savepoint = transaction.savepoint_create()
    load_slips(shibuya, FILE, file_name="伝票.csv", by=origin, today=DAY)
    after_command = books()
    transaction.savepoint_rollback(savepoint)

    take_in(shibuya, FILE, by=origin)

    assert books() == after_command


def test_the_same_file_again_changes_nothing(shibuya, origin):
    take_in(shibuya, FILE, by=origin)
    before = books()

    again = check(shibuya, FILE, by=origin)

    assert (again.result["counts"]["KNOWN"], again.result["counts"]["NEW"]) == (7, 0)
    with pytest.raises(NoLongerThere):
        start_loading(again, keeps_bad_lines=False, by=origin)
    assert books() == before


def test_looking_at_a_file_writes_nothing_to_the_books(shibuya, origin):
    check(shibuya, FILE, by=origin)

    assert (BusinessDay.objects.count(), Slip.objects.count(), KeptSlip.objects.count()) == (0, 0, 0)


def test_a_file_with_a_bad_line_is_not_taken_in(shibuya, origin):
    checked = check(shibuya, slip_file(CASH_SALE, CARD_SALE.replace("2200", "x", 1)), by=origin)

    with pytest.raises(NoLongerThere):
        start_loading(checked, keeps_bad_lines=False, by=origin)

    assert (Slip.objects.count(), SlipFileRemark.objects.values_list("line", "fate").get()) == (0, (3, "REFUSED"))


def test_bad_lines_go_into_保留_when_somebody_says_so(shibuya, origin):
    bad = slip_file(CASH_SALE, CARD_SALE.replace("2200", "x", 1), CASH_SALE.replace("1100,100", "1100,99"), *sales(1, first=11))

    job = take_in(shibuya, bad, by=origin, keeps_bad_lines=True)

    assert (job.result["kept"], Slip.objects.count()) == (2, 2)
    assert sorted(KeptSlip.objects.values_list("source", "cause")) == [("FILE", "CONFLICT"), ("FILE", "INVALID")]
    assert KeptSlip.objects.get(cause="INVALID").received["10%対象額"] == "x"


def test_more_bad_lines_than_people_can_decide_about_are_not_kept(shibuya, origin):
    bad = [line.replace(",1100,100,", ",x,100,") for line in sales(101, first=100)]
    checked = check(shibuya, slip_file(CASH_SALE, *bad), by=origin)

    with pytest.raises(NoLongerThere):
        start_loading(checked, keeps_bad_lines=True, by=origin)


def test_what_belongs_to_a_locked_month_goes_into_保留(shibuya, company, origin):
    MonthLock.objects.create(company=company, month=date(2026, 3, 1), is_locked=True)

    job = take_in(shibuya, slip_file(CASH_SALE, CARD_SALE), by=origin)

    assert (job.result["kept"], KeptSlip.objects.get().cause, Slip.objects.get().number) == (1, "LOCKED", "000001")


def test_a_month_that_is_locked_after_the_preview_keeps_its_slips_out(shibuya, company, origin):
    job = start_loading(check(shibuya, slip_file(CASH_SALE, CARD_SALE), by=origin), keeps_bad_lines=False, by=origin)
    MonthLock.objects.create(company=company, month=date(2026, 3, 1), is_locked=True)

    run_job(job.pk)

    assert (KeptSlip.objects.get().cause, Slip.objects.get().number) == ("LOCKED", "000001")


@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_a_loading_that_was_broken_off_goes_on_where_it_was(shibuya, origin, pieces):
    job = start_loading(check(shibuya, FILE, by=origin), keeps_bad_lines=False, by=origin)
    run_job(job.pk, is_stopping=stopping_after(pieces))
    before = Slip.objects.count()

    run_job(job.pk)

    job.refresh_from_db()
    assert (before, Slip.objects.count(), job.progress) == (2 * pieces, 7, 7)
    assert sum(day["created"] + day["unchanged"] for day in job.result["days"].values()) == 7


def test_a_check_that_was_broken_off_begins_anew(shibuya, origin):
    job = upload(shibuya, slip_file(CASH_SALE, CASH_SALE, *sales(5, first=11)), file_name="伝票.csv", by=origin)
    run_job(job.pk, is_stopping=stopping_after(1))

    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.progress, job.result["counts"]["NEW"]) == ("done", 7, 6)
    assert SlipFileRemark.objects.values_list("line", "fate").get() == (3, "REPEATED")


def test_a_day_closed_between_two_pieces_becomes_changed_after_its_close(shibuya, origin):
    job = start_loading(check(shibuya, slip_file(*sales(6)), by=origin), keeps_bad_lines=False, by=origin)
    run_job(job.pk, is_stopping=stopping_after(1))
    closing = close_day(BusinessDay.objects.get(), counts=[RegisterCount(1, 2200, 0)], by=origin)

    run_job(job.pk)

    day = BusinessDay.objects.get()
    assert (closing.sales_total, day.slip_count, day.changed_after_close) == (2200, 6, True)


def test_of_two_clicks_one_takes_the_file_in(shibuya, origin):
    checked = check(shibuya, FILE, by=origin)
    start_loading(checked, keeps_bad_lines=False, by=origin)

    with pytest.raises(NoLongerThere):
        start_loading(checked, keeps_bad_lines=False, by=origin)

    assert Job.objects.filter(kind="slip_file_loading").count() == 1


def test_a_loading_that_is_stopped_keeps_what_it_has_written_and_says_so(shibuya, origin):
    job = start_loading(check(shibuya, FILE, by=origin), keeps_bad_lines=False, by=origin)
    run_job(job.pk, is_stopping=stopping_after(1))

    cancel_job(job, by=origin)

    job.refresh_from_db()
    assert (run_job(job.pk), Slip.objects.count(), JobFile.objects.count()) == (None, 2, 0)
    assert job.result["days"] == {"2026-03-31": {"created": 1, "unchanged": 0}, "2026-04-01": {"created": 1, "unchanged": 0}}


def test_a_loading_stops_when_its_person_no_longer_has_the_store(shibuya, origin):
    job = start_loading(check(shibuya, FILE, by=origin), keeps_bad_lines=False, by=origin)
    run_job(job.pk, is_stopping=stopping_after(1))
    origin.actor.stores.remove(shibuya)

    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.result["is_forbidden"], Slip.objects.count()) == ("done", True, 2)


def test_what_was_taken_in_is_written_into_the_audit(shibuya, origin):
    take_in(shibuya, FILE, by=origin)

    entries = AuditEntry.objects.filter(action__in=["SLIP_UPLOAD_STARTED", "SLIPS_LOADED"]).order_by("pk")
    assert list(entries.values_list("action", "subject", "changes", "actor__code")) == [
        ("SLIP_UPLOAD_STARTED", "伝票.csv", {"ファイル": "伝票.csv", "行数": 7}, "0101"),
        ("SLIPS_LOADED", "2026-03-31", {"ファイル": "伝票.csv", "件数": 1}, "0101"),
        ("SLIPS_LOADED", "2026-04-01", {"ファイル": "伝票.csv", "件数": 6}, "0101"),
    ]


def test_a_file_that_nobody_takes_in_is_gone_after_a_day_with_what_was_said_of_it(shibuya, origin):
    check(shibuya, slip_file(CASH_SALE, CASH_SALE), by=origin)
    JobFile.objects.update(created_at=Now() - timedelta(days=1, seconds=1))

    clear_away()
    upload(shibuya, FILE, file_name="次.csv", by=origin)

    assert (JobFile.objects.get().name, SlipFileRemark.objects.count()) == ("次.csv", 0)


def test_a_file_that_waits_for_the_worker_is_not_cleared_away(shibuya, origin):
    upload(shibuya, FILE, file_name="伝票.csv", by=origin)
    JobFile.objects.update(created_at=Now() - timedelta(days=2))

    clear_away()

    assert JobFile.objects.count() == 1


def test_a_file_that_is_given_up_is_deleted_at_once(shibuya, origin):
    checked = check(shibuya, slip_file(CASH_SALE, CASH_SALE), by=origin)

    discard(checked)

    assert (JobFile.objects.count(), SlipFileRemark.objects.count()) == (0, 0)
