import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stores.models.people import Staff
from stores.models.places import Store

# How long whoever sends a mail has it for himself: longer than a mail server is waited for.
SENDING = timedelta(minutes=2)
KEPT_FOR = timedelta(days=30)


class NoticeQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at=None)


class Notice(models.Model):
    """A cause for which people are told, from when it was seen until it is gone. One that comes back is a new one.

    Without a store it concerns the whole portal.
    """

    kind = models.CharField(_("種類"), max_length=30)
    store = models.ForeignKey(Store, models.PROTECT, null=True, related_name="notices", verbose_name=_("店舗"))
    days = models.PositiveIntegerField(_("営業日の数"), default=0)
    oldest_day = models.DateField(_("最も古い営業日"), null=True)
    opened_at = models.DateTimeField(_("発生"))
    ended_at = models.DateTimeField(_("解消"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("お知らせ")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "store"], condition=Q(ended_at=None), name="one_open_notice_per_kind_and_store"),
            models.UniqueConstraint(fields=["kind"], condition=Q(ended_at=None, store=None), name="one_open_notice_per_kind_of_the_portal"),
        ]

    def __str__(self):
        return f"{self.kind} {self.store or ''}".strip()


class MailQuerySet(models.QuerySet):
    def unsent(self):
        return self.filter(sent_at=None, given_up_at=None)

    def due(self):
        """What may be sent now, by the database's clock. One that a dead sender had in hand is due again."""
        return self.unsent().filter(Q(claimed_until=None) | Q(claimed_until__lte=Now()), due_at__lte=Now())

    def too_old(self):
        return self.exclude(sent_at=None, given_up_at=None).filter(created_at__lt=Now() - KEPT_FOR)


class Mail(models.Model):
    """A mail to one person. Written in the transaction of what it tells of, sent afterwards by whoever gets round to it.

    A sender that dies between sending and writing that down leaves it due: it may then come twice, but never not at all.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Staff, models.PROTECT, related_name="mails", verbose_name=_("担当者"))
    subject = models.CharField(_("件名"), max_length=200)
    text = models.TextField(_("本文"))
    # The morning's summary, of which there is one.
    digest_on = models.DateField(null=True, editable=False)
    created_at = models.DateTimeField(_("作成日時"))
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(_("試行回数"), default=0)
    sent_at = models.DateTimeField(_("送信日時"), null=True)
    given_up_at = models.DateTimeField(_("送信をあきらめた日時"), null=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("メール")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "digest_on"], name="one_digest_per_person_and_day")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, given_up_at=None), name="mails_to_send"),
            models.Index(fields=["person", "created_at"], name="mails_of_a_person"),
        ]

    def __str__(self):
        return self.subject


class Told(models.Model):
    """That a person was written to about a notice: what makes it one mail per cause, however many workers look."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="told")
    person = models.ForeignKey(Staff, models.PROTECT, related_name="told")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "person"], name="each_is_told_once")]
