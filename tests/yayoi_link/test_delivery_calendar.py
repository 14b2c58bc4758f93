"""連携状況 as a calendar: what each square says, which stores there are, and where the filters lead."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from closing.models import Holiday
from closing.trading_day import open_day
from stores.models import Register, Store
from tests.cast import sign_in
from tests.stores.test_lists import queries_of
from tests.yayoi_link import fates
from tests.yayoi_link.conftest import LINK
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link.calendar_words import FACES
from yayoi_link.states import State

CALENDAR = "/deliveries/calendar/?month=2026-04"
THAT_MORNING = datetime(2026, 4, 3, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def that_morning():
    with time_machine.travel(THAT_MORNING, tick=False):
        yield


@pytest.fixture
def managers(client, manager):
    return sign_in(client, manager)


def squares_of(response, store):
    """What the squares of the store say, by day of the month; without those that say nothing yet."""
    row = next(row for row in response.context["calendar"].rows if row.store == store)
    return {square.date.day: str(square.face.chip.word) for square in row.squares if square.face}


def reason_of(response, store, day):
    calendar = response.context["calendar"]
    row = next(row for row in calendar.rows if row.store == store)
    return calendar.reasons[row.squares[day.day - 1].reason]


def stores_of(response):
    return [row.store.name for row in response.context["calendar"].rows]


def branch(shop, number, *, day=DAY):
    store = Store.objects.create(company=shop.company, code=f"{number:04}", name=f"{number}号店")
    Register.objects.create(store=store, number=1)
    shop.link(store, f"{LINK}{number}")
    return shop.close(store, day)


def test_each_day_says_how_its_delivery_stands(managers, shop, linked, state_dir):
    fates.deliver_it(shop.close(linked))
    fates.meet(shop.close(linked, NEXT_DAY), fates.CUT)

    page = managers.get(CALENDAR)

    assert squares_of(page, linked) == {1: "連携済", 2: "結果不明", 3: "未開局"}


def test_days_without_a_delivery_say_why_there_is_none(managers, shop, linked, state_dir):
    open_day(linked, DAY, by=shop.by, today=DAY)
    open_day(linked, NEXT_DAY + timedelta(days=1), by=shop.by, today=NEXT_DAY + timedelta(days=1))
    Holiday.objects.create(store=linked, date=NEXT_DAY)
    Holiday.objects.create(store=linked, date=NEXT_DAY + timedelta(days=10))

    page = managers.get(CALENDAR)

    assert squares_of(page, linked) == {1: "閉局忘れ", 2: "休業日", 3: "開局中", 12: "休業日"}


def test_a_day_that_changed_after_it_was_sent_says_so(managers, shop, linked, delivery):
    fates.deliver_it(delivery)
    shop.sell(linked, DAY, "2")

    page = managers.get(CALENDAR)

    assert (squares_of(page, linked)[1], reason_of(page, linked, DAY).who_may) == ("送信後に変更あり", "企業管理者、店長")


def test_what_needs_a_person_is_not_hidden_by_a_change(managers, shop, linked, unknown):
    shop.sell(linked, DAY, "2")

    assert squares_of(managers.get(CALENDAR), linked)[1] == "結果不明"


def test_a_square_tells_cause_next_step_and_who_can(managers, linked, unknown):
    reason = reason_of(managers.get(CALENDAR), linked, DAY)

    assert (reason.cause, reason.who_may) == ("送信の途中で通信が切れました", "企業管理者、店長")
    assert "弥生で確認した" in reason.next_step


def test_a_square_leads_to_its_delivery_and_without_one_to_its_day(managers, shop, linked, delivery):
    open_day(linked, NEXT_DAY, by=shop.by, today=NEXT_DAY)

    page = managers.get(CALENDAR).content.decode()

    assert [f'href="{path}"' in page for path in (f"/deliveries/{delivery.pk}/", "/days/0001/2026-04-02/")] == [True, True]


def test_every_state_has_a_square_and_no_word_is_told_twice():
    short = [str(FACES[state].short) for state in State if state not in (State.CLAIMED, State.SUPERSEDED)]

    assert (len(short), len(set(short)), max(map(len, short))) == (11, 11, 3)


def test_stores_with_something_to_do_come_first(client, admin, shop, linked, state_dir):
    fates.deliver_it(shop.close(linked))
    fates.deliver_it(branch(shop, 8))
    fates.meet(branch(shop, 9), fates.CUT)

    assert stores_of(sign_in(client, admin).get(CALENDAR)) == ["9号店", "渋谷店", "吉祥寺店", "8号店"]


@pytest.mark.parametrize(
    ("query", "stores"),
    [
        ("&state=needing", ["渋谷店"]),
        ("&state=unknown", ["渋谷店"]),
        ("&state=delivered", []),
        ("&state=overdue", ["吉祥寺店"]),
        ("&state=open", []),
        ("&state=all", ["渋谷店", "吉祥寺店"]),
        ("&state=nonsense", ["渋谷店", "吉祥寺店"]),
        ("&store=nonsense", ["渋谷店", "吉祥寺店"]),
    ],
)
def test_a_state_narrows_the_stores_to_those_that_have_such_a_day(managers, shop, unknown, kichijoji, query, stores):
    Register.objects.create(store=kichijoji, number=1)
    open_day(kichijoji, DAY, by=shop.by, today=DAY)

    assert stores_of(managers.get(CALENDAR + query)) == stores


def test_the_other_days_of_a_store_stay_and_step_back(managers, shop, linked, unknown):
    fates.deliver_it(shop.close(linked, NEXT_DAY))

    row = managers.get(f"{CALENDAR}&state=needing").context["calendar"].rows[0]

    assert [square.is_sought for square in row.squares[:3]] == [True, False, False]


def test_among_many_stores_one_searches_by_words(client, admin, shop, linked):
    Store.objects.bulk_create(Store(company=shop.company, code=f"{number:04}", name=f"{number}号店") for number in range(100, 125))

    found = sign_in(client, admin).get(f"{CALENDAR}&words=119")

    assert (stores_of(found), "store" in found.context["form"].fields) == (["119号店"], False)


@pytest.mark.parametrize("month", ["", "0001-01", "9999-12", "2026-13", "x"])
def test_a_month_that_makes_no_sense_is_the_present_one(managers, linked, month):
    assert managers.get(f"/deliveries/calendar/?month={month}").context["calendar"].dates[0].isoformat() == "2026-04-01"


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/deliveries/?period=last_month&state=unknown", "/deliveries/calendar/?state=unknown&amp;month=2026-03"),
        ("/deliveries/?period=2025-01", "/deliveries/calendar/?month=2025-01"),
        ("/deliveries/calendar/?month=2026-02&state=unknown", "/deliveries/?state=unknown&amp;period=2026-02"),
        ("/deliveries/calendar/?month=2026-04&state=changed", "/deliveries/?state=changed"),
        ("/deliveries/calendar/?state=overdue", "/deliveries/"),
    ],
)
def test_list_and_calendar_lead_to_each_other_with_what_was_asked_for(managers, linked, path, other):
    assert f'href="{other}"' in managers.get(path).content.decode()


def test_what_needs_somebody_in_this_month_is_one_press_away(managers, unknown):
    page = managers.get(CALENDAR).content.decode()

    assert [words in page for words in ("対応が必要な連携 1日分", 'href="?month=2026-04&amp;state=needing"')] == [True, True]


def test_what_needs_somebody_in_another_month_is_told(managers, unknown):
    assert managers.get("/deliveries/calendar/?month=2026-03").context["waiting"] == {"here": 0, "elsewhere": 1}


def test_a_store_that_was_given_up_stays_in_the_months_in_which_it_traded(managers, shop, linked, delivery):
    Store.objects.filter(pk=linked.pk).update(retired_on=DAY - timedelta(days=5))

    assert [stores_of(managers.get(f"/deliveries/calendar/?month={month}")) for month in ("2026-04", "2026-05")] == [
        ["渋谷店", "吉祥寺店"],
        ["吉祥寺店"],
    ]


def test_a_clerk_sees_the_own_store_only(client, clerk, shop, linked, kichijoji):
    assert stores_of(sign_in(client, clerk).get(CALENDAR)) == ["渋谷店"]


def test_a_rival_sees_nothing_of_it(client, rival_admin, rival_store, unknown):
    page = sign_in(client, rival_admin).get(f"{CALENDAR}&store={unknown.day.store_id}")

    assert (stores_of(page), page.context["waiting"]) == (["本店"], {"here": 0, "elsewhere": 0})


def test_an_accountant_reads_and_chooses_nothing(client, accountant, unknown):
    page = sign_in(client, accountant).get(CALENDAR).content.decode()

    assert ("結果不明" in page, 'type="checkbox"' in page, "data-acts" in page) == (True, False, False)


@pytest.mark.parametrize("others", [0, 60])
def test_three_stores_cost_no_more_queries_than_one(client, admin, shop, linked, state_dir, others):
    browser = sign_in(client, admin)
    Store.objects.bulk_create(Store(company=shop.company, code=f"{number:04}", name="支店") for number in range(100, 100 + others))
    fates.meet(shop.close(linked), fates.CUT)
    for_one = queries_of(browser, CALENDAR)
    for number in (8, 9):
        fates.meet(branch(shop, number), fates.CUT)

    assert queries_of(browser, CALENDAR) == for_one
