import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from closing.trading_day import open_day
from stores.models import Mail, Notice, Role
from stores.notice_mails import GATHERED_FOR
from stores.notices import all_causes, keep_notices
from stores.telling import tell
from tests.cast import make_person, sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.receiver import Receiver
from tests.yayoi_link.shop import DAY, NEXT_DAY
from tests.yayoi_link.worker_process import eventually
from yayoi_link.models import Delivery, WorkerSighting
from yayoi_link.rulings import settle
from yayoi_link.verdicts import Answer, ErrorCode, Phase

BAD_CERTIFICATE = Answer(phase=Phase.TLS, error=ErrorCode.CERTIFICATE_UNTRUSTED)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def worker_is_there(db):
    WorkerSighting.touch("worker")


@pytest.fixture
def reader(manager):
    manager.email = "hanako@shop.example"
    manager.save()
    return manager


def kinds(at=None):
    return sorted((cause.kind.name, cause.days) for cause in all_causes(at=at or timezone.now()))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (fates.CUT, "unknown"),
        (fates.LOGIN_PAGE, "unverified"),
        (fates.NOT_FOUND, "rejected"),
        (fates.BLOCKED, "rejected"),
        (BAD_CERTIFICATE, "certificate"),
    ],
)
def test_what_needs_people_is_a_cause_at_once(delivery, answer, kind):
    fates.meet(delivery, answer)

    assert kinds() == [(kind, 1)]


def test_what_was_given_up_is_a_cause(delivery):
    fates.give_up(delivery)

    assert kinds() == [("exhausted", 1)]


def test_what_was_not_sent_is_a_cause_after_an_hour(delivery):
    tried = fates.meet(delivery, fates.NO_NAME).first_tried_at

    early, late = kinds(tried + timedelta(minutes=59)), kinds(tried + timedelta(hours=1))

    assert (early, late) == ([], [("not_sent", 1)])


def test_what_is_just_being_tried_again_is_still_a_cause(delivery):
    tried = fates.meet(delivery, fates.NO_NAME).first_tried_at
    Delivery.objects.update(state="claimed")

    assert kinds(tried + timedelta(hours=1)) == [("not_sent", 1)]


def test_a_delivery_that_arrived_is_no_cause(delivery):
    fates.deliver_it(delivery)

    assert kinds() == []


def test_a_day_that_waits_for_a_decision_is_a_cause_at_once(delivery, linked, shop):
    fates.deliver_it(delivery)
    shop.sell(linked, DAY, "2")

    shop.close_again(delivery)

    assert kinds() == [("awaiting_decision", 1)]


def test_a_day_that_is_held_because_no_key_opens_its_link_is_a_cause_at_once(linked, shop, settings):
    settings.LINK_KEYS = ["another key"]

    shop.close(linked)

    assert kinds() == [("held", 1)]


def test_a_day_of_a_store_that_does_not_post_is_no_cause(shibuya, register, shop, state_dir):
    shop.close(shibuya)

    assert kinds() == []


def test_a_forgotten_close_is_a_cause_three_hours_after_the_closing_time(shop, shibuya, register):
    open_day(shibuya, DAY, by=shop.by, today=DAY)
    closing_time = datetime(2026, 4, 2, 5, tzinfo=ZoneInfo("Asia/Tokyo"))

    early, late = kinds(closing_time + timedelta(hours=2, minutes=59)), kinds(closing_time + timedelta(hours=3))

    assert (early, late) == ([], [("forgotten", 1)])


def test_a_worker_that_is_away_is_a_cause(db):
    WorkerSighting.objects.all().delete()

    assert kinds() == [("worker_away", 0)]


def test_a_missing_journal_is_a_cause(state_dir):
    (state_dir / "gate-journal").unlink()

    assert kinds() == [("sending_stopped", 0)]


def test_one_cause_is_one_notice_and_one_mail(unknown, reader, mail_server):
    for _look in range(3):
        tell(at=timezone.now())

    [mail] = mail_server.mails
    assert (mail["To"], mail["Subject"]) == ("hanako@shop.example", "【レジ管理画面】結果不明（渋谷店）")
    assert Notice.objects.count() == 1


