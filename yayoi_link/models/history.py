from django.db import models
from django.utils.translation import gettext_lazy as _

from stores.models import Staff
from yayoi_link.models.deliveries import Delivery


class Attempt(models.Model):
    """One try of a delivery, written when it is claimed. Append-only: what came of it is its Outcome."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField(_("回"))
    trigger = models.CharField(_("きっかけ"), max_length=7, choices=Delivery.Trigger)
    actor = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("担当者"))
    fence = models.PositiveBigIntegerField()
    link_version = models.PositiveIntegerField(_("接続先リンクの版"))
    link_shown = models.CharField(_("接続先"), max_length=260)
    started_at = models.DateTimeField(_("開始"))

    class Meta:
        ordering = ["delivery", "number", "pk"]
        constraints = [models.UniqueConstraint(fields=["delivery", "fence"], name="one_attempt_per_fence")]


class Outcome(models.Model):
    """What came of an attempt: as its worker saw it, as the reaper ruled it, or as it arrived late. Append-only."""

    class Source(models.TextChoices):
        WORKER = "worker", _("応答")
        REAPER = "reaper", _("期限切れ")
        LATE = "late", _("後から届いた応答")

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="outcomes")
    source = models.CharField(max_length=6, choices=Source)
    verdict = models.CharField(_("判定"), max_length=12)
    phase = models.CharField(_("段階"), max_length=16, blank=True)
    error = models.CharField(_("原因"), max_length=32, blank=True)
    status = models.PositiveIntegerField(_("応答コード"), null=True)
    address = models.CharField(_("接続先アドレス"), max_length=45, blank=True)
    tls_version = models.CharField(max_length=10, blank=True)
    duration_ms = models.PositiveIntegerField(_("所要時間（ミリ秒）"), null=True)
    content_type = models.CharField(max_length=100, blank=True)
    answer_length = models.PositiveIntegerField(null=True)
    answer_sha256 = models.CharField(max_length=64, blank=True)
    answer_fields = models.JSONField(default=dict)
    location_host = models.CharField(max_length=253, blank=True)
    at = models.DateTimeField(_("日時"))

    class Meta:
        ordering = ["attempt", "at", "pk"]


class Decision(models.Model):
    """A person's ruling on a delivery. Append-only."""

    class Kind(models.TextChoices):
        RELEASE = "release", _("送信する")
        RESEND = "resend", _("再連携")
        RESEND_AFTER_NO = "resend_after_no", _("拒否の応答のあと再連携")
        RESEND_DOUBLED = "resend_doubled", _("重複を承知で再連携")
        FOUND = "found", _("弥生で確認した：あった")
        NOT_FOUND = "not_found", _("弥生で確認した：なかった")
        FOUND_IN_PART = "found_in_part", _("弥生で確認した：一部だけあった")
        WAIVE = "waive", _("送信不要")
        CLOSE_EVERYTHING = "close_all", _("再閉局：全件を送る")
        CLOSE_NOTHING = "close_nothing", _("再閉局：送らない")
        CLOSE_DIFFERENCE = "close_diff", _("再閉局：差分を送る")
        SEND_DIFFERENCE = "send_diff", _("差分を送る")
        SEND_NOW = "send_now", _("今すぐ送信")

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="decisions")
    kind = models.CharField(_("判断"), max_length=15, choices=Kind)
    actor = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("担当者"))
    state_before = models.CharField(_("そのときの状態"), max_length=10)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    rows_doubled = models.PositiveIntegerField(_("重複すると知らせた行数"), default=0)
    found_keys = models.JSONField(_("弥生にあった行"), default=list, blank=True)
    successor = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("日時"))

    class Meta:
        ordering = ["delivery", "at", "pk"]
