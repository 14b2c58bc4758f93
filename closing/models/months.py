from django.db import models
from django.utils.translation import gettext_lazy as _

from stores.models import Company, Staff


class MonthLock(models.Model):
    """月次締め of a company's month: while it is locked, nothing of its days changes any more."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="month_locks", verbose_name=_("企業"))
    # The first day of the month.
    month = models.DateField(_("月"))
    is_locked = models.BooleanField(_("締め済み"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("月次締め")
        ordering = ["company", "-month", "pk"]
        constraints = [models.UniqueConstraint(fields=["company", "month"], name="one_lock_per_company_and_month")]


class MonthDecision(models.Model):
    """Who locked or unlocked a month, when and why. Database triggers refuse to change or delete a row."""

    class Kind(models.TextChoices):
        LOCKED = "LOCKED", _("月次締め")
        UNLOCKED = "UNLOCKED", _("締めの解除")

    lock = models.ForeignKey(MonthLock, models.PROTECT, related_name="decisions", verbose_name=_("月次締め"))
    kind = models.CharField(_("操作"), max_length=8, choices=Kind)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    day_count = models.PositiveIntegerField(_("営業日数"))
    sales_total = models.BigIntegerField(_("売上"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("担当者"))
    at = models.DateTimeField(_("日時"))

    class Meta:
        verbose_name = verbose_name_plural = _("月次締めの記録")
        ordering = ["lock", "-pk"]
