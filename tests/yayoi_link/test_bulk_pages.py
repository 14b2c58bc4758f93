"""連携の一括操作 on its pages: stores and period, the preview, the yes, the result."""

from datetime import timedelta

import pytest

from stores.jobs import run_job
from stores.models import Job
from tests.cast import PASSWORD, sign_in
from tests.stores.test_lists import queries_of
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link.models import BulkItem, Delivery, YayoiLink
from yayoi_link.restoring import after_restore
from yayoi_link.states import State

PERIOD = {"first": "2026-04-01", "last": "2026-04-30"}
ACTS = ["resend", "release", "settle", "waive"]


def text_of(response):
    return response.content.decode()


@pytest.fixture
def managers(client, manager):
    return sign_in(client, manager)


@pytest.fixture
def three_days(shop, linked, state_dir):
    """A day that never arrived, one that arrived, and one that may have arrived."""
    fates.give_up(shop.close(linked))
    fates.deliver_it(shop.close(linked, NEXT_DAY))
    fates.ten_minutes_later(fates.meet(shop.close(linked, DAY + timedelta(days=2)), fates.CUT))
    return linked


def prepare(browser, store, act="resend", **answers):
    """Ask for the preview, and return the operation's address."""
    return browser.post(f"/deliveries/bulk/{act}/", {"stores": [store.pk], **PERIOD, **answers}).headers["Location"]


def chosen():
    return list(BulkItem.objects.chosen().order_by("pk").values_list("delivery__state", flat=True))


def start(browser, page, seen, **answers):
    return browser.post(f"{page}start/", {"seen": seen, **answers})


def test_the_preview_tells_the_days_by_class_with_only_the_safe_ones_chosen(managers, three_days):
    page = text_of(managers.get(prepare(managers, three_days)))

    assert [word in page for word in ("未送信・送信前の失敗", "拒否・不明", "連携済", "選択中の1件を実行", "まだ何も変更していません")] == [
        True
    ] * 5
    assert chosen() == [State.EXHAUSTED]


def test_nothing_is_sent_by_looking(managers, three_days):
    before = list(Delivery.objects.values_list("pk", "state", "fence"))

    managers.get(prepare(managers, three_days))

    assert list(Delivery.objects.values_list("pk", "state", "fence")) == before


def test_the_safe_days_start_without_a_password_and_lead_to_the_progress(managers, three_days):
    page = prepare(managers, three_days)

    response = start(managers, page, "safe:1")

    job = Job.objects.get()
    assert (response.headers["Location"], job.state, job.total) == (f"/jobs/{job.pk}/", Job.State.WAITING, 1)


@pytest.mark.parametrize(
    ("answers", "mistake"),
    [
        ({"typed": "重複", "password": "wrong"}, "パスワードが正しくありません"),
        ({"typed": "はい", "password": PASSWORD}, "「重複」と入力してください。"),
        ({}, "入力してください。"),
    ],
)
def test_what_doubles_starts_only_with_the_word_and_the_password(managers, three_days, answers, mistake):
    page = prepare(managers, three_days)
    managers.post(f"{page}choose/", {"group": "will_double", "chosen": "1"})

    response = start(managers, page, "safe:1 will_double:1", **answers)

    assert (mistake in text_of(response), Job.objects.get().state) == (True, Job.State.DRAFT)


def test_what_doubles_is_named_with_its_rows_and_sent_after_the_word(managers, three_days):
    page = prepare(managers, three_days)
    managers.post(f"{page}choose/", {"group": "will_double", "chosen": "1"})
    warned = text_of(managers.get(page))

    start(managers, page, "safe:1 will_double:1", typed="重複", password=PASSWORD)
    run_job(Job.objects.get().pk)

    assert ("1日分・1行が弥生で重複します" in warned, Delivery.objects.filter(generation=2).count()) == (True, 1)


def test_a_day_before_the_start_needs_its_own_yes(managers, shop, linked, state_dir):
    YayoiLink.objects.update(starts_on=NEXT_DAY)
    shop.close(linked)
    page = prepare(managers, linked, "release")
    managers.post(f"{page}choose/", {"group": "before_start", "chosen": "1"})

    without = start(managers, page, "before_start:1")
    with_yes = start(managers, page, "before_start:1", day_confirmed="on")

    assert (without.status_code, with_yes.status_code) == (200, 302)


