from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closing.models import BusinessDay, CashMovement, RegisterDay
from closing.trading_day import RegisterCount, close_day, open_day, record_movement
from stores.models import AuditEntry, Store
from tests.cast import PASSWORD, sign_in
from tests.closing.conftest import DAY, book, sale

pytestmark = pytest.mark.usefixtures("evening")

TODAY = "/register/2026-04-01/"


def text_of(response):
    return response.content.decode()


def test_a_clerk_signs_in_at_the_till_and_opens_today(client, clerk, register):
    sign_in(client, clerk)

    client.post("/register/", {"operator": clerk.pk, "password": PASSWORD})
    response = client.post("/register/", {"date": "2026-04-01"})

    assert response.headers["Location"] == TODAY
    assert BusinessDay.objects.values_list("date", "opened_by__code").get() == (DAY, "0102")
    assert client.get("/").status_code == 403


def test_at_the_till_rights_go_by_the_operator(client, manager, clerk, shibuya, register):
    sign_in(client, manager)

    client.post("/register/?store=0001", {"operator": clerk.pk, "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(clerk.pk)
    assert AuditEntry.objects.filter(action="SIGNED_IN_AT_TILL").get().actor == clerk


def test_a_wrong_password_is_answered_at_the_field_and_keeps_the_operator(client, manager, clerk, shibuya):
    sign_in(client, manager)

    response = client.post("/register/?store=0001", {"operator": clerk.pk, "password": "wrong"})

    assert "ログインできませんでした" in response.context["form"].errors["password"][0]
    assert response.context["form"]["operator"].value() == str(clerk.pk)


def test_who_has_several_stores_chooses_one(client, manager):
    response = sign_in(client, manager).get("/register/")

    assert [store.code for store in response.context["page"]] == ["0001", "0002"]


def test_only_who_works_at_the_store_and_may_open_it_can_be_chosen(client, admin, manager, clerk, accountant, shibuya, rival_admin):
    form = sign_in(client, admin).get("/register/?store=0001").context["form"]

    assert [person.code for person in form.fields["operator"].queryset] == ["0001", "0101", "0102"]
    assert form["operator"].value() == admin.pk


@pytest.mark.parametrize("code", ["0002", "0000", "9999"])
def test_another_persons_store_is_not_found(client, clerk, kichijoji, head_office, code):
    assert sign_in(client, clerk).get(f"/register/?store={code}").status_code == 404


def test_a_till_speaks_the_language_of_its_operator(at_till, clerk):
    clerk.choose_language("en")

    assert '<html lang="en"' in at_till(clerk).get("/register/").content.decode()


def test_a_retired_store_has_no_till(client, clerk, shibuya):
    Store.objects.filter(pk=shibuya.pk).update(retired_on=DAY)

    assert sign_in(client, clerk).get("/register/?store=0001").status_code == 404


def test_an_accountant_may_not_open_and_is_told_who_may(client, accountant):
    response = sign_in(client, accountant).get("/register/")

    assert response.status_code == 403
    assert "この操作ができるのは企業管理者、店長、スタッフです。" in text_of(response)


def test_the_day_of_a_link_is_opened_right_after_the_sign_in(client, clerk, day):
    sign_in(client, clerk)

    response = client.post("/register/?store=0001&date=2026-04-01", {"operator": clerk.pk, "password": PASSWORD})

    assert response.headers["Location"] == TODAY


@pytest.mark.parametrize("wanted", ["2026-04-02", "2019-09-30", "31.3.2026", ""])
def test_a_day_that_cannot_be_opened_is_refused_at_the_field(at_till, clerk, wanted):
    response = at_till(clerk).post("/register/", {"date": wanted})

    assert list(response.context["form"].errors) == ["date"]
    assert BusinessDay.objects.count() == 0


def test_a_day_long_past_needs_a_tick(at_till, clerk):
    client = at_till(clerk)

    refused = client.post("/register/", {"date": "2026-03-30"})
    opened = client.post("/register/", {"date": "2026-03-30", "is_certain": "on"})

    assert "営業日に間違いありません" in text_of(refused)
    assert opened.headers["Location"] == "/register/2026-03-30/"


@pytest.mark.parametrize("days_ago", [0, 1])
def test_today_and_yesterday_need_no_tick(at_till, clerk, days_ago):
    wanted = DAY - timedelta(days=days_ago)

    assert at_till(clerk).post("/register/", {"date": wanted}).status_code == 302


def test_open_days_can_be_chosen_with_one_tap(at_till, clerk, shibuya, day, by):
    open_day(shibuya, DAY - timedelta(days=5), by=by, today=DAY)

    page = text_of(at_till(clerk).get("/register/"))

    assert 'href="/register/2026-03-27/"' in page
    assert page.index("閉局忘れ") < page.index("開局中")


def test_the_till_shows_the_sales_so_far(at_till, clerk, shibuya, day, by):
    book(shibuya, sale("1"), sale("2", 2200, "VISA"), by=by)

    response = at_till(clerk).get(TODAY)

    assert response.context["figures"].gross_sales == 3300
    assert "¥3,300" in text_of(response)


def test_another_stores_day_does_not_exist_at_this_till(at_till, clerk, kichijoji, by):
    open_day(kichijoji, DAY, by=by, today=DAY)

    assert at_till(clerk).get(TODAY).status_code == 404


@pytest.mark.parametrize("page", ["", "close/", "result/", "movements/new/?direction=PAID_IN"])
def test_a_day_of_a_rival_does_not_exist(at_till, clerk, rival_store, rival_admin, by, page):
    open_day(rival_store, DAY, by=by, today=DAY)

    assert at_till(clerk).get(TODAY + page).status_code == 404


def test_outside_of_the_till_its_pages_lead_to_the_sign_in(client, clerk, day):
    assert sign_in(client, clerk).get(TODAY).headers["Location"] == "/register/?next=/register/2026-04-01/"


def test_a_date_that_does_not_exist_is_not_found(at_till, clerk):
    assert at_till(clerk).get("/register/2026-02-30/").status_code == 404


def test_the_float_is_changed_and_compared_in_words(at_till, clerk, day):
    response = at_till(clerk).post(f"{TODAY}float/1/", {"register1-amount": "２０，０００円"}, follow=True)

    assert RegisterDay.objects.get().opening_float == 20_000
    assert "レジ1の釣銭準備金を¥20,000にしました（繰越より ¥20,000 多い）。" in text_of(response)


def test_a_float_that_is_no_amount_is_refused_at_its_field(at_till, clerk, day):
    response = at_till(clerk).post(f"{TODAY}float/1/", {"register1-amount": "-1"})

    (form,) = response.context["float_forms"]
    assert (list(form.errors), form["amount"].value()) == (["amount"], "-1")


def test_the_float_of_a_closed_day_is_told_to_be_closed(at_till, clerk, day, by):
    close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)

    response = at_till(clerk).post(f"{TODAY}float/1/", {"register1-amount": "5"}, follow=True)

    assert "宮下 歩さんが2026年4月1日(水) 22:10に閉局しました" in text_of(response)


def test_a_forgotten_day_is_shown_with_the_way_to_it(at_till, clerk, shibuya, day, by):
    open_day(shibuya, DAY - timedelta(days=2), by=by, today=DAY)

    page = text_of(at_till(clerk).get(TODAY))

    assert "2026年3月30日(月)がまだ閉局されていません" in page


def test_the_till_needs_the_same_queries_for_one_row_and_for_three(at_till, clerk, day, shibuya, paid_out, by, django_assert_num_queries):
    client = at_till(clerk)
    book(shibuya, sale("1"), by=by)
    record_movement(day, paid_out, by=by)
    with CaptureQueriesContext(connection) as first:
        client.get(TODAY)
    book(shibuya, sale("2"), sale("3"), by=by)
    for _ in range(2):
        record_movement(day, CashMovement(register=paid_out.register, direction="PAID_OUT", reason=paid_out.reason, amount=1), by=by)

    with django_assert_num_queries(len(first)):
        page = client.get(TODAY)

    assert page.context["day"].slip_count == 3
