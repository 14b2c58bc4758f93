import json
import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from closing.models import BusinessDay, Closing, Slip, SlipSplit
from regi_admin.processes import CHECKOUT
from yayoi_link.benchmark_copies import copy_date
from yayoi_link.benchmark_slips import Chain
from yayoi_link.models import Delivery

# They make databases of the configured kind.
pytestmark = pytest.mark.on_both_databases


def measured(*arguments):
    """From a process of its own: it makes a database, and throws it away."""
    command = [sys.executable, "manage.py", "benchmark", *arguments, "--json"]
    return json.loads(subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout)


@pytest.fixture(scope="module")
def found():
    return measured("close", "--sizes", "10", "1500", "--other-slips", "20")


@pytest.fixture
def chain(db, state_dir):
    return Chain.found()


def test_the_close_is_measured_on_the_configured_kind_of_database(found):
    assert (found["benchmark"], found["database"]) == ("close", connection.vendor)
    assert [(each["slips"], each["other_slips"]) for each in found["measurements"]] == [(10, 20), (1500, 20)]


def test_fault_51_a_close_asks_the_same_queries_however_many_slips_the_day_has(found):
    small, large = found["measurements"]

    assert small["queries"] == large["queries"]


def test_fault_51_a_close_loads_no_slip(found):
    _small, large = found["measurements"]

    assert large["peak_kib"] < 512


def test_the_proof_of_the_books_is_measured_in_a_process_of_its_own():
    books = measured("books", "--slips", "30")

    assert (books["benchmark"], books["database"]) == ("books", connection.vendor)
    assert [(each["slips"], each["days"]) for each in books["measurements"]] == [(31, 1)]


def test_pages_are_measured_as_the_portal_and_the_till_show_them():
    pages = measured("pages", "--stores", "2", "--slips", "80", "--only", "top", "closing:till_day", "closing:days_csv")

    found = {each["page"].split()[0]: each for each in pages["measurements"]}
    assert (pages["database"], set(found)) == (connection.vendor, {"top", "closing:till_day", "closing:days_csv"})
    assert [name for name, each in found.items() if each["is_file"]] == ["closing:days_csv"]
    assert all(each["queries"] > 5 and each["kib"] > 1 for each in found.values() if not each["is_file"])


@pytest.mark.django_db(transaction=True)
def test_a_date_is_copied_with_all_that_hangs_on_it(chain):
    day = chain.sell(3)
    chain.close(day)
    rows = {model: model.objects.count() for model in (BusinessDay, Slip, SlipSplit, Closing, Delivery)}

    copy_date(day.date, day.date - timedelta(days=1))

    copy = BusinessDay.objects.get(date=day.date - timedelta(days=1))
    assert {model: model.objects.count() for model in rows} == {model: 2 * number for model, number in rows.items()}
    assert (copy.sales_total, copy.slip_count, copy.state) == (BusinessDay.objects.get(pk=day.pk).sales_total, 3, "CLOSED")
    assert {delivery.closing.day for delivery in copy.deliveries.all()} == {copy}
    assert set(copy.slips.values_list("business_date", flat=True)) == {copy.date}


def test_the_intake_of_slips_is_measured_call_by_call():
    intake = measured("ingest", "--batches", "1")

    assert (intake["benchmark"], intake["database"]) == ("ingest", connection.vendor)
    assert [each["slips"] for each in intake["measurements"]] == [1_000]


def test_days_are_copied_to_other_stores_until_there_are_as_many_slips_as_wanted(chain):
    told = []

    present = chain.fill(50, per_day=10, stores=3, tell=told.append)

    days = BusinessDay.objects.order_by("pk").values_list("store__code", "date__day", "slip_count")
    assert list(days) == [("0001", 1, 10), ("0002", 1, 10), ("0003", 1, 10), ("0001", 2, 10), ("0002", 2, 10)]
    assert (present, told, Slip.objects.count()) == (50, ["+ 30", "+ 50"], 50)


def test_copied_days_are_books_that_add_up(chain):
    chain.fill(50, per_day=10, stores=3, tell=str)
    for day in BusinessDay.objects.all():
        chain.take_back(day)
        chain.close(day)
    said = StringIO()

    call_command("check_books", stdout=said)

    assert said.getvalue() == "5日分の帳簿は、すべて一致しています。\n"
    assert len(set(SlipSplit.objects.values_list("store", "date"))) == 5