def test_the_rows_that_will_be_double_can_be_taken_to_yayoi_as_a_file(managers, three_days):
    page = prepare(managers, three_days)
    managers.post(f"{page}choose/", {"group": "will_double", "chosen": "1"})

    lines = b"".join(managers.get(f"{page}rows-to-delete.csv").streaming_content).decode("utf-8-sig").splitlines()

    assert [line.split(",")[-1] for line in lines] == ["摘要", "現金売上10% 渋谷店 #0001-260402-1"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?since=2026-04-03", [State.EXHAUSTED, State.UNKNOWN]),
        ("?group=may_double", [State.EXHAUSTED, State.UNKNOWN]),
        ("", [State.EXHAUSTED, State.DELIVERED, State.UNKNOWN]),
        ("?store=nonsense", [State.EXHAUSTED, State.DELIVERED, State.UNKNOWN]),
    ],
)
def test_days_are_chosen_by_class_store_and_date(managers, three_days, query, expected):
    page = prepare(managers, three_days)

    managers.post(f"{page}choose/{query}", {"chosen": "1"})

    assert chosen() == expected


def test_a_single_day_is_left_out(managers, three_days):
    page = prepare(managers, three_days)
    safe = BulkItem.objects.chosen().get()

    managers.post(f"{page}choose/", {"item": safe.pk, "chosen": "0"})

    assert (chosen(), "営業日が選ばれていません" in text_of(managers.get(page))) == ([], True)


def test_what_was_chosen_elsewhere_meanwhile_is_shown_before_the_start(managers, three_days):
    page = prepare(managers, three_days)

    response = start(managers, page, "safe:7")

    assert ("表示したあとに選択が変わりました" in text_of(response), Job.objects.get().state) == (True, Job.State.DRAFT)


def test_a_second_click_starts_nothing(managers, three_days):
    page = prepare(managers, three_days)
    start(managers, page, "safe:1")

    response = managers.post(f"{page}start/", {"seen": "safe:1"}, follow=True)

    assert "すでに開始されています" in text_of(response)


def test_what_one_outage_made_is_settled_with_one_reason(managers, three_days):
    page = prepare(managers, three_days, "settle")
    managers.post(f"{page}choose/", {"group": "ready", "chosen": "1"})

    start(managers, page, "ready:1", was_there="yes", reason="回線の障害")
    run_job(Job.objects.get().pk)

    assert Delivery.objects.get(state=State.SETTLED).decisions.get().reason == "回線の障害"


@pytest.mark.parametrize("act", ["settle", "waive"])
def test_a_ruling_on_many_days_needs_a_reason(managers, three_days, act):
    page = prepare(managers, three_days, act)
    managers.post(f"{page}choose/", {"chosen": "1"})

    response = start(managers, page, "ready:1", was_there="yes")

    assert list(response.context["start_form"].errors) == ["reason"]


def test_the_result_tells_each_day_what_came_of_it(managers, three_days):
    page = prepare(managers, three_days)
    start(managers, page, "safe:1")
    run_job(Job.objects.get().pk)

    result = text_of(managers.get(page))

    assert [word in result for word in ("受け付けました", "2026年4月1日(水)", "送信待ち", "完了")] == [True] * 4
    assert "2026年4月2日(木)" not in result


@pytest.fixture
def ended_by_a_restore(managers, three_days):
    """The page of an operation that a backup believed unfinished."""
    page = prepare(managers, three_days)
    start(managers, page, "safe:1")
    after_restore()
    return page


def test_an_operation_that_a_restore_ended_says_what_was_done_and_what_not(managers, ended_by_a_restore):
    job = text_of(managers.get(f"/jobs/{Job.objects.get().pk}/"))

    assert "済んだことが記録に残っているのは0件です。残りの1件は、行っていないか、バックアップのあとに行ったかもしれません。" in job
    assert "この一括操作は途中で終わりました。1件が残っています。" in text_of(managers.get(ended_by_a_restore))


