"""What goes wrong at the close itself, up to what the receiver gets of it."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from time_machine import travel

from closing.categories import ReversalReason, SlipKind, TaxCategory
from closing.intake import book_slips
from closing.models import BusinessDay, Closing, PaymentMethod
from closing.slip_content import OriginalSlip, PaymentPart, TaxPart
from closing.trading_day import RegisterCount, close_day, open_day
from tests.cast import sign_in
from tests.closing.conftest import sale
from tests.running_portal import url_of_test_database
from tests.yayoi_link.receiver import PATIENCE, Receiver
from tests.yayoi_link.shop import DAY, outcomes_of, state_of
from tests.yayoi_link.worker_process import eventually
from yayoi_link.benchmark_slips import Chain
from yayoi_link.delivery import deliver
from yayoi_link.models import Delivery, WorkerSighting
from yayoi_link.states import State

YESTERDAY, MONTH_END = DAY - timedelta(days=1), date(2026, 4, 30)
MANY = 30
COUNTED = {"entries": MANY, "register1-counting": "TOTAL", "register1-actual_cash": "0", "register1-carry_over": "0"}
ON_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="a full disk is made with a pragma of SQLite")


def post_of(receiver):
    return json.loads(receiver.received[0].body)


def killed_in_the_middle_of_its_close(day):
    """Return what the process said before it was killed: how far its close had come."""
    command = [sys.executable, "-m", "tests.yayoi_link.killed_close", str(day.pk)]
    killed = subprocess.run(
        command, env=os.environ | {"DATABASE_URL": url_of_test_database()}, capture_output=True, text=True, timeout=PATIENCE
    )
    assert killed.returncode == -signal.SIGKILL
    return killed.stdout


def test_fault_26_a_close_killed_before_its_commit_leaves_the_day_open_and_sends_nothing(shop, workers):
    with Receiver() as receiver:
        store = shop.store(receiver.url())
        day = open_day(store, DAY, by=shop.by, today=DAY)
        shop.sell(store, DAY, "1")
        assert killed_in_the_middle_of_its_close(day) == "pending\n"
        workers.start("--once").exit_code()
        left = (BusinessDay.objects.get().state, Closing.objects.count(), Delivery.objects.count(), receiver.connections)

        delivery = close_day(day, counts=None, by=shop.by).deliveries.get()
        workers.start("--once").exit_code()

    assert left == (BusinessDay.State.OPEN, 0, 0, 0)
    assert (state_of(delivery), receiver.copies) == (State.DELIVERED, Counter({str(delivery.key): 1}))


@pytest.fixture
def full_disk(transactional_db):
    """Return a function that lets the database grow no further."""

    def fill():
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            pages = cursor.execute("PRAGMA page_count").fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages}")

    yield fill
    connection.close()


def sell_by_many_methods(shop, store):
    """So that a close writes more than what is left in the pages that are there."""
    for number in range(MANY):
        PaymentMethod.objects.create(company=shop.company, code=f"CARD{number}", name=f"クレジットカード{number}", kind="CREDIT")
        shop.sell(store, DAY, f"{number}", method=f"CARD{number}")


@ON_SQLITE
def test_fault_36_a_full_disk_at_the_close_refuses_it_with_a_message(shop, linked, register, clerk, full_disk, at_till):
    open_day(linked, DAY, by=shop.by, today=DAY)
    sell_by_many_methods(shop, linked)
    till = at_till(clerk)
    full_disk()

    answer = till.post("/register/2026-04-01/close/", COUNTED)

    assert (answer.status_code, "ただいま混み合っているため、登録できませんでした。" in answer.text) == (503, True)
    assert (BusinessDay.objects.get().state, Closing.objects.count(), Delivery.objects.count()) == (BusinessDay.State.OPEN, 0, 0)


@pytest.mark.parametrize("hours", [24, 25, 26.5])
def test_fault_40_a_close_after_midnight_at_the_end_of_a_month_is_of_the_day_that_was_opened(client, shop, state_dir, manager, hours):
    with Receiver() as receiver:
        store = shop.store(receiver.url())
        shop.manager.stores.add(store)
        opened = open_day(store, MONTH_END, by=shop.by, today=MONTH_END)
        closes_at = datetime(2026, 4, 29, 15, tzinfo=UTC) + timedelta(hours=hours)  # midnight in Japan, and so many hours
        with travel(closes_at, tick=False):
            sold = sale("1", business_date=MONTH_END, issued_at=closes_at, staff_code=manager.code)
            book_slips(store, [sold], by=shop.by, today=closes_at.date())
            delivery = close_day(opened, counts=None, by=shop.by).deliveries.get()
        deliver(delivery.pk)

    posting = post_of(receiver)
    assert (posting["batch"]["business_date"], {row["date"] for row in posting["transactions"]}) == ("2026-04-30", {"2026-04-30"})
    assert days_told(sign_in(client, manager), delivery) == [True, True, True, True]
    assert not BusinessDay.objects.filter(date__month=5).exists()


def days_told(browser, delivery):
    """Whether 日計, the list as CSV, the import file and the delivery's page all speak of April's last day and of none in May."""
    store = delivery.day.store.code
    pages = [f"/days/{store}/2026-04-30/", "/days/csv/?month=2026-04", f"/days/{store}/2026-04-30/export/", f"/deliveries/{delivery.pk}/"]
    texts = [answer_text(browser.get(page)) for page in pages]
    return [any(last in text for last in ("2026年4月30日", "2026/04/30", "2026-04-30")) for text in texts]


def answer_text(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("cp932" if "export" in response.request["PATH_INFO"] else "utf-8")


def test_fault_49_a_late_slip_changes_nothing_by_itself_and_is_shown(client, shop, workers, manager):
    with Receiver() as receiver:
        store = shop.store(receiver.url())
        shop.manager.stores.add(store)
        delivery = shop.close(store)
        workers.start("--once").exit_code()
        shop.sell(store, DAY, "2", 550)
        workers.start("--once").exit_code()

    assert (state_of(delivery), receiver.copies) == (State.DELIVERED, Counter({str(delivery.key): 1}))
    assert list(Delivery.objects.values_list("pk", flat=True)) == [delivery.pk]
    assert "送信後に変更あり" in sign_in(client, manager).get("/days/?month=2026-04").content.decode()


def test_fault_50_a_day_without_sales_is_not_sent_and_was_never_tried(shop, state_dir):
    with Receiver() as receiver:
        day = open_day(shop.store(receiver.url()), DAY, by=shop.by, today=DAY)
        delivery = close_day(day, counts=None, by=shop.by).deliveries.get()

        assert deliver(delivery.pk) is None

    assert (delivery.state, outcomes_of(delivery), receiver.connections) == (State.WAIVED, [], 0)


def brought_back(sold):
    """The customer returns on the next day."""
    original = OriginalSlip("1001", 1, sold.business_date, sold.number)
    parts = {"taxes": (TaxPart(TaxCategory.STANDARD_10, -2200, -200),), "payments": (PaymentPart("CASH", -2200),)}
    kind = {"kind": SlipKind.REVERSAL, "reason": ReversalReason.RETURN, "original": original}
    return replace(sold, number="3", business_date=DAY, **kind, **parts)


def test_fault_50_refunds_above_sales_swap_the_sides_and_no_amount_is_negative(shop, state_dir):
    with Receiver() as receiver:
        store = shop.store(receiver.url())
        yesterday, day = (open_day(store, on, by=shop.by, today=DAY) for on in (YESTERDAY, DAY))
        sold = shop.sell(store, YESTERDAY, "1", 2200)
        close_day(yesterday, counts=None, by=shop.by)
        shop.sell(store, DAY, "2", 1100)
        book_slips(store, [brought_back(sold)], by=shop.by, today=DAY)
        deliver(close_day(day, counts=None, by=shop.by).deliveries.get().pk)

    amounts = [(row["direction"], row["amount"]) for row in post_of(receiver)["transactions"]]
    assert sorted(amounts) == [("expense", 2200), ("income", 1100)]


def test_fault_50_a_shortage_goes_out_and_its_amount_is_positive(shop, state_dir):
    with Receiver() as receiver:
        store = shop.store(receiver.url())
        day = open_day(store, DAY, by=shop.by, today=DAY)
        shop.sell(store, DAY, "1", 1100)
        deliver(close_day(day, counts=[RegisterCount(1, 1010, 0)], by=shop.by).deliveries.get().pk)

    rows = {row["key"]: (row["direction"], row["amount"]) for row in post_of(receiver)["transactions"]}
    assert rows == {"sales/CASH/STANDARD_10": ("income", 1100), "short": ("expense", 90)}


@pytest.mark.django_db
def test_fault_51_the_posting_of_a_large_day_is_no_larger_than_that_of_a_small_one(state_dir):
    chain = Chain.found()

    small, large = (chain.close(chain.sell(size)).deliveries.get() for size in (60, 1_200))

    assert (small.row_count, large.row_count) == (7, 7)
    assert len(large.body) < len(small.body) + 50


def test_fault_53_without_a_worker_a_day_closes_and_its_people_are_told(client, shop, state_dir, admin):
    delivery = shop.close(shop.store("http://127.0.0.1:9/link/token"))

    page = sign_in(client, admin).get("/", follow=True).content.decode()

    assert (WorkerSighting.objects.count(), state_of(delivery)) == (0, State.PENDING)
    assert "弥生への送信が止まっています" in page


@pytest.fixture
def endless_import(shop, workers):
    """1,000 slips after 1,000 slips, each thousand in one transaction, from a thread of its own; gives how many thousand there were."""
    store, is_over, thousands = shop.store("http://127.0.0.1:9/link/token"), threading.Event(), []
    open_day(store, DAY, by=shop.by, today=DAY)

    def run():
        while not is_over.wait(0.02):
            numbers = range(1000 * len(thousands), 1000 * len(thousands) + 1000)
            book_slips(store, [sale(f"{number}", staff_code=shop.manager.code) for number in numbers], by=shop.by, today=DAY)
            thousands.append(numbers)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    yield thousands
    is_over.set()
    thread.join(PATIENCE)


def test_fault_63_deliveries_arrive_at_their_first_try_while_imports_run_without_end(shop, workers, endless_import):
    with Receiver() as receiver:
        eventually(lambda: len(endless_import) > 0)
        worker = workers.start()
        deliveries = [shop.close(shop.store(receiver.url(f"token-{number}"))) for number in range(10)]
        eventually(lambda: Delivery.objects.filter(state=State.DELIVERED).count() == len(deliveries))
        before = len(endless_import)
        eventually(lambda: len(endless_import) > before)

    assert [outcomes_of(delivery) for delivery in deliveries] == [[("worker", "DELIVERED", "")]] * len(deliveries)
    assert (receiver.copies, "locked" in worker.text) == (Counter(str(one.key) for one in deliveries), False)
