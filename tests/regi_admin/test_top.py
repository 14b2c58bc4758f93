"""TOP: the same for a chain of two stores and of sixty, and nothing on it that the reader may not open."""

import re
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from closing.models import BusinessDay, Closing, ClosingRegister, HandoverNote, KeptSlip
from closing.templatetags.trading_days import MANY_STORES
from stores.models import Register, Role, Store
from stores.needs import needs_of
from tests.cast import make_person, sign_in
from yayoi_link.models import Delivery

TODAY = date(2026, 4, 2)
MORNING = datetime(2026, 4, 2, 0, 0, tzinfo=UTC)  # 9:00 in Japan
YESTERDAY, BEFORE = TODAY - timedelta(days=1), TODAY - timedelta(days=2)


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(MORNING, tick=False):
        yield


def make_bad_night(company, person, number):
    """So many stores, each with a day not closed, one that changed and was refused, a drawer that was off, a slip in 保留 and a note."""
    stores = Store.objects.bulk_create(Store(company=company, code=f"S{n:03}", name=f"第{n}支店") for n in range(number))
    registers = Register.objects.bulk_create(Register(store=store, number=1) for store in stores)
    BusinessDay.objects.bulk_create(BusinessDay(store=store, date=YESTERDAY, opened_at=MORNING) for store in stores)
    changed = {"state": "CLOSED", "revision": 1, "entries": 2, "closed_entries": 1, "opened_at": MORNING}
    days = BusinessDay.objects.bulk_create(BusinessDay(store=store, date=BEFORE, **changed) for store in stores)
    frozen = {"revision": 1, "entries": 1, "slip_count": 0, "figures_frozen": {}, "sales_total": 0, "expected_cash": 0}
    closings = Closing.objects.bulk_create(Closing(day=day, closed_at=MORNING, closed_by=person, **frozen) for day in days)
    ClosingRegister.objects.bulk_create(
        ClosingRegister(
            closing=closing, register=register, opening_float=0, expected_cash=0, actual_cash=900, date=BEFORE, counted_by=person
        )
        for closing, register in zip(closings, registers, strict=True)
    )
    Delivery.objects.bulk_create(Delivery(day=closing.day, closing=closing, state="rejected", created_at=MORNING) for closing in closings)
    kept = {"source": "REGISTER", "cause": "INVALID", "received": {}, "received_at": MORNING}
    KeptSlip.objects.bulk_create(KeptSlip(store=store, digest=store.code, **kept) for store in stores)
    note = {"date": YESTERDAY, "text": "釣銭の両替をお願いします", "written_by": person, "written_at": MORNING}
    HandoverNote.objects.bulk_create(HandoverNote(uuid=uuid.uuid4(), store=store, **note) for store in stores)
    return stores


def page_of(client, person, path="/"):
    return sign_in(client, person).get(path).content.decode()


def test_sixty_stores_cost_no_more_queries_than_two(company, rival_company, admin, rival_admin):
    make_bad_night(rival_company, rival_admin, 2)
    make_bad_night(company, admin, 60)

    def queries(person):
        browser = sign_in(Client(), person)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/").status_code == 200
        return len(queries)

    assert queries(admin) == queries(rival_admin)


@pytest.fixture
def large_chain(company, admin):
    Store.objects.bulk_create(Store(company=company, code=f"L{number:03}", name="支店") for number in range(MANY_STORES + 1))
    make_bad_night(company, admin, 1)


PARTS = ["/top/mornings/", "/top/differences/", "/top/sales/"]


def test_with_many_stores_the_panels_that_add_up_come_on_their_own(client, admin, large_chain):
    page = page_of(client, admin)

    assert re.findall(r'hx-get="(/top/[a-z]+/)" hx-trigger="load', page) == PARTS
    assert "まだ確認していないもの" not in page


@pytest.mark.parametrize(
    ("part", "words"), list(zip(PARTS, ["まだ確認していないもの", "今月の現金差異はありません。", "30日間の売上"], strict=True))
)
def test_what_comes_on_its_own_is_what_others_have_on_the_page(client, admin, company, part, words):
    make_bad_night(company, admin, 2)
    whole = page_of(client, admin)

    alone = client.get(part).content.decode()

    assert words in alone
    assert "".join(alone.split()) in "".join(whole.split())


def test_with_many_stores_a_note_is_written_on_its_own_page(client, admin, large_chain):
    page = page_of(client, admin)

    assert ("次の人へメモを書く" in page, 'name="text"' in page) == (True, False)


def test_who_may_not_tick_off_mornings_has_no_place_for_them(client, accountant, large_chain):
    assert "/top/mornings/" not in page_of(client, accountant)


def test_the_list_is_as_short_for_sixty_stores_as_for_two(company, rival_company, admin, rival_admin):
    make_bad_night(rival_company, rival_admin, 2)
    make_bad_night(company, admin, 60)

    of_sixty, of_two = (needs_of(person, at=MORNING) for person in (admin, rival_admin))

    assert [need.name for need in of_sixty] == [need.name for need in of_two]
    assert [need.name for need in of_sixty] == ["rejected", "changed", "overdue", "kept", "difference", "unlocked", "not_synced"]


def test_stores_come_fifty_a_page_with_the_exceptions_first(client, company, admin):
    make_bad_night(company, admin, 30)

    pages = [sign_in(client, admin).get(f"/?page={number}").context["now"]["page"] for number in (1, 2)]

    assert [[row.state for row in page] for page in pages] == [["OVERDUE"] * 30 + ["NOT_OPENED"] * 20, ["NOT_OPENED"] * 10]


@pytest.mark.parametrize(("state", "rows"), [("NOT_OPENED", 3), ("OVERDUE", 3), ("CLOSED", 0), ("nonsense", 6)])
def test_stores_are_narrowed_to_a_state(client, company, admin, state, rows):
    make_bad_night(company, admin, 3)

    response = sign_in(client, admin).get(f"/?state={state}")

    assert len(response.context["now"]["page"]) == rows


@pytest.mark.parametrize("role", list(Role))
def test_no_button_leads_to_a_page_that_is_refused(client, company, admin, role):
    person = make_person(company, "0777", role, "丸山 翠", *make_bad_night(company, admin, 2))
    sign_in(client, person)

    assert {client.get(need.page).status_code for need in needs_of(person, at=MORNING)} == {200}


def test_nothing_of_another_company_is_on_it(client, company, admin, rival_admin, rival_store):
    make_bad_night(company, admin, 2)

    page = page_of(client, rival_admin)

    assert [leak for leak in ("支店", "釣銭の両替", "連携エラー", "¥900") if leak in page] == []


@pytest.mark.parametrize(
    ("state", "words", "button"),
    [
        (None, "今日はまだ開局していません。", "開局する"),
        ("today", "お店を閉めるときは", "レジ業務へ"),
        ("yesterday", "がまだ閉局されていません。", "閉局する"),
        ("holiday", "今日は休業日です。", "開局する"),
    ],
)
def test_a_clerk_sees_where_the_day_stands_and_one_large_button(client, clerk, shibuya, state, words, button):
    if state in ("today", "yesterday"):
        shibuya.days.create(date=TODAY if state == "today" else YESTERDAY, opened_at=MORNING, opened_by=clerk)
    if state == "holiday":
        shibuya.holidays.create(date=TODAY)

    page = page_of(client, clerk)

    large = page[page.index("store-now-button") :].partition("</a>")[0]
    assert (words in page, button in large, page.count("store-now-button")) == (True, True, 1)
