from django.db import models
from django.utils.translation import gettext_lazy as _

from closing.models import BusinessDay
from stores.models import Staff


class MorningCheck(models.Model):
    """朝の確認: who has seen what was not right about a day. It puts nothing right. Database triggers refuse changes.

    `marks` name what was seen; a mark that is not among those of any check of the day brings it back into the list.
    """

    day = models.ForeignKey(BusinessDay, models.PROTECT, related_name="morning_checks", verbose_name=_("営業日"))
    marks = models.JSONField()
    digest = models.CharField(max_length=16)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("担当者"))
    at = models.DateTimeField(_("日時"))

    class Meta:
        verbose_name = verbose_name_plural = _("朝の確認")
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["day", "digest"], name="the_same_is_ticked_off_once")]
