from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from closing.trading_day import open_day
from stores.models import Register, Store
from tests.cast import PASSWORD, sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.conftest import LINK
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link.models import Delivery, WorkerSighting, YayoiLink
from yayoi_link.states import State

SAME_MONTH = datetime(2026, 4, 20, 3, tzinfo=UTC)
NEXT_MONTH = datetime(2026, 5, 20, 3, tzinfo=UTC)
RULINGS = ["resend-after-no", "resend-doubled", "release", "settle", "waive"]


def text_of(response):
    return response.content.decode()


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def page_of(delivery, part=""):
    return f"/deliveries/{delivery.pk}/{part}"


@pytest.fixture
def managers(client, manager):
    return sign_in(client, manager)


@pytest.mark.usefixtures("unknown")
def test_the_list_begins_with_what_needs_somebody_this_month(managers):
    with time_machine.travel(SAME_MONTH):
        page = text_of(managers.get("/deliveries/"))

    assert [word in page for word in ("2026年4月1日(水)", "結果不明", "送信の途中で通信が切れました", "弥生で確認")] == [True] * 4


@pytest.mark.parametrize(
    ("came_from", "way_back"),
    [
        ("http://testserver/deliveries/calendar/?month=2026-04&store=1", "/deliveries/calendar/?month=2026-04&amp;store=1"),
        ("http://testserver/deliveries/calendar/", "/deliveries/calendar/"),
        ("http://testserver/deliveries/?state=all", "/deliveries/?state=all"),
        ("http://testserver/days/?month=2026-04", "/deliveries/"),
        ("http://elsewhere.example/deliveries/calendar/?month=2026-04", "/deliveries/"),
        ("http://[", "/deliveries/"),
    ],
)
def test_the_way_back_leads_to_where_somebody_came_from(managers, unknown, came_from, way_back):
    page = text_of(managers.get(page_of(unknown), headers={"Referer": came_from}))

    assert f'<a class="back" href="{way_back}">' in page


@pytest.mark.usefixtures("unknown")
def test_what_needs_somebody_in_another_month_is_not_forgotten(managers):
    with time_machine.travel(NEXT_MONTH):
        page = text_of(managers.get("/deliveries/"))

    assert ("ほかの期間や店舗にも、対応が必要な連携が1件あります。" in page, "2026年4月1日(水)" in page) == (True, False)


@pytest.mark.parametrize(
    ("query", "is_shown"),
    [
        ("?period=all&state=delivered", True),
        ("?period=all&state=all", True),
        ("?period=all", False),
        ("?period=all&state=in_flight", False),
        ("?period=last_month&state=all", False),
        ("?period=nonsense", True),
    ],
)
def test_the_list_shows_what_was_asked_for(managers, delivery, query, is_shown):
    fates.deliver_it(delivery)

    with time_machine.travel(SAME_MONTH):
        page = text_of(managers.get(f"/deliveries/{query}"))

    assert ("2026年4月1日(水)" in page) == is_shown


@pytest.mark.parametrize("path", ["/deliveries/?period=all&state=all", "/", "/days/?period=all"])
def test_three_deliveries_cost_no_more_queries_than_one(client, admin, company, shop, delivery, path):
    browser = sign_in(client, admin)
    fates.meet(delivery, fates.CUT)

    def queries():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    for_one = queries()
    for number in (5, 6):
        store = Store.objects.create(company=company, code=f"000{number}", name="支店")
        Register.objects.create(store=store, number=1)
        shop.link(store, f"{LINK}{number}")
        fates.meet(shop.close(store), fates.CUT)
    assert queries() == for_one


def test_a_delivery_shows_exactly_what_was_sent(managers, delivery, linked):
    fates.deliver_it(delivery)
    linked.name = "渋谷本店"
    linked.save()

    page = text_of(managers.get(page_of(delivery)))

    assert "現金売上10% 渋谷店 #0001-260401-1" in page
    assert [word in page for word in ("課税売上込10%", "借方合計 ¥1,100 ＝ 貸方合計 ¥1,100", "日計の支払合計 ¥1,100 と一致")] == [True] * 3


def test_a_delivery_tells_its_story(managers, unknown, shop, manager):
    managers.post(page_of(unknown, "settle/"), {"was_there": "yes", "reason": "13行あった"})

    page = text_of(managers.get(page_of(unknown)))
    story = [
        "閉局（1回目）で作成",
        "1回目の送信を開始",
        "結果が分かりません",
        "送信の途中で通信が切れました",
        "弥生で確認した：あった",
        "13行あった",
    ]
    assert [word for word in story if word not in page] == []
    assert "弥生にあることを担当者が確認しました。" in page


def test_only_who_may_edit_links_sees_where_it_went(client, unknown, clerk, manager):
    of_clerk = text_of(sign_in(client, clerk).get(page_of(unknown)))
    of_manager = text_of(sign_in(client, manager).get(page_of(unknown)))

    assert ("smart-import.example" in of_clerk, "smart-import.example …1a2b" in of_manager) == (False, True)


