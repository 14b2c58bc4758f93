from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stores.models.people import Staff
from stores.models.places import Company, Store


class AuditEntryQuerySet(models.QuerySet):
    def visible_to(self, staff):
        if staff.company_id is None:
            return self.none()
        entries = self.filter(company=staff.company_id)
        if staff.sees_all_stores:
            return entries
        return entries.filter(Q(store__in=staff.stores.all()) | Q(actor=staff))

    def about_account_of(self, staff):
        """What the person did, and what an unknown somebody tried in the person's name."""
        return self.filter(Q(actor=staff) | Q(actor=None, subject=str(staff)), company=staff.company_id)


class AuditEntry(models.Model):
    """操作履歴: who did what, when, from where. Database triggers refuse to change or delete a row."""

    company = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+", verbose_name=_("企業"))
    store = models.ForeignKey(Store, models.PROTECT, null=True, related_name="+", verbose_name=_("店舗"))
    actor = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("担当者"))
    at = models.DateTimeField(_("日時"))
    action = models.CharField(_("操作"), max_length=40)
    subject = models.CharField(_("対象"), max_length=200, blank=True)
    changes = models.JSONField(_("内容"), default=dict)
    address = models.CharField(_("接続元"), max_length=45, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("操作履歴")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["company", "-at"], name="audit_by_company")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action} {self.subject}"
