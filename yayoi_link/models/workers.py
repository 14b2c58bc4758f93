from django.db import models
from django.db.models.functions import Now


class WorkerSighting(models.Model):
    """When each worker was last alive, by the database's clock."""

    name = models.CharField(max_length=80, unique=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at", "pk"]

    @classmethod
    def touch(cls, name):
        cls.objects.update_or_create(name=name, defaults={"seen_at": Now()})


class JournalledDay(models.Model):
    """A day that the gate journal knew and a restored database did not: it may be at Yayoi."""

    company_code = models.CharField(max_length=20)
    store_code = models.CharField(max_length=20)
    date = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company_code", "store_code", "date"], name="one_row_per_journalled_day")]
