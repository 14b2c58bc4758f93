from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from closing.models.days import BusinessDay
from stores.models import Register, Staff


class InterimCount(models.Model):
    """中締め: what a drawer held at the end of a shift. It settles nothing, and is never changed."""

    day = models.ForeignKey(BusinessDay, models.PROTECT, related_name="interim_counts", verbose_name=_("営業日"))
    register = models.ForeignKey(Register, models.PROTECT, related_name="+", verbose_name=_("レジ"))
    number = models.PositiveSmallIntegerField(_("回数"))
    entry = models.PositiveBigIntegerField()
    form_key = models.UUIDField(null=True, editable=False)
    shift = models.CharField(_("シフト"), max_length=20, blank=True)
    sales_total = models.BigIntegerField(_("ここまでの売上"))
    expected_cash = models.BigIntegerField(_("想定レジ金額"))
    actual_cash = models.PositiveIntegerField(_("実際のレジ内現金"))
    cash_difference = models.GeneratedField(
        expression=F("actual_cash") - F("expected_cash"), output_field=models.BigIntegerField(), db_persist=True
    )
    counts = models.JSONField(_("金種別枚数"), default=dict, blank=True)
    reason = models.CharField(_("差異の理由"), max_length=200, blank=True)
    counted_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("担当者"))
    counted_at = models.DateTimeField(_("日時"))

    class Meta:
        verbose_name = verbose_name_plural = _("中締め")
        ordering = ["day", "register__number", "number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["day", "register", "number"], name="interim_counts_are_numbered"),
            # With its condition it is an index: made as a rule of the table, SQLite would copy the table and lose its triggers.
            models.UniqueConstraint(fields=["form_key"], condition=Q(form_key__isnull=False), name="interim_counts_are_pressed_once"),
        ]

    @property
    def pieces(self):
        """Pieces per denomination in yen, the largest first."""
        return sorted(((int(value), pieces) for value, pieces in self.counts.items()), reverse=True)
