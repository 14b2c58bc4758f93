import pytest

from closing.models import BusinessDay, Closing
from closing.trading_day import open_day
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link.links import LinkEntry, register_links
from yayoi_link.models import Decision, Delivery
from yayoi_link.states import State

PAGE = "/register/2026-04-01/close-again/"
RESULT = "/register/2026-04-01/result/"
MUST_BE_DELETED = "弥生側にてデータが重複して連携されるため、弥生側で過去の不要なデータを削除する必要があります。"


def text_of(response):
    return response.content.decode()


def shown_by(till):
    """What the page sends by itself."""
    form, day = (till.get(PAGE).context[name] for name in ("form", "day"))
    return {"seen": form.shown_now, "revision": day.revision}


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def delivered(delivery):
    return fates.deliver_it(delivery)


@pytest.fixture
def managers_till(at_till, manager):
    return at_till(manager)


@pytest.fixture
def clerks_till(at_till, clerk):
    return at_till(clerk)


def test_a_day_of_which_nothing_left_is_simply_sent_again(managers_till, delivery):
    fates.give_up(delivery)

    response = managers_till.post(PAGE, shown_by(managers_till))

    assert (response.headers["Location"], states()) == (RESULT, [State.SUPERSEDED, State.PENDING])


def test_sending_a_delivered_day_again_asks_and_shows_the_rows_to_delete(managers_till, delivered):
    page = text_of(managers_till.get(PAGE))

    assert [
        word in page for word in (MUST_BE_DELETED, "1行が弥生で重複します", "現金売上10% 渋谷店 #0001-260401-1", "送らない", "全件を送る")
    ] == [True] * 5
    assert "そのあと、内容は変わっていません。" in page


def test_everything_needs_the_typed_word(managers_till, delivered):
    page = text_of(managers_till.post(PAGE, shown_by(managers_till) | {"wish": "everything"}))

    assert "「重複」と入力してください。" in page
    assert states() == [State.DELIVERED]


def test_everything_is_sent_after_the_typed_word(managers_till, delivered):
    managers_till.post(PAGE, shown_by(managers_till) | {"wish": "everything", "typed": " 重複 "})

    assert states() == [State.DELIVERED, State.PENDING]
    assert Decision.objects.values_list("kind", "rows_doubled").get() == (Decision.Kind.CLOSE_EVERYTHING, 1)


def test_nothing_is_sent_without_a_typed_word(managers_till, delivered):
    managers_till.post(PAGE, shown_by(managers_till) | {"wish": "nothing"})

    assert states() == [State.DELIVERED, State.WAIVED]


def test_after_nothing_was_sent_again_the_first_posting_is_not_forgotten(managers_till, delivered):
    managers_till.post(PAGE, shown_by(managers_till) | {"wish": "nothing"})

    assert "この内容は送らないと決めました。前に送った分は、弥生にあるかもしれません。" in text_of(managers_till.get(RESULT))


def test_one_of_both_must_be_chosen(managers_till, delivered):
    response = managers_till.post(PAGE, shown_by(managers_till))

    assert (list(response.context["form"].errors), states()) == (["wish"], [State.DELIVERED])


def test_after_a_no_it_says_that_usually_nothing_is_there(managers_till, delivery):
    fates.meet(delivery, fates.NOT_FOUND)

    page = text_of(managers_till.get(PAGE))
    managers_till.post(PAGE, shown_by(managers_till) | {"wish": "everything"})

    assert ("通常は弥生に入っていませんが、確実ではありません" in page, MUST_BE_DELETED in page) == (True, False)
    assert states() == [State.REJECTED, State.PENDING]


def test_what_left_since_the_page_was_shown_is_shown_before_anything_happens(managers_till, delivery):
    shown = shown_by(managers_till)
    fates.deliver_it(delivery)

    response = managers_till.post(PAGE, shown | {"wish": "everything", "typed": "重複"})

    assert "表示したあとに送信の状態が変わりました" in text_of(response)
    assert states() == [State.DELIVERED]


def test_who_comes_second_is_told_who_was_first(at_till, manager, admin, delivered):
    shown = shown_by(at_till(manager))
    choice = {"wish": "nothing"}
    at_till(admin).post(PAGE, shown | choice)

    response = at_till(manager).post(PAGE, shown | choice, follow=True)

    assert "木漏 日向さんが" in text_of(response)
    assert Closing.objects.count() == 2


def test_fault_49_a_day_that_changed_says_so_and_is_closed_as_it_is_now(managers_till, delivered, shop, linked):
    shop.sell(linked, DAY, "2", 550)

    page = text_of(managers_till.get(PAGE))
    managers_till.post(PAGE, shown_by(managers_till) | {"wish": "everything", "typed": "重複"})

    assert ("閉局後に変更あり" in page, "送信後に変更あり" in page) == (True, True)
    assert Closing.objects.get(revision=2).sales_total == 1650


def test_a_day_before_the_start_is_sent_with_an_ok(managers_till, delivery, shop, linked):
    register_links([LinkEntry(linked, is_enabled=True, starts_on=NEXT_DAY)], by=shop.by)

    page = text_of(managers_till.get(PAGE))
    managers_till.post(PAGE, shown_by(managers_till) | {"day_confirmed": "on"})

    assert ("連携開始日より前の営業日ですが、弥生に送ります" in page, states()) == (True, [State.SUPERSEDED, State.PENDING])


