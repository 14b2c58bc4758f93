from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stores.models import Store
from yayoi_link import link_secret
from yayoi_link.addresses import parse_link
from yayoi_link.outbound_settings import outbound_rules
from yayoi_link.verdicts import RETRY_AFTER_LIMIT

LONGEST_GRACE_MINUTES = 60


class YayoiLinkQuerySet(models.QuerySet):
    def visible_to(self, staff):
        return self.filter(store__in=Store.objects.visible_to(staff))

    def ready(self):
        """Switched on, and not asked by its receiver to wait. Longer than any may ask for is no wish: somebody has set the clock."""
        waits = Q(delayed_until__gt=Now(), delayed_until__lte=Now() + timedelta(seconds=RETRY_AFTER_LIMIT))
        return self.filter(Q(delayed_until=None) | ~waits, is_enabled=True)


class YayoiLink(models.Model):
    """弥生会計連携 of one store. The link itself is in `ciphertext` only; people see host and last four characters."""

    store = models.OneToOneField(Store, models.PROTECT, related_name="yayoi_link", verbose_name=_("店舗"))
    is_enabled = models.BooleanField(_("連携状態"), default=False)
    starts_on = models.DateField(_("連携開始日"), null=True, blank=True)
    # So long a fresh close waits, so that closing again replaces it before anything is at Yayoi.
    grace_minutes = models.PositiveSmallIntegerField(_("送信猶予（分）"), default=0)
    version = models.PositiveIntegerField(default=0)
    ciphertext = models.TextField(blank=True, editable=False)
    url_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    host = models.CharField(max_length=253, blank=True, editable=False)
    last_four = models.CharField(max_length=4, blank=True, editable=False)
    # Since when the receiver says that this link is gone for good (410), and it is off because of that.
    gone_at = models.DateTimeField(null=True, blank=True, editable=False)
    # 本文のない204 counts as 「受け取った」 over this link, because a person says so of its receiver: of another link nobody has said it.
    accepts_204 = models.BooleanField(default=False)
    delayed_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_delivered_at = models.DateTimeField(_("最終連携日時"), null=True, blank=True, editable=False)
    # Of which host the last acknowledgement came: a host that never answered may be a wrong one.
    delivered_host = models.CharField(max_length=253, blank=True, editable=False)

    objects = YayoiLinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("弥生会計連携")
        ordering = ["store__code", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_enabled=False) | ~Q(ciphertext=""),
                name="a_link_is_on_only_with_a_link",
                violation_error_message=_("連携状態をONにするには、接続先リンクを入力してください。"),
            ),
            models.CheckConstraint(
                condition=Q(grace_minutes__lte=LONGEST_GRACE_MINUTES),
                name="a_close_waits_an_hour_at_most",
                violation_error_message=_("送信猶予は0分から60分までです。"),
            ),
        ]

    def __str__(self):
        return f"{self.store} {self.shown}"

    @property
    def has_link(self):
        return bool(self.ciphertext)

    @property
    def grace(self):
        return timedelta(minutes=self.grace_minutes)

    @property
    def shown(self):
        """Host and last four characters: all that a person ever sees of the link."""
        return f"{self.host} …{self.last_four}" if self.has_link else ""

    def replace_url(self, link):
        """Take over a parsed link as the next version. The caller saves."""
        self.version += 1
        self.ciphertext = link_secret.encrypt(link.reveal(), **self._binding)
        self.url_hash = link_secret.link_hash(link.reveal())
        self.host, self.last_four = link.host, link.last_four
        self.accepts_204 = False

    def encrypt_anew(self):
        """Put the same link under the newest key. The caller saves. Raises KeyUnavailable."""
        self.ciphertext = link_secret.encrypt(link_secret.decrypt(self.ciphertext, **self._binding), **self._binding)

    @property
    def _binding(self):
        return {"company_id": self.store.company_id, "store_id": self.store_id, "version": self.version}

    def remove_url(self):
        self.version += 1
        self.ciphertext = self.url_hash = self.host = self.last_four = ""
        self.is_enabled = self.accepts_204 = False

    @property
    def opens(self):
        """Whether one of our keys still opens the link."""
        try:
            link_secret.decrypt(self.ciphertext, **self._binding)
        except link_secret.KeyUnavailable:
            return False
        return True

    def open_url(self):
        """Return the link for dialling. Raises KeyUnavailable, or BadLink when the rules no longer allow it."""
        rules = outbound_rules()
        return parse_link(link_secret.decrypt(self.ciphertext, **self._binding), ports=rules.ports, allow_loopback=rules.allow_loopback)
