from django.db import models
from django.utils.translation import gettext_lazy as _

from closing.models.slips import Slip
from closing.slip_content import Problem
from stores.models import Staff, Store


class KeptSlipQuerySet(models.QuerySet):
    def visible_to(self, staff):
        return self.filter(store__in=Store.objects.visible_to(staff))

    def waiting(self):
        return self.filter(state=KeptSlip.State.WAITING)


class KeptSlip(models.Model):
    """保留: what came in and could not be booked. Kept for ever; people decide, and each decision is a row of its own."""

    class Source(models.TextChoices):
        REGISTER = "REGISTER", _("レジ")
        FILE = "FILE", _("CSV取込")

    class Kind(models.TextChoices):
        SLIP = "SLIP", _("伝票")
        MOVEMENT = "MOVEMENT", _("入出金")

    class Cause(models.TextChoices):
        INVALID = "INVALID", _("内容に誤りがある")
        CONFLICT = "CONFLICT", _("同じ番号に別の内容がある")
        LOCKED = "LOCKED", _("月次締め済み")

    class State(models.TextChoices):
        WAITING = "WAITING", _("判断待ち")
        BOOKED = "BOOKED", _("登録済み")
        # The register sent it once more when nothing stood in its way any longer: nobody has decided anything.
        SENT_AGAIN = "AGAIN", _("再送で登録済み")
        DISCARDED = "DISCARDED", _("登録しない")

    store = models.ForeignKey(Store, models.PROTECT, related_name="kept_slips", verbose_name=_("店舗"))
    source = models.CharField(_("入力元"), max_length=8, choices=Source)
    kind = models.CharField(_("種類"), max_length=8, choices=Kind, default=Kind.SLIP)
    cause = models.CharField(_("保留の理由"), max_length=8, choices=Cause)
    state = models.CharField(_("状態"), max_length=9, choices=State, default=State.WAITING)
    received = models.JSONField(_("受け取った内容"))
    digest = models.CharField(max_length=64)
    # The slip as it was understood (closing/slip_json.py); none when it could not be read at all.
    content = models.JSONField(null=True)
    problems = models.JSONField(default=list)
    received_at = models.DateTimeField(_("受取日時"))

    objects = KeptSlipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("保留")
        ordering = ["-received_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["store", "digest"], name="the_same_content_is_kept_once")]
        indexes = [models.Index(fields=["state", "store", "-received_at"], name="kept_slips_by_state")]

    def __str__(self):
        return f"{self.store} {self.received_at:%Y-%m-%d %H:%M:%S}"

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def is_booked(self):
        return self.state in (self.State.BOOKED, self.State.SENT_AGAIN)

    @property
    def found_problems(self):
        return [Problem(*problem) for problem in self.problems]


class KeptDecision(models.Model):
    """What somebody decided about a kept slip. Database triggers refuse to change or delete a row."""

    kept = models.ForeignKey(KeptSlip, models.PROTECT, related_name="decisions")
    state = models.CharField(_("判断"), max_length=9, choices=KeptSlip.State)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    slip = models.ForeignKey(Slip, models.PROTECT, null=True, related_name="+", verbose_name=_("登録した伝票"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("担当者"))
    at = models.DateTimeField(_("日時"))

    class Meta:
        ordering = ["kept", "pk"]