@pytest.mark.parametrize("part", ["", *(f"{name}/" for name in RULINGS)])
def test_another_companys_delivery_does_not_exist(client, rival_admin, delivery, part):
    assert sign_in(client, rival_admin).get(page_of(delivery, part)).status_code == 404


def test_a_rival_can_neither_resend_nor_watch(client, rival_admin, delivery):
    browser = sign_in(client, rival_admin)

    answers = [browser.post(page_of(delivery, "resend/")), browser.get(f"/deliveries/outcome/{delivery.day_id}/")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "渋谷店" not in text_of(browser.get("/deliveries/?period=all&state=all"))


@pytest.mark.parametrize("part", RULINGS)
@pytest.mark.parametrize("role", ["clerk", "accountant"])
def test_rulings_are_for_managers_and_the_refusal_says_so(client, delivery, role, part, request):
    browser = sign_in(client, request.getfixturevalue(role))

    response = browser.post(page_of(delivery, f"{part}/"), {"reason": "x"})

    assert (response.status_code, "企業管理者、店長" in text_of(response)) == (403, True)
    assert states() == [State.PENDING]


def test_an_accountant_does_not_resend(client, accountant, delivery):
    fates.give_up(delivery)

    assert sign_in(client, accountant).post(page_of(delivery, "resend/")).status_code == 403


def test_a_clerk_resends_what_never_left(client, clerk, delivery):
    fates.give_up(delivery)
    browser = sign_in(client, clerk)

    shown = text_of(browser.get(page_of(delivery)))
    browser.post(page_of(delivery, "resend/"))

    assert (page_of(delivery, "resend/") in shown, states()) == (True, [State.PENDING])


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        ({"typed": "重複", "password": "wrong"}, "パスワードが正しくありません"),
        ({"typed": "はい", "password": PASSWORD}, "「重複」と入力してください。"),
        ({"password": PASSWORD}, "入力してください。"),
    ],
)
def test_doubling_needs_the_word_and_the_password(managers, unknown, typed, mistake):
    response = managers.post(page_of(unknown, "resend-doubled/"), {"seen": str(unknown.pk)} | typed)

    assert (mistake in text_of(response), states()) == (True, [State.UNKNOWN])


def test_doubling_on_purpose_sends_a_new_generation(managers, unknown):
    typed = {"seen": str(unknown.pk), "typed": "重複", "password": PASSWORD}

    response = managers.post(page_of(unknown, "resend-doubled/"), typed)

    successor = Delivery.objects.get(generation=2)
    assert (response.headers["Location"], states()) == (page_of(successor), [State.UNKNOWN, State.PENDING])


def test_the_rows_to_delete_are_shown_before_doubling(managers, unknown):
    page = text_of(managers.get(page_of(unknown, "resend-doubled/")))

    assert [word in page for word in ("1行が弥生で重複します", "現金売上10% 渋谷店 #0001-260401-1", "弥生で削除")] == [True] * 3


def test_a_no_is_followed_by_a_new_generation_without_a_password(managers, delivery):
    rejected = fates.meet(delivery, fates.NOT_FOUND)

    page = text_of(managers.get(page_of(rejected, "resend-after-no/")))
    managers.post(page_of(rejected, "resend-after-no/"), {"seen": str(rejected.pk)})

    assert ("確実ではありません" in page, states()) == (True, [State.REJECTED, State.PENDING])


def test_a_held_decision_is_released_knowing_the_doubles(managers, delivery, shop):
    held = shop.close_again(fates.deliver_it(delivery))
    asked = text_of(managers.get(page_of(held)))

    managers.post(page_of(held, "release/"), {"seen": str(delivery.pk), "typed": "重複", "password": PASSWORD})

    assert [word in asked for word in ("全件を送る", "送らない")] == [True, True]
    assert (states(), held.decisions.get().rows_doubled) == ([State.DELIVERED, State.PENDING], 1)


def test_a_held_decision_is_not_released_without_the_word(managers, delivery, shop):
    held = shop.close_again(fates.deliver_it(delivery))

    managers.post(page_of(held, "release/"), {"seen": str(delivery.pk)})

    assert states() == [State.DELIVERED, State.HELD]


def test_a_day_before_the_start_is_released_only_with_its_box_ticked(managers, shop, linked, state_dir):
    YayoiLink.objects.update(starts_on=NEXT_DAY)
    held = shop.close(linked)

    without = managers.post(page_of(held, "release/"), {"seen": ""})
    managers.post(page_of(held, "release/"), {"seen": "", "day_confirmed": "on"})

    assert (list(without.context["form"].errors), states()) == (["day_confirmed"], [State.PENDING])


def test_what_still_holds_a_delivery_is_told(managers, delivery, shop, linked):
    shop.switch_off(linked)

    response = managers.post(page_of(delivery, "release/"), {"seen": ""}, follow=True)

    assert "まだ送信できません。連携状態がOFFです。" in text_of(response)


