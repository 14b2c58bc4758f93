from django.db import models
from django.utils.translation import gettext_lazy as _

from closing.models.labels import ROUNDINGS
from closing.tax import Rounding
from stores.models import Company, Staff


class RoundingChoice(models.Model):
    """端数処理 of a company from a 営業日 on. What was booked before it was chosen keeps what was thought of it then."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="rounding_choices")
    applies_from = models.DateField(_("適用開始営業日"))
    rounding = models.CharField(_("端数処理"), max_length=10, choices=ROUNDINGS, default=Rounding.ROUND_DOWN.value)
    changed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("担当者"))
    changed_at = models.DateTimeField(_("変更日時"))

    class Meta:
        verbose_name = verbose_name_plural = _("消費税の端数処理")
        ordering = ["company", "-applies_from", "pk"]
        constraints = [models.UniqueConstraint(fields=["company", "applies_from"], name="one_rounding_per_company_and_day")]
