from datetime import timedelta

from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import Now

ALIVE_FOR = timedelta(seconds=60)
REMEMBERED_FOR = timedelta(days=1)


class WorkerSighting(models.Model):
    """When each worker was last alive, by the database's clock."""

    name = models.CharField(max_length=80, unique=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at", "pk"]

    @classmethod
    def touch(cls, name):
        cls.objects.update_or_create(name=name, defaults={"seen_at": Now()})
        cls.objects.filter(seen_at__lt=Now() - REMEMBERED_FOR).delete()

    @classmethod
    def any_alive(cls):
        """Whether a worker was seen within the last minute. One seen in the future says nothing: the clock was set."""
        return cls.objects.filter(seen_at__range=(Now() - ALIVE_FOR, Now() + ALIVE_FOR)).exists()


class JournalledDayQuerySet(models.QuerySet):
    def of_deliveries(self):
        """Those of the deliveries of a query around this one."""
        return self.filter(
            company_code=OuterRef("day__store__company__code"), store_code=OuterRef("day__store__code"), date=OuterRef("day__date")
        )


class JournalledDay(models.Model):
    """A day that the gate journal knew and a restored database did not: it may be at Yayoi."""

    company_code = models.CharField(max_length=20)
    store_code = models.CharField(max_length=20)
    date = models.DateField()

    objects = JournalledDayQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company_code", "store_code", "date"], name="one_row_per_journalled_day")]