def test_looking_in_yayoi_too_early_is_not_offered(managers, delivery):
    unknown = fates.meet(delivery, fates.CUT)

    page = text_of(managers.get(page_of(unknown)))
    managers.post(page_of(unknown, "settle/"), {"was_there": "no", "reason": "x"})

    assert ("から押せます" in page, states()) == (True, [State.UNKNOWN])


def test_a_ruling_needs_a_reason(managers, unknown):
    response = managers.post(page_of(unknown, "settle/"), {"was_there": "yes"})

    assert (list(response.context["form"].errors), states()) == (["reason"], [State.UNKNOWN])


def test_who_was_overtaken_sees_the_new_state(managers, unknown, shop):
    Delivery.objects.filter(pk=unknown.pk).update(state=State.DELIVERED)

    response = managers.post(page_of(unknown, "settle/"), {"was_there": "no", "reason": "x"}, follow=True)

    assert [word in text_of(response) for word in ("状態が変わっていました", "連携済")] == [True, True]
    assert states() == [State.DELIVERED]


def test_the_result_watches_until_it_has_come_to_rest(at_till, clerk, delivery):
    till = at_till(clerk)
    moving = text_of(till.get("/register/2026-04-01/result/"))
    watched = f"/deliveries/outcome/{delivery.day_id}/"

    fates.deliver_it(delivery)
    rested = text_of(till.get(watched))

    assert f'hx-get="{watched}?seen={delivery.pk}-pending-0"' in moving
    assert ("連携済" in rested, "hx-get" in rested) == (True, False)


def test_the_result_keeps_quiet_while_nothing_is_new(at_till, clerk, delivery):
    response = at_till(clerk).get(f"/deliveries/outcome/{delivery.day_id}/?seen={delivery.pk}-pending-0")

    assert (response.status_code, response.content) == (204, b"")


def test_the_error_at_the_till_says_cause_and_what_to_do_and_offers_to_resend(at_till, clerk, delivery):
    fates.meet(delivery, fates.NO_NAME)

    page = text_of(at_till(clerk).get("/register/2026-04-01/result/"))

    assert "接続先が見つかりません（名前解決エラー）" in page
    assert [word in page for word in ("いますること", "帳簿への影響", page_of(delivery, "resend/"))] == [True] * 3


def test_resending_at_the_till_leads_back_to_the_result(at_till, clerk, delivery):
    fates.meet(delivery, fates.NO_NAME)

    response = at_till(clerk).post(page_of(delivery, "resend/"))

    assert (response.headers["Location"], states()) == ("/register/2026-04-01/result/", [State.PENDING])


def test_another_stores_delivery_does_not_exist_at_this_till(at_till, admin, shop, kichijoji, state_dir):
    Register.objects.create(store=kichijoji, number=1)
    other = shop.close(kichijoji)

    assert at_till(admin).get(f"/deliveries/outcome/{other.day_id}/").status_code == 404


def test_top_names_the_problem_and_leads_to_it(managers, unknown):
    page = text_of(managers.get("/"))

    assert [word in page for word in ("結果不明", "送信の途中で通信が切れました", f'href="{page_of(unknown)}"')] == [True] * 3


def test_top_says_nothing_of_other_companies_problems(client, rival_admin, unknown):
    assert "結果不明" not in text_of(sign_in(client, rival_admin).get("/"))


@pytest.mark.parametrize(("seen_ago", "is_told"), [(timedelta(seconds=5), False), (timedelta(seconds=90), True)])
def test_every_page_tells_that_nobody_sends_what_waits(managers, delivery, seen_ago, is_told):
    WorkerSighting.objects.create(name="worker", seen_at=Now() - seen_ago)

    assert ("弥生への送信が止まっています" in text_of(managers.get("/password/"))) == is_told


def test_nobody_is_alarmed_while_nothing_waits(managers, delivery):
    fates.deliver_it(delivery)

    assert "弥生への送信が止まっています" not in text_of(managers.get("/"))


def test_everybody_is_told_when_the_gate_journal_is_gone(managers, delivery, state_dir):
    WorkerSighting.touch("worker")
    (state_dir / "gate-journal").unlink()

    assert "弥生への送信をすべて止めています" in text_of(managers.get("/"))


def test_the_preview_shows_what_yayoi_gets(at_till, clerk, shop, linked, state_dir):
    open_day(linked, DAY, by=shop.by, today=DAY)
    shop.sell(linked, DAY, "1")

    page = text_of(at_till(clerk).get("/register/2026-04-01/close/"))

    assert [word in page for word in ("弥生に送る仕訳", "現金売上10% 渋谷店 #0001-260401-1", "借方合計 ¥1,100")] == [True] * 3


def test_a_number_that_is_no_delivery_is_no_page(managers, db):
    paths = ["/deliveries/99999999999999999999999/", "/deliveries/outcome/99999999999999999999999/", "/deliveries/?store=x&page=-1"]

    assert [managers.get(path).status_code for path in paths] == [404, 404, 200]