def test_for_a_clerk_the_same_steps_are_a_plain_resend(clerks_till, delivery):
    exhausted = fates.give_up(delivery)

    page = text_of(clerks_till.get(PAGE))
    response = clerks_till.post(PAGE)

    assert ("そのまま送り直せます" in page, response.headers["Location"]) == (True, RESULT)
    assert (states(), Delivery.objects.get().key) == ([State.PENDING], exhausted.key)


def test_a_clerk_is_told_who_may_send_what_may_be_there(clerks_till, delivered):
    page = text_of(clerks_till.get(PAGE))

    response = clerks_till.post(PAGE)

    assert "送り直せるのは企業管理者、店長です。" in page
    assert (response.status_code, states()) == (403, [State.DELIVERED])


def test_a_clerk_does_not_send_figures_that_have_changed(clerks_till, delivery, shop, linked):
    fates.give_up(delivery)
    shop.sell(linked, DAY, "2")

    assert (clerks_till.post(PAGE).status_code, states()) == (403, [State.EXHAUSTED])


def test_an_open_day_is_closed_by_counting(managers_till, linked, shop, state_dir):
    open_day(linked, DAY, by=shop.by, today=DAY)

    assert managers_till.get(PAGE).headers["Location"] == "/register/2026-04-01/close/"


@pytest.mark.parametrize("page", [PAGE, "/register/2026-04-02/close-again/"])
def test_another_stores_day_does_not_exist_at_this_till(client, delivery, admin, kichijoji, page):
    client.force_login(admin)
    session = client.session
    session["till_store"] = kichijoji.pk
    session.save()

    assert client.get(page).status_code == 404


def test_the_portal_leads_to_the_till(client, manager, delivery):
    assert sign_in(client, manager).get(PAGE).headers["Location"] == f"/register/?next={PAGE}"


def test_a_rival_sees_no_such_day(client, delivery, rival_admin, rival_store):
    client.force_login(rival_admin)
    session = client.session
    session["till_store"] = rival_store.pk
    session.save()

    assert client.get(PAGE).status_code == 404


def test_a_race_between_two_tills_closes_once(at_till, manager, delivered):
    shown = shown_by(at_till(manager)) | {"wish": "everything", "typed": "重複"}

    for _press in range(2):
        at_till(manager).post(PAGE, shown)

    assert (BusinessDay.objects.get().revision, states()) == (2, [State.DELIVERED, State.PENDING])


def sell_late(shop, delivered, amount=550):
    shop.sell(delivered.day.store, DAY, "late", amount)


def test_a_difference_needs_no_typed_word(managers_till, delivered, shop):
    sell_late(shop, delivered)

    page = text_of(managers_till.get(PAGE))
    managers_till.post(PAGE, shown_by(managers_till) | {"wish": "difference"})

    assert [word in page for word in ("差分を送る", "現金売上10% 訂正 渋谷店 #0001-260401-2", "弥生にある分と合わせて")] == [True] * 3
    assert Delivery.objects.current().values_list("mode", "state").get() == ("difference", State.PENDING)


def test_identical_content_is_said_to_be_identical_and_offers_no_difference(managers_till, delivered):
    response = managers_till.get(PAGE)

    assert "弥生にある内容と同じです。" in text_of(response)
    assert [value for value, _ in response.context["form"].fields["wish"].choices] == ["nothing", "everything"]
    assert response.context["form"].initial["wish"] == "nothing"


def test_what_is_uncertain_offers_no_difference_and_says_why(managers_till, delivery, shop):
    fates.meet(delivery, fates.CUT)
    sell_late(shop, delivery)

    response = managers_till.post(PAGE, shown_by(managers_till) | {"wish": "difference"})

    assert "前回の送信が弥生に届いたかどうか分からないため、差分は送れません。" in text_of(response)
    assert Closing.objects.count() == 1


def test_the_rows_to_delete_can_be_taken_away_as_a_file(client, delivered, manager):
    sign_in(client, manager)

    lines = client.get(f"/deliveries/days/{delivered.day_id}/rows-to-delete.csv").content.decode("utf-8-sig").splitlines()

    assert lines[0] == "送信日時,状態,日付,借方,貸方,税区分,金額,摘要"
    assert lines[1].endswith("連携済,2026/04/01,現金／渋谷店,売上高／渋谷店,課税売上込10%,1100,現金売上10% 渋谷店 #0001-260401-1")


def test_the_rows_to_delete_of_another_company_do_not_exist(client, delivered, rival_admin):
    sign_in(client, rival_admin)

    assert client.get(f"/deliveries/days/{delivered.day_id}/rows-to-delete.csv").status_code == 404


def test_a_decision_for_the_difference_is_made_on_a_page_of_its_own(client, shop, delivered, manager):
    sell_late(shop, delivered)
    held = shop.close_again(delivered)
    sign_in(client, manager)
    page = client.get(f"/deliveries/{held.pk}/difference/")

    client.post(f"/deliveries/{held.pk}/difference/", {"seen": page.context["form"].shown_now})

    assert Delivery.objects.values_list("mode", "state").get(pk=held.pk) == ("difference", State.PENDING)
    assert "弥生にある分と合わせて" in text_of(client.get(f"/deliveries/{held.pk}/"))
