from django.db import models
from django.utils.translation import gettext_lazy as _

from closing.models.days import BusinessDay
from stores.models import Register, Staff, Store


class CountDraftQuerySet(models.QuerySet):
    def visible_to(self, staff):
        return self.filter(day__store__in=Store.objects.visible_to(staff))


class CountDraft(models.Model):
    """A count that somebody has begun and not registered: what was typed, as it was typed. It counts for nothing."""

    class Kind(models.TextChoices):
        SETTLEMENT = "SETTLEMENT", _("レジ精算")
        RECOUNT = "RECOUNT", _("数え直し")
        INTERIM = "INTERIM", _("中締め")

    # What stops being asked for when a register's count is in the books.
    OF_DRAWERS = (Kind.SETTLEMENT, Kind.RECOUNT)

    day = models.ForeignKey(BusinessDay, models.CASCADE, related_name="count_drafts", verbose_name=_("営業日"))
    register = models.ForeignKey(Register, models.CASCADE, related_name="+", verbose_name=_("レジ"))
    counter = models.ForeignKey(Staff, models.CASCADE, related_name="+", verbose_name=_("担当者"))
    kind = models.CharField(_("種別"), max_length=10, choices=Kind)
    typed = models.JSONField(default=dict)
    begun_at = models.DateTimeField(_("開始日時"))
    saved_at = models.DateTimeField(_("保存日時"))

    objects = CountDraftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("途中まで数えた内容")
        ordering = ["-saved_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["day", "register", "counter", "kind"], name="one_draft_of_a_count_per_person")]