def test_the_mail_says_what_it_means_and_what_to_do(unknown, reader, mail_server, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://regi.example"]

    tell(at=timezone.now())

    assert mail_server.mails[0].get_content().splitlines() == [
        "渋谷 花子 様",
        "",
        "対応が必要なことがあります。",
        "",
        "■ 0001 渋谷店：結果不明（2026年4月1日(水)）",
        "送信の途中で結果が分からなくなりました。弥生に入っているかもしれません。",
        "次にすること：弥生のスマート取引取込で「未確定の取引」に、この営業日の行があるか確かめてください。"
        "そのあと、管理画面の「連携状況」で「弥生で確認した」を押してください。",
        f"https://regi.example/deliveries/?period=all&store={unknown.day.store_id}&state=unknown",
        "",
        "--",
        "レジ管理画面からの自動送信です。このメールには返信できません。",
        "",
    ]


def test_everybody_is_written_to_in_the_own_language(linked, shop, unknown, reader, admin, mail_server):
    for person, language in ((reader, ""), (admin, "en")):
        person.email = f"{person.code}@shop.example"
        person.language = language
        person.save()
    shop.link(linked, "https://elsewhere.example/link/2")

    tell(at=timezone.now())

    assert sorted((mail["To"], mail["Subject"].strip()) for mail in mail_server.mails) == [
        ("0001@shop.example", "[Register portal] Outcome unknown (渋谷店)"),
        ("0001@shop.example", "[Register portal] The settings of the Yayoi link were changed (stores: 1)"),
        ("0101@shop.example", "【レジ管理画面】結果不明（渋谷店）"),
    ]


def test_a_cause_that_is_gone_ends_its_notice_and_one_that_returns_is_told_again(unknown, shop, reader, mail_server):
    tell(at=timezone.now())
    settle(unknown, was_there=True, reason="確認済み", by=shop.by)
    tell(at=timezone.now())
    ended = Notice.objects.get().ended_at

    again = shop.close(unknown.day.store, NEXT_DAY)
    fates.meet(again, fates.CUT)
    tell(at=timezone.now() + GATHERED_FOR)

    assert ended is not None
    assert (Notice.objects.open().count(), len(mail_server.mails)) == (1, 2)


def test_what_comes_up_just_after_a_mail_waits_for_the_next(unknown, shop, reader, kichijoji, mail_server):
    now = timezone.now()
    tell(at=now)
    open_day(kichijoji, DAY, by=shop.by, today=DAY)
    tell(at=now + timedelta(minutes=1))
    after_a_minute = len(mail_server.mails)

    tell(at=now + GATHERED_FOR)

    assert (after_a_minute, len(mail_server.mails)) == (1, 2)
    assert mail_server.mails[1]["Subject"] == "【レジ管理画面】閉局忘れ（吉祥寺店）"


def test_whoever_was_written_to_about_a_changed_link_is_still_told_at_once(unknown, shop, linked, admin, mail_server):
    admin.email = "admin@shop.example"
    admin.save()
    shop.link(linked, "https://elsewhere.example/link/2")

    tell(at=timezone.now())

    assert sorted(mail["Subject"] for mail in mail_server.mails) == [
        "【レジ管理画面】弥生会計連携の設定が変わりました（1店舗）",
        "【レジ管理画面】結果不明（渋谷店）",
    ]


def test_what_lasts_is_summed_up_each_morning(unknown, reader, mail_server):
    evening = datetime(2027, 4, 1, 22, tzinfo=ZoneInfo("Asia/Tokyo"))
    for hours in (0, 10.9, 11, 12, 35):
        tell(at=evening + timedelta(hours=hours))

    assert [mail["Subject"] for mail in mail_server.mails] == [
        "【レジ管理画面】結果不明（渋谷店）",
        "【レジ管理画面】未対応のまとめ：結果不明（渋谷店）",
        "【レジ管理画面】未対応のまとめ：結果不明（渋谷店）",
    ]


def test_only_those_responsible_for_the_store_are_told(unknown, company, shibuya, kichijoji, rival_admin, mail_server):
    people = [
        make_person(company, "0002", Role.COMPANY_ADMIN, "管理", shibuya),
        make_person(company, "0103", Role.STORE_MANAGER, "渋谷の店長", shibuya),
        make_person(company, "0104", Role.STORE_MANAGER, "吉祥寺の店長", kichijoji),
        make_person(company, "0105", Role.CLERK, "スタッフ", shibuya),
        make_person(company, "0902", Role.ACCOUNTANT, "経理"),
        rival_admin,
    ]
    for person in people:
        person.email = f"{person.code}@{person.company.code}.example"
        person.save()

    tell(at=timezone.now())

    assert sorted(mail["To"] for mail in mail_server.mails) == ["0002@1000.example", "0103@1000.example"]


@pytest.mark.django_db(transaction=True)
def test_of_many_processes_that_look_one_tells(unknown, reader, mail_server):
    start = threading.Barrier(4)

    def look():
        start.wait()
        tell(at=timezone.now())
        connection.close()

    lookers = [threading.Thread(target=look) for _ in range(4)]
    for looker in lookers:
        looker.start()
    for looker in lookers:
        looker.join()

    assert (Notice.objects.count(), Mail.objects.count(), len(mail_server.mails)) == (1, 1, 1)


def test_the_administrators_are_told_of_a_changed_link(linked, shop, admin, reader, mail_server):
    admin.email = "admin@shop.example"
    admin.save()

    shop.link(linked, "https://elsewhere.example/link/SECRET-PATH-9f9f")
    tell(at=timezone.now())

    [mail] = mail_server.mails
    assert mail["To"] == "admin@shop.example"
    assert "接続先リンク：elsewhere.example …9f9f" in mail.get_content()
    assert "SECRET" not in mail.as_string() + mail.get_content()


def test_the_banner_is_on_every_page_of_those_responsible(unknown, client, admin, clerk, manager):
    shown = {person.role: "対応が必要です" in sign_in(client, person).get("/deliveries/").text for person in (admin, manager, clerk)}

    assert shown == {Role.COMPANY_ADMIN: True, Role.STORE_MANAGER: True, Role.CLERK: False}


def test_top_lists_in_full_what_the_banner_names_elsewhere(unknown, shop, linked, client, manager):
    fates.meet(shop.close(linked, NEXT_DAY), BAD_CERTIFICATE)

    page = sign_in(client, manager).get("/").text

    shown = [word in page for word in ("接続先の証明書の問題", "接続先の証明書を確かめられないため", "結果不明", "対応が必要です")]
    assert shown == [True, True, True, False]


def test_the_banner_is_gone_with_its_cause(unknown, client, manager, shop):
    settle(unknown, was_there=True, reason="確認済み", by=shop.by)

    page = sign_in(client, manager).get("/deliveries/")

    assert "対応が必要です" not in page.text


def test_the_banner_of_others_is_not_shown(unknown, client, rival_admin):
    page = sign_in(client, rival_admin).get("/deliveries/")

    assert "対応が必要です" not in page.text


def test_looking_takes_the_same_queries_for_one_store_and_for_three(shop, django_assert_num_queries, state_dir):
    urls = [f"https://yayoi.example/link/{number}" for number in "123"]
    first, *others = [shop.close(shop.store(url)) for url in urls]
    fates.meet(first, fates.CUT)
    keep_notices(at=timezone.now())

    with django_assert_num_queries(6):  # three watches of stores, the worker, the journal's newest lines, the open notices
        keep_notices(at=timezone.now())
    for delivery in others:
        fates.meet(delivery, fates.CUT)
    keep_notices(at=timezone.now())
    with django_assert_num_queries(6):
        keep_notices(at=timezone.now())

    assert Notice.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_the_worker_tells_while_it_runs(unknown, reader, mail_server, workers):
    workers.start(MAILER_URL=f"smtp://127.0.0.1:{mail_server.server_address[1]}")

    eventually(lambda: mail_server.mails)
    assert [mail["To"] for mail in mail_server.mails] == ["hanako@shop.example"]


@pytest.mark.django_db(transaction=True)
def test_a_silent_mail_server_delays_no_delivery(unknown, shop, reader, mail_server, workers):
    mail_server.is_silent = True
    with Receiver() as receiver:
        store = shop.store(receiver.url())
        workers.start(MAILER_URL=f"smtp://127.0.0.1:{mail_server.server_address[1]}")
        eventually(lambda: Mail.objects.filter(tries=1).exists())

        delivery = shop.close(store, NEXT_DAY)

        eventually(lambda: fates.reread(delivery).state == "delivered")
    assert not Mail.objects.filter(sent_at__isnull=False).exists()
