import contextlib
import socket
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from stores.audit import Origin
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.receiver import Receiver
from yayoi_link.check_words import problem_of, steps_of, warning_of
from yayoi_link.link_checks import MOST_OF_A_PERSON, TooManyChecks, check_link
from yayoi_link.models import LinkCheck, YayoiLink
from yayoi_link.models.breakers import OPENS_AT, LinkBreaker

HOST = "localhost"


@pytest.fixture(autouse=True)
def trust(settings, authority):
    settings.OUTBOUND_CA_BUNDLE = str(authority.bundle)


def linked_to(shop, url):
    return YayoiLink.objects.select_related("store").get(store=shop.store(url))


def looks(check):
    return [step.look for step in steps_of(check)]


def test_a_good_connection_is_shown_with_its_certificate_and_nothing_is_requested(shop, authority):
    with Receiver(tls=authority.context(HOST, days_left=29)) as receiver:
        check = check_link(linked_to(shop, receiver.url(host=HOST)), by=shop.by)

    assert (looks(check), problem_of(check), check.address) == (["ok", "ok", "ok"], "", "127.0.0.1")
    assert check.certificate_expires_at > timezone.now() + timedelta(days=28)
    assert (receiver.connections, receiver.bytes_read) == (1, 0)


def test_a_certificate_that_ends_soon_is_a_warning(shop, authority):
    with Receiver(tls=authority.context(HOST, days_left=13)) as receiver:
        check = check_link(linked_to(shop, receiver.url(host=HOST)), by=shop.by)

    assert (looks(check), warning_of(check, now=timezone.now()) != "") == (["ok", "ok", "ok"], True)


def test_a_certificate_of_another_host_is_named_as_the_problem(shop, authority):
    with Receiver(tls=authority.context("elsewhere.example")) as receiver:
        check = check_link(linked_to(shop, receiver.url(host=HOST)), by=shop.by)

    assert (looks(check), str(problem_of(check))) == (["ok", "ok", "bad"], "接続先の証明書の名前が、接続先リンクと一致しません")


def test_a_port_where_nobody_listens_is_a_failed_connection(shop):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]

    check = check_link(linked_to(shop, f"https://{HOST}:{port}/link/1"), by=shop.by)

    assert looks(check) == ["ok", "bad", "off"]


def test_all_blocked_addresses_read_alike_and_name_no_address(shop, settings):
    links = [linked_to(shop, f"https://{host}/link/1") for host in ("127.0.0.1", "127.8.8.8", "localhost")]
    settings.OUTBOUND_ALLOW_LOOPBACK = False

    checks = [check_link(link, by=shop.by) for link in links]

    assert {(str(problem_of(check)), check.address) for check in checks} == {
        ("接続先リンクが、送信できない場所（社内などのアドレス）を指しています", "")
    }


def test_nobody_checks_without_end(shop, linked, settings):
    settings.OUTBOUND_ALLOW_LOOPBACK = False
    link = linked_to(shop, "https://127.0.0.1/link/1")
    for _check in range(MOST_OF_A_PERSON):
        check_link(link, by=shop.by)

    with pytest.raises(TooManyChecks):
        check_link(link, by=shop.by)

    assert LinkCheck.objects.count() == MOST_OF_A_PERSON
    later = Origin(shop.manager, timezone.now() + timedelta(minutes=11))
    assert check_link(link, by=later).is_blocked


def test_a_good_check_has_the_oldest_waiting_day_tried_at_once(shop, authority, state_dir):
    with Receiver(tls=authority.context(HOST)) as receiver:
        link = linked_to(shop, receiver.url(host=HOST))
        waiting = fates.meet(shop.close(link.store), fates.NO_NAME)
        LinkBreaker.objects.update(not_sent_in_row=OPENS_AT)

        check_link(link, by=shop.by)

    assert fates.reread(waiting).due_at <= timezone.now()
    assert LinkBreaker.objects.get().not_sent_in_row == 0


def test_the_page_shows_what_was_found(shop, client, manager, authority, shibuya):
    with Receiver(tls=authority.context(HOST)) as receiver:
        shop.link(shibuya, receiver.url(host=HOST, token="SECRET-PATH-1a2b"))
        fragment = sign_in(client, manager).post(f"/settings/yayoi/{shibuya.pk}/check/").text
    page = client.get("/settings/yayoi/").text

    assert "接続できました。リンクの中身が正しいかどうかは、実際に送るまで分かりません。" in fragment
    assert "接続できました。" in page
    assert "SECRET-PATH" not in fragment + page


def test_a_link_that_was_replaced_has_no_check_of_its_own(shop, linked, settings):
    settings.OUTBOUND_ALLOW_LOOPBACK = False
    link = YayoiLink.objects.select_related("store").get(store=linked)
    LinkCheck.objects.create(link=link, version=link.version, checked_by=shop.manager, started_at=timezone.now(), ended_at=timezone.now())

    shop.link(linked, "https://smart-import.example/link/new/5678")

    assert LinkCheck.objects.latest_of([link]) == {}


@pytest.mark.parametrize(("person", "status"), [("manager", 200), ("clerk", 403), ("accountant", 403), ("rival_admin", 404)])
def test_only_who_may_change_the_link_may_check_it(client, request, linked, person, status, settings):
    settings.OUTBOUND_ALLOW_LOOPBACK = False
    visitor = sign_in(client, request.getfixturevalue(person))

    assert visitor.post(f"/settings/yayoi/{linked.pk}/check/").status_code == status


def test_many_who_ask_at_once_do_not_get_past_the_limit(transactional_db, shop, settings):
    settings.OUTBOUND_ALLOW_LOOPBACK = False
    link = linked_to(shop, "https://127.0.0.1/link/1")
    allowed = []

    def ask():
        with contextlib.suppress(TooManyChecks):
            allowed.append(check_link(link, by=shop.by))
        connection.close()

    askers = [threading.Thread(target=ask) for _ in range(MOST_OF_A_PERSON + 5)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()

    assert len(allowed) <= MOST_OF_A_PERSON
