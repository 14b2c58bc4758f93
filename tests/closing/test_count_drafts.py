"""Half a count: it survives the page, the session and the person at the till, and counts for nothing."""

from datetime import timedelta

import pytest

from closing.count_drafts import begin_anew, drafts_of, go_on_with_others, others_draft, own_draft, save_draft
from closing.models import BusinessDay, Closing, CountDraft, RegisterDay
from closing.register_closing import count_register
from closing.trading_day import RegisterCount, cancel_opening, close_day, open_day
from stores.audit import Origin
from tests.cast import PASSWORD, make_person, sign_in
from tests.closing.conftest import DAY, EVENING, book, sale

pytestmark = pytest.mark.usefixtures("evening")

CLOSE, COUNT = f"/register/{DAY}/close/", f"/register/{DAY}/count/1/"
SAVE, BEGIN = f"/register/{DAY}/drafts/SETTLEMENT/1/", f"/register/{DAY}/drafts/SETTLEMENT/1/begin/"
SETTLEMENT, INTERIM = CountDraft.Kind.SETTLEMENT, CountDraft.Kind.INTERIM


@pytest.fixture
def traded(day, shibuya, by):
    """One cash slip: 1,100 yen are expected."""
    book(shibuya, sale("1"), by=by)
    day.refresh_from_db()
    return day


@pytest.fixture
def colleagues(manager):
    return Origin(manager, EVENING + timedelta(minutes=5))


def typed(**fields):
    return {f"register1-{name}": text for name, text in ({"counting": "TOTAL"} | fields).items()}


def sent(day, **fields):
    return typed(**fields) | {"entries": day.entries, "day": day.pk}


def form_of(response):
    return response.context["forms"][0]


def test_what_was_typed_is_there_again_as_it_was_typed(at_till, clerk, traded):
    till = at_till(clerk)
    till.post(SAVE, typed(counting="PIECES", pieces1000="１枚", pieces100="x", reason="雨"))

    form = form_of(till.get(CLOSE))

    assert [form[name].value() for name in ("counting", "pieces1000", "pieces100", "reason")] == ["PIECES", "１枚", "x", "雨"]
    assert form.errors == {}


def test_a_draft_counts_for_nothing(at_till, clerk, traded):
    entries = traded.entries

    at_till(clerk).post(SAVE, typed(actual_cash="1100"))

    traded.refresh_from_db()
    assert (traded.is_open, traded.entries, RegisterDay.objects.get().actual_cash) == (True, entries, None)


def test_of_two_saved_one_after_the_other_the_last_stays_and_the_beginning_too(traded, register, by, clerk):
    save_draft(traded, register, SETTLEMENT, {"actual_cash": "1"}, by=by)

    save_draft(traded, register, SETTLEMENT, {"actual_cash": "12"}, by=Origin(clerk, EVENING + timedelta(minutes=1)))

    assert list(CountDraft.objects.values_list("typed", "begun_at", "saved_at")) == [
        ({"actual_cash": "12"}, EVENING, EVENING + timedelta(minutes=1))
    ]


def test_each_person_and_each_kind_of_count_has_a_draft_of_its_own(traded, register, by, colleagues):
    for origin, kind in ((by, SETTLEMENT), (by, INTERIM), (colleagues, SETTLEMENT)):
        save_draft(traded, register, kind, {"actual_cash": "1"}, by=origin)

    drafts = drafts_of(traded, SETTLEMENT)
    assert [draft.counter for draft in drafts] == [colleagues.actor, by.actor]
    assert own_draft(drafts, 1, by.actor).counter == by.actor


def test_what_a_colleague_has_begun_is_offered_and_not_put_in(at_till, manager, traded, register, by):
    save_draft(traded, register, SETTLEMENT, {"counting": "TOTAL", "actual_cash": "1234"}, by=by)

    page = at_till(manager).get(CLOSE)

    assert form_of(page)["actual_cash"].value() is None
    assert "宮下 歩さんが4/1(水) 22:10から数えています" in page.text


