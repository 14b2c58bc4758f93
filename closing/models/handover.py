import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stores.models import Staff, Store

LONGEST_NOTE = 400


class HandoverNoteQuerySet(models.QuerySet):
    def visible_to(self, staff):
        return self.filter(store__in=Store.objects.visible_to(staff))

    def standing(self):
        """Those that their author has not taken back."""
        return self.filter(taken_back_at=None)

    def unconfirmed(self):
        return self.standing().filter(confirmed_at=None)

    def with_people(self):
        return self.select_related("store__company", "written_by", "confirmed_by")


class HandoverNote(models.Model):
    """引継メモ: what one shift tells the next one of its store. Its text never changes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    store = models.ForeignKey(Store, models.PROTECT, related_name="handover_notes", verbose_name=_("店舗"))
    # The 営業日 on which it was written.
    date = models.DateField(_("営業日"))
    text = models.CharField(_("メモ"), max_length=LONGEST_NOTE)
    written_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("書いた担当者"))
    written_at = models.DateTimeField(_("書いた日時"))
    confirmed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("確認した担当者"))
    confirmed_at = models.DateTimeField(_("確認日時"), null=True)
    taken_back_at = models.DateTimeField(_("取消日時"), null=True)

    objects = HandoverNoteQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("引継メモ")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None) | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="who_confirmed_a_note_did_so_at_some_time",
            ),
            models.CheckConstraint(condition=Q(confirmed_at=None) | Q(taken_back_at=None), name="a_confirmed_note_is_not_taken_back"),
        ]
        indexes = [models.Index(fields=["store", "confirmed_at", "-written_at"], name="notes_of_a_store")]

    @property
    def is_confirmed(self):
        return self.confirmed_at is not None
