from datetime import timedelta

from django.db import models
from django.db.models import F

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=2)


class SignInThrottleQuerySet(models.QuerySet):
    def allow_try(self, account, device, *, at):
        """Count one try before its password is looked at, and tell whether it may go on.

        Counting first, in one UPDATE, keeps a hundred tries at once from all seeing "four failures so far".
        """
        self.get_or_create(account=account, device=device, defaults={"until": at + LOCKED_FOR})
        throttle = self.filter(account=account, device=device)
        throttle.filter(until__lte=at).update(failures=0)
        return bool(throttle.filter(failures__lt=MOST_FAILURES).update(failures=F("failures") + 1, until=at + LOCKED_FOR))

    def locks(self, account, device):
        return self.filter(account=account, device=device, failures__gte=MOST_FAILURES).exists()

    def forget(self, account):
        self.filter(account=account).delete()

    def forget_old(self, *, at):
        self.filter(until__lt=at - FORGOTTEN_AFTER).delete()


class SignInThrottle(models.Model):
    """Failed sign-ins of one account: from one device that it has signed in on before, or from all others (device empty).

    So a stranger who guesses passwords locks out strangers, not the till where the person works every day.
    """

    account = models.CharField(max_length=41)
    device = models.CharField(max_length=32, blank=True)
    failures = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    objects = SignInThrottleQuerySet.as_manager()

    class Meta:
        ordering = ["account", "device", "pk"]
        constraints = [models.UniqueConstraint(fields=["account", "device"], name="one_throttle_per_account_and_device")]

    def __str__(self):
        return self.account