def test_one_goes_on_with_what_a_colleague_has_begun(at_till, manager, traded, register, by):
    save_draft(traded, register, SETTLEMENT, {"counting": "TOTAL", "actual_cash": "1234"}, by=by)
    till = at_till(manager)

    response = till.post(f"{BEGIN}?page={CLOSE}", {"begin": "others"})

    assert response.headers["Location"] == f"{CLOSE}#count"
    assert form_of(till.get(CLOSE))["actual_cash"].value() == "1234"
    assert CountDraft.objects.count() == 2


def test_who_begins_anew_is_not_asked_again(at_till, manager, traded, register, by):
    save_draft(traded, register, SETTLEMENT, {"actual_cash": "1234"}, by=by)
    till = at_till(manager)

    till.post(f"{BEGIN}?page={CLOSE}", {"begin": "anew"})

    assert others_draft(drafts_of(traded, SETTLEMENT), 1, manager) is None
    assert "から数えています" not in till.get(CLOSE).text


def test_there_is_nothing_to_go_on_with_where_nobody_has_begun(traded, register, by, colleagues):
    begin_anew(traded, register, SETTLEMENT, by=by)

    assert go_on_with_others(traded, register, SETTLEMENT, by=colleagues) is None


def test_after_beginning_one_comes_back_to_pages_of_the_till_only(at_till, clerk, traded):
    response = at_till(clerk).post(f"{BEGIN}?page=https://example.com/", {"begin": "anew"})

    assert response.headers["Location"] == f"/register/{DAY}/"


@pytest.mark.usefixtures("traded")
def test_the_close_ends_everybodys_drafts(traded, register, by, colleagues):
    for origin in (by, colleagues):
        save_draft(traded, register, SETTLEMENT, {"actual_cash": "1"}, by=origin)

    close_day(traded, counts=[RegisterCount(1, 1_100, 0)], by=by)

    assert CountDraft.objects.count() == 0


def test_the_count_of_one_register_ends_its_drafts_only(second_register, traded, register, shibuya, by):
    for counted in (register, second_register):
        save_draft(traded, counted, SETTLEMENT, {"actual_cash": "1"}, by=by)

    count_register(traded, RegisterCount(1, 1_100, 0), by=by)

    assert list(CountDraft.objects.values_list("register__number", flat=True)) == [2]


def test_after_the_close_no_draft_is_taken_any_more(at_till, clerk, traded, by):
    close_day(traded, counts=[RegisterCount(1, 1_100, 0)], by=by)

    answer = at_till(clerk).post(SAVE, typed(actual_cash="1"))

    assert (CountDraft.objects.count(), "保存していません" in answer.text) == (0, True)


def test_an_opening_with_a_draft_can_still_be_taken_back(day, register, by):
    save_draft(day, register, SETTLEMENT, {"actual_cash": "1"}, by=by)

    cancel_opening(day, by=by)

    assert (BusinessDay.objects.count(), CountDraft.objects.count()) == (0, 0)


@pytest.mark.parametrize("path", [f"/register/{DAY}/drafts/SETTLEMENT/9/", f"/register/{DAY}/drafts/ELSE/1/"])
def test_an_unknown_register_or_kind_has_no_draft(at_till, clerk, traded, path):
    assert at_till(clerk).post(path, typed(actual_cash="1")).status_code == 404


def test_no_other_company_sees_or_makes_drafts(at_till, rival_company, rival_store, traded, register, by):
    save_draft(traded, register, SETTLEMENT, {"actual_cash": "1"}, by=by)
    outsider = make_person(rival_company, "0102", "CLERK", "隣 人", rival_store)

    answer = at_till(outsider, rival_store).post(SAVE, typed(actual_cash="2"))

    assert (answer.status_code, CountDraft.objects.visible_to(outsider).count()) == (404, 0)
    assert CountDraft.objects.get().typed == {"actual_cash": "1"}


