import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from stores.mailing import GIVEN_UP_AFTER, clear_old_mails, send_due_mails, write_mail
from stores.models import Mail
from stores.models.notices import KEPT_FOR


@pytest.fixture
def reader(manager):
    manager.email = "hanako@shop.example"
    manager.save()
    return manager


@pytest.fixture
def mail(reader, mail_server):
    return write_mail(reader, subject="結果不明（渋谷店）", text="渋谷店の連携を確認してください。\n", at=timezone.now())


def test_a_mail_reaches_the_mail_server_once(mail, mail_server):
    sent = [send_due_mails(), send_due_mails()]

    [arrived] = mail_server.mails
    assert sent == [1, 0]
    assert (arrived["To"], arrived["Subject"]) == ("hanako@shop.example", "結果不明（渋谷店）")
    assert arrived.get_content().splitlines() == ["渋谷店の連携を確認してください。"]
    assert (arrived["Message-ID"], arrived["Auto-Submitted"]) == (f"<{mail.key}@portal.example>", "auto-generated")


@pytest.mark.parametrize("trouble", ["refuses", "is_silent"])
def test_a_mail_that_was_not_taken_is_sent_later(mail, mail_server, trouble):
    setattr(mail_server, trouble, True)
    in_vain = send_due_mails()
    at_once = send_due_mails()
    setattr(mail_server, trouble, False)

    Mail.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    later = send_due_mails()

    assert (in_vain, at_once, later, len(mail_server.mails)) == (0, 0, 1, 1)


def test_a_mail_whose_fate_is_unknown_comes_again_with_the_same_identity(mail, mail_server):
    mail_server.cuts_after = True
    send_due_mails()
    mail_server.cuts_after = False

    Mail.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    send_due_mails()

    assert [arrived["Message-ID"] for arrived in mail_server.mails] == [f"<{mail.key}@portal.example>"] * 2


def test_after_three_days_a_mail_is_given_up(mail, mail_server):
    mail_server.refuses = True
    Mail.objects.update(created_at=timezone.now() - GIVEN_UP_AFTER - timedelta(minutes=1))

    send_due_mails()

    mail.refresh_from_db()
    assert mail.given_up_at is not None
    assert not Mail.objects.unsent().exists()


def test_a_mail_to_somebody_who_has_left_is_not_sent(mail, mail_server, reader):
    reader.is_active = False
    reader.save()

    send_due_mails()

    assert (mail_server.mails, Mail.objects.unsent().count()) == ([], 0)


def test_what_a_dead_sender_had_in_hand_is_sent_by_another(mail, mail_server):
    Mail.objects.update(claimed_until=timezone.now() - timedelta(seconds=1), tries=1)

    assert send_due_mails() == 1


def test_what_somebody_else_is_sending_is_left_to_him(mail, mail_server):
    Mail.objects.update(claimed_until=timezone.now() + timedelta(minutes=1), tries=1)

    assert (send_due_mails(), mail_server.mails) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_of_many_senders_one_sends(mail, mail_server):
    start = threading.Barrier(4)

    def send():
        start.wait()
        send_due_mails()
        connection.close()

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert len(mail_server.mails) == 1


def test_without_a_mail_server_no_mail_is_written(reader):
    assert write_mail(reader, subject="結果不明", text="", at=timezone.now()) is None


def test_nobody_without_an_address_is_written_to(manager, mail_server):
    assert write_mail(manager, subject="結果不明", text="", at=timezone.now()) is None


def test_a_line_break_in_a_subject_makes_no_header(reader, mail_server):
    write_mail(reader, subject="渋谷店\r\nBcc: thief@example.com", text="", at=timezone.now())

    send_due_mails()

    assert (mail_server.mails[0]["Subject"], mail_server.mails[0]["Bcc"]) == ("渋谷店 Bcc: thief@example.com", None)


def test_mails_are_kept_for_a_month(mail, mail_server):
    send_due_mails()

    Mail.objects.update(created_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    clear_old_mails()

    assert not Mail.objects.exists()