def test_what_an_ended_operation_has_left_is_shown_as_it_is_now_and_starts_anew(managers, ended_by_a_restore):
    page = managers.post(f"{ended_by_a_restore}rest/", follow=True)

    assert ("まだ何も変更していません" in page.text, page.context["chosen"]) == (True, 0)
    assert list(BulkItem.objects.filter(job=page.context["job"]).values_list("delivery__state", "group")) == [("unknown", "may_double")]


def test_a_finished_operation_has_nothing_left(managers, three_days):
    page = prepare(managers, three_days)
    start(managers, page, "safe:1")
    run_job(Job.objects.get().pk)

    assert "残りをいまの状態で確認する" not in text_of(managers.get(page))


def test_while_an_operation_runs_its_rest_does_not_begin_anew(managers, three_days):
    page = prepare(managers, three_days)
    start(managers, page, "safe:1")

    assert (managers.post(f"{page}rest/").headers["Location"], Job.objects.count()) == (page, 1)


@pytest.mark.parametrize(
    ("answers", "mistake"),
    [
        ({"first": "2026-04-30", "last": "2026-04-01"}, "開始より後の日付にしてください。"),
        ({"first": "2025-01-01", "last": "2026-04-30"}, "期間は400日以内にしてください。"),
        ({"first": "x"}, "日付を正しく入力してください。"),
        ({"stores": ["99999999999"]}, "正しく選択してください"),
        ({"stores": ["9" * 30]}, "正しく選択してください"),
    ],
)
def test_a_period_that_makes_no_sense_is_told_at_its_field(managers, linked, answers, mistake):
    response = managers.post("/deliveries/bulk/resend/", {"stores": [linked.pk], **PERIOD, **answers})

    assert (response.status_code, mistake in text_of(response)) == (200, True)


def test_an_act_that_does_not_exist_is_no_page(managers, linked):
    assert managers.get("/deliveries/bulk/delete/").status_code == 404


def test_a_clerk_sends_again_in_bulk_what_never_arrived_and_nothing_else(client, clerk, three_days):
    browser = sign_in(client, clerk)
    page = prepare(browser, three_days)

    browser.post(f"{page}choose/", {"chosen": "1"})

    assert chosen() == [State.EXHAUSTED]


@pytest.mark.parametrize("act", ["release", "settle", "waive"])
def test_rulings_in_bulk_are_the_managers(client, clerk, linked, act):
    assert sign_in(client, clerk).get(f"/deliveries/bulk/{act}/").status_code == 403


@pytest.mark.parametrize("act", ACTS)
def test_an_accountant_does_not_act_in_bulk(client, accountant, act):
    assert sign_in(client, accountant).get(f"/deliveries/bulk/{act}/").status_code == 403


@pytest.mark.parametrize("role", ["admin", "clerk"])
def test_somebody_elses_operation_does_not_exist(client, request, managers, three_days, role):
    page = prepare(managers, three_days)
    browser = sign_in(client, request.getfixturevalue(role))

    pages = [browser.get(page), browser.get(f"{page}rows-to-delete.csv"), browser.post(f"{page}start/"), browser.post(f"{page}choose/")]

    assert [response.status_code for response in pages] == [404] * 4


def test_the_stores_of_another_company_are_not_offered_and_not_taken(client, rival_admin, rival_store, three_days):
    browser = sign_in(client, rival_admin)
    offered = text_of(browser.get("/deliveries/bulk/resend/"))

    response = browser.post("/deliveries/bulk/resend/", {"stores": [three_days.pk], **PERIOD})

    assert ("渋谷店" in offered, response.status_code, Job.objects.count()) == (False, 200, 0)


def test_an_operation_is_no_page_of_the_till(at_till, manager, three_days):
    assert at_till(manager).get("/deliveries/bulk/resend/").status_code != 200


def test_a_preview_of_three_days_costs_no_more_queries_than_one(managers, shop, linked, state_dir):
    fates.deliver_it(shop.close(linked))
    for_one = queries_of(managers, prepare(managers, linked))
    for number, fate in ((1, fates.give_up), (2, fates.deliver_it)):
        fate(shop.close(linked, DAY + timedelta(days=number)))

    assert queries_of(managers, prepare(managers, linked)) == for_one