def test_an_accountant_makes_no_draft(at_till, accountant, traded):
    assert at_till(accountant).post(SAVE, typed(actual_cash="1")).status_code == 403


def test_a_register_that_has_sold_since_is_not_proposed_as_unused(at_till, clerk, day, shibuya, by):
    till = at_till(clerk)
    till.post(SAVE, typed(counting="UNUSED"))

    book(shibuya, sale("1"), by=by)

    assert form_of(till.get(CLOSE))["counting"].value() == "TOTAL"


def test_the_preview_is_an_address_of_its_own_and_shows_the_count(at_till, clerk, traded):
    till = at_till(clerk)

    answer = till.post(CLOSE, sent(traded, actual_cash="1000", carry_over="0", review="") | {"review": "on"})
    page = till.get(CLOSE)

    assert answer.headers["Location"] == f"{CLOSE}#preview"
    assert page.context["counted"].cash_difference == -100
    assert Closing.objects.count() == 0


def test_no_other_amount_is_confirmed_than_the_one_that_was_shown(at_till, clerk, traded):
    till = at_till(clerk)

    answer = till.post(CLOSE, sent(traded, actual_cash="1000", carry_over="0") | {"reviewed": "1:1100:0"})
    again = till.post(CLOSE, sent(traded, actual_cash="1000", carry_over="0") | {"reviewed": answer.context["reviewed"]})

    assert "確かめたあとに金額が変わりました" in answer.text
    assert (again.status_code, Closing.objects.get().actual_cash) == (302, 1_000)


def test_what_came_in_while_counting_is_told_with_its_amount(at_till, clerk, traded, shibuya, by):
    book(shibuya, sale("2", 2200, "VISA"), by=by)

    page = at_till(clerk).post(CLOSE, sent(traded, actual_cash="1100")).text

    assert "入力中に登録された伝票：1件、計¥2,200。" in page


@pytest.mark.parametrize("page", [CLOSE, COUNT])
def test_a_count_sent_after_the_session_has_expired_is_back_after_the_sign_in(client, at_till, clerk, traded, page):
    at_till(clerk)
    client.cookies.pop("sessionid")

    sign_in_page = client.post(page, sent(traded, actual_cash="1234", reason="雨"))
    back = at_till(clerk).get(page)

    assert (sign_in_page.headers["Location"], back.headers["Location"]) == (f"/login/?next={page}", f"{page}#count")
    assert [(draft.typed["actual_cash"], draft.typed["reason"]) for draft in CountDraft.objects.all()] == [("1234", "雨")]
    assert (Closing.objects.count(), client.cookies["regi_unsent_count"].value) == (0, "")


def test_the_sign_in_leads_through_the_till_back_to_the_count(client, clerk, traded):
    sign_in(client, clerk)

    till = client.get(CLOSE).headers["Location"]
    entered = client.post(till, {"operator": clerk.pk, "password": PASSWORD})

    assert (till, entered.headers["Location"]) == (f"/register/?next={CLOSE}", CLOSE)


@pytest.mark.parametrize("page", ["https://example.com/", "//example.com/register/", "/days/", "/register/2026-04-02/close/"])
def test_the_sign_in_leads_to_pages_of_a_day_of_the_store_only(client, clerk, traded, page):
    sign_in(client, clerk)

    entered = client.post(f"/register/?next={page}", {"operator": clerk.pk, "password": PASSWORD})

    assert entered.headers["Location"] == "/register/"


def test_a_count_of_another_day_stays_where_it_was_typed(client, at_till, clerk, traded, shibuya, by):
    other = open_day(shibuya, DAY - timedelta(days=1), by=by, today=DAY)
    client.post(CLOSE, sent(other, actual_cash="1234"))

    page = at_till(clerk).get(CLOSE)

    assert (page.status_code, CountDraft.objects.count()) == (200, 0)
