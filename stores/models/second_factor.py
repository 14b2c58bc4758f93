from datetime import timedelta

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from stores.models.people import Staff

MOST_TRIES = 5
LOCKED_FOR = timedelta(minutes=15)


class SecondFactorQuerySet(models.QuerySet):
    def allow_try(self, factor, *, at):
        """Count one try before its code is looked at, and tell whether it may go on, whatever browser it comes from.

        Only who knows the password comes so far, so a stranger cannot lock the person out here.
        """
        same = self.filter(pk=factor.pk)
        same.filter(tries_until__lte=at).update(tries=0)
        return bool(same.filter(tries__lt=MOST_TRIES).update(tries=F("tries") + 1, tries_until=at + LOCKED_FOR))

    def use_step(self, factor, step):
        """Take the code of this step out of use, and all before it: of two who show the same code, one gets in."""
        return bool(self.filter(pk=factor.pk, last_step__lt=step).update(last_step=step, tries=0))

    def use_recovery_code(self, factor, digest, *, at):
        if not RecoveryCode.objects.filter(factor=factor.pk, digest=digest, used_at=None).update(used_at=at):
            return False
        self.filter(pk=factor.pk).update(tries=0)
        return True

    def forgive(self, person):
        self.filter(person=person).update(tries=0)


class SecondFactor(models.Model):
    """二段階認証 of one person. A new authenticator app is a new row, and what was proved with the old one counts no longer."""

    person = models.OneToOneField(Staff, models.PROTECT, related_name="second_factor", verbose_name=_("担当者"))
    sealed_secret = models.CharField(max_length=128, editable=False)
    last_step = models.BigIntegerField(editable=False)
    enrolled_at = models.DateTimeField(_("設定日時"))
    tries = models.PositiveIntegerField(default=0, editable=False)
    tries_until = models.DateTimeField(null=True, editable=False)

    objects = SecondFactorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("二段階認証")
        ordering = ["person", "pk"]

    @property
    def codes_left(self):
        return self.recovery_codes.filter(used_at=None).count()


class RecoveryCode(models.Model):
    """リカバリーコード: for who has lost the phone. Only its digest is here; the codes themselves were shown once."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, editable=False)
    used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("リカバリーコード")
        ordering = ["factor", "pk"]
        constraints = [models.UniqueConstraint(fields=["factor", "digest"], name="recovery_code_once_per_factor")]
