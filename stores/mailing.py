"""Sending what was written. A mail server that is slow or away delays mails, and nothing else."""

import logging
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone, translation

from stores.models import Mail, Staff
from stores.models.notices import SENDING

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180))
GIVEN_UP_AFTER = timedelta(days=3)
MOST_AT_ONCE = 50

logger = logging.getLogger(__name__)


def is_set_up() -> bool:
    """Whether the portal has been told of a mail server."""
    return settings.SENDS_MAIL


def language_of(person: Staff) -> translation.override:
    """Return the context in which a mail to this person is written. No browser asks for one: who has not chosen reads Japanese."""
    return translation.override(person.language or "ja")


def write_mail(person: Staff, *, subject: str, text: str, at: datetime, digest_on=None) -> Mail | None:
    """Write a mail in the caller's transaction; without a server, or to somebody without address, nothing is written."""
    if not is_set_up() or not person.email:
        return None
    subject = " ".join(subject.split())[:200]
    return Mail.objects.create(person=person, subject=subject, text=text, digest_on=digest_on, created_at=at, due_at=Now())


def send_due_mails() -> int:
    """Send what is due, one after the other, never inside a transaction. Returns how many were sent."""
    if not is_set_up():
        return 0
    due = Mail.objects.due().order_by("due_at", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE]
    return sum(_send(mail_id) for mail_id in list(due))


def clear_old_mails() -> None:
    """Delete what was sent, or given up, a month ago."""
    Mail.objects.too_old().delete()


def _send(mail_id):
    if not Mail.objects.due().filter(pk=mail_id).update(claimed_until=Now() + SENDING, tries=F("tries") + 1):
        return False  # somebody else has it
    mail = Mail.objects.select_related("person").get(pk=mail_id)
    if not (mail.person.is_active and mail.person.email):
        _give_up(mail)
        return False
    try:
        mailers.default.send_messages([_message(mail)])
    except OSError as failure:  # of the network or, as smtplib's are, of the server; their texts may name the password
        logger.error("Mail %s: %s", mail.pk, type(failure).__name__)
        _try_later(mail)
        return False
    Mail.objects.filter(pk=mail.pk).update(sent_at=timezone.now(), claimed_until=None)
    return True


def _message(mail):
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    # The same identity each time, so that a mail which comes twice can be told to be one.
    headers = {"Message-ID": f"<{mail.key}@{domain}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(mail.subject, mail.text, to=[mail.person.email], headers=headers)


def _try_later(mail):
    if timezone.now() - mail.created_at > GIVEN_UP_AFTER:
        _give_up(mail)
        return
    pause = PAUSES[min(mail.tries, len(PAUSES)) - 1]
    Mail.objects.filter(pk=mail.pk).update(due_at=Now() + pause, claimed_until=None)


def _give_up(mail):
    Mail.objects.filter(pk=mail.pk).update(given_up_at=timezone.now(), claimed_until=None)
