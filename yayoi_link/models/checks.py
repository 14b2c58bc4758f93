from django.db import models
from django.utils.translation import gettext_lazy as _

from stores.models import Staff
from yayoi_link.models.links import YayoiLink
from yayoi_link.verdicts import ErrorCode, Phase


class LinkCheckQuerySet(models.QuerySet):
    def latest_of(self, links):
        """Return each link's last check that has ended, by the link's key. A link that was replaced since has none."""
        checks = self.filter(link__in=links, ended_at__isnull=False, version=models.F("link__version"))
        return {check.link_id: check for check in checks.order_by("pk")}


class LinkCheck(models.Model):
    """接続先の確認: how far a connection to the link's host came. No request was sent, so that it says nothing of the link itself."""

    link = models.ForeignKey(YayoiLink, models.PROTECT, related_name="checks")
    version = models.PositiveIntegerField(_("接続先リンクの版"))
    checked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("担当者"))
    started_at = models.DateTimeField(_("開始"))
    ended_at = models.DateTimeField(_("終了"), null=True)
    phase = models.CharField(_("段階"), max_length=16, blank=True)
    error = models.CharField(_("原因"), max_length=32, blank=True)
    address = models.CharField(_("接続先アドレス"), max_length=45, blank=True)
    tls_version = models.CharField(max_length=10, blank=True)
    certificate_expires_at = models.DateTimeField(_("証明書の有効期限"), null=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["checked_by", "started_at"], name="checks_of_a_person")]

    @property
    def is_good(self):
        """Whether everything up to the request itself went well."""
        return self.ended_at is not None and not self.error

    @property
    def is_blocked(self):
        return self.error != "" and ErrorCode(self.error).is_blocked

    def came_to(self, phase):
        """Whether the check got as far as this phase, or beyond."""
        reached = list(Phase)
        return self.is_good or reached.index(Phase(self.phase)) > reached.index(phase)
