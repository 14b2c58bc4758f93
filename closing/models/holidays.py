from django.db import models
from django.utils.translation import gettext_lazy as _

from stores.models import Store


class HolidayQuerySet(models.QuerySet):
    def visible_to(self, staff):
        return self.filter(store__in=Store.objects.visible_to(staff))


class Holiday(models.Model):
    """休業日 of a store. It only says why nothing is opened: whoever sells on it all the same opens the day."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="holidays", verbose_name=_("店舗"))
    date = models.DateField(_("休業日"))
    note = models.CharField(_("メモ"), max_length=40, blank=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("休業日")
        ordering = ["date", "store", "pk"]
        constraints = [models.UniqueConstraint(fields=["store", "date"], name="one_holiday_per_store_and_date")]
