"""A close in the moment in which the database does not answer: the clerk keeps what he typed, and nothing is done by half."""

import contextlib
import re
import threading
from html import unescape

import pytest
from django.db import connection, transaction

from closing.models import BusinessDay, Closing, RegisterDay
from closing.trading_day import open_day
from stores.models import Register
from tests.cast import PASSWORD, sign_in
from tests.yayoi_link.shop import DAY
from tests.yayoi_link.worker_process import PATIENCE
from yayoi_link.models import Delivery

CLOSE, COUNT, RESULT = "/register/2026-04-01/close/", "/register/2026-04-01/count/1/", "/register/2026-04-01/result/"
SENTENCE = "ただいま混み合っているため、登録できませんでした。入力した内容は残っています。"
COUNTED = {"register1-counting": "TOTAL", "register1-actual_cash": "1234", "register1-carry_over": "0", "register1-reason": "数え間違い"}

pytestmark = pytest.mark.usefixtures("transactional_db", "state_dir")


@pytest.fixture
def sold(shop, linked):
    """A day with one sale of 1,100 yen, and what the form of its close says."""
    open_day(linked, DAY, by=shop.by, today=DAY)
    shop.sell(linked, DAY, "1")
    return COUNTED | {"entries": str(BusinessDay.objects.get().entries), "expected": "1100"}


@pytest.fixture
def till(at_till, clerk):
    till = at_till(clerk)
    till.raise_request_exception = False
    return till


@contextlib.contextmanager
def somebody_writing():
    """Another connection that holds the lock which a close needs first."""
    has_lock, is_over = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            BusinessDay.objects.update(entries=BusinessDay.objects.get().entries)
            has_lock.set()
            is_over.wait(PATIENCE)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    has_lock.wait(PATIENCE)
    yield
    is_over.set()
    writer.join()


@contextlib.contextmanager
def database_away():
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "/nowhere/at-all"
    yield
    connection.settings_dict["NAME"] = name


def written():
    return BusinessDay.objects.get().state, Closing.objects.count(), Delivery.objects.count()


NOTHING = (BusinessDay.State.OPEN, 0, 0)
CLOSED = (BusinessDay.State.CLOSED, 1, 1)


@pytest.mark.usefixtures("impatient_database")
def test_fault_36_a_busy_database_gives_the_form_back_with_what_was_typed(till, sold):
    with somebody_writing():
        answer = till.post(CLOSE, sold)

    page = answer.text
    assert (answer.status_code, SENTENCE in page, 'value="1234"' in page, 'value="数え間違い"' in page) == (503, True, True, True)
    assert written() == NOTHING


@pytest.mark.usefixtures("impatient_database")
def test_fault_36_the_next_press_closes_the_day_once(till, sold):
    with somebody_writing():
        till.post(CLOSE, sold)

    answers = [till.post(CLOSE, sold), till.post(CLOSE, sold)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, RESULT)] * 2
    assert written() == CLOSED


@pytest.mark.usefixtures("impatient_database")
def test_fault_36_the_count_of_one_register_comes_back_too(till, linked, shop):
    Register.objects.create(store=linked, number=2)
    open_day(linked, DAY, by=shop.by, today=DAY)

    with somebody_writing():
        answer = till.post(COUNT, COUNTED | {"expected": "0"})

    assert (answer.status_code, SENTENCE in answer.text, 'value="1234"' in answer.text) == (503, True, True)
    assert not RegisterDay.objects.exclude(state=RegisterDay.State.OPEN).exists()


def hidden_fields(page):
    return {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)}


def test_fault_36_while_the_database_is_away_the_page_keeps_what_was_typed_for_the_next_press(till, sold):
    with database_away():
        answer = till.post(CLOSE, sold)
    kept = hidden_fields(answer.text)

    again = till.post(CLOSE, kept)

    assert (answer.status_code, answer["Retry-After"], kept) == (503, "10", sold)
    assert (again["Location"], written()) == (RESULT, CLOSED)


def test_no_other_page_gives_back_what_was_typed_while_the_database_is_away(client, clerk):
    browser = sign_in(client, clerk)
    browser.raise_request_exception = False

    with database_away():
        answer = browser.post("/password/", {"old_password": PASSWORD})

    assert (answer.status_code, PASSWORD in answer.text, "データベースに接続できません" in answer.text) == (503, False, True)


def test_a_page_that_is_opened_while_the_database_is_away_says_so(client, clerk):
    browser = sign_in(client, clerk)
    browser.raise_request_exception = False

    with database_away():
        answer = browser.get("/")

    assert (answer.status_code, "ただいま混み合っています" in answer.text) == (503, True)
