from datetime import timedelta

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from stores.models.people import Staff
from stores.models.places import Register, Store

WINDOW = timedelta(minutes=1)
MOST_CALLS = 600  # of one token in a window


class RegisterTokenQuerySet(models.QuerySet):
    def visible_to(self, staff):
        return self.filter(register__store__in=Store.objects.visible_to(staff))

    def in_force(self):
        return self.filter(revoked_at=None)

    def allow_call(self, token, *, at):
        """Count one call, and tell whether it may go on. Counted in the row: a limit of each process would be none."""
        same = self.in_force().filter(pk=token.pk)
        if token.window_began_at is None or not timedelta(0) <= at - token.window_began_at < WINDOW:
            begins = same.filter(window_began_at=token.window_began_at)
            if begins.update(window_began_at=at, calls=1, last_used_at=at):
                return True
        return bool(same.filter(calls__lt=MOST_CALLS).update(calls=F("calls") + 1, last_used_at=at))


class RegisterToken(models.Model):
    """接続トークン: what a register shows instead of a password. Only its digest is here; the token itself was shown once."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="tokens", verbose_name=_("レジ"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(_("末尾"), max_length=4, editable=False)
    issued_at = models.DateTimeField(_("発行日時"))
    issued_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("発行した担当者"))
    revoked_at = models.DateTimeField(_("無効にした日時"), null=True)
    last_used_at = models.DateTimeField(_("最後に使われた日時"), null=True)
    window_began_at = models.DateTimeField(null=True, editable=False)
    calls = models.PositiveIntegerField(default=0, editable=False)

    objects = RegisterTokenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("接続トークン")
        ordering = ["register", "-issued_at", "-pk"]

    def __str__(self):
        return f"…{self.hint}"
