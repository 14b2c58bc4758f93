from django.db import models
from django.db.models import F

OPENS_AT = 5


class LinkBreakerQuerySet(models.QuerySet):
    def open(self):
        return self.filter(not_sent_in_row__gte=OPENS_AT)

    def note_not_sent(self, url_hash):
        if self.filter(url_hash=url_hash).update(not_sent_in_row=F("not_sent_in_row") + 1):
            return
        self.bulk_create([self.model(url_hash=url_hash, not_sent_in_row=1)], ignore_conflicts=True)

    def note_connected(self, url_hashes):
        self.filter(url_hash__in=url_hashes, not_sent_in_row__gt=0).update(not_sent_in_row=0)


class LinkBreaker(models.Model):
    """How many tries in a row ended before the gate, over one link, whichever of the stores that share it they were for."""

    url_hash = models.CharField(max_length=64, unique=True)
    not_sent_in_row = models.PositiveIntegerField(default=0)

    objects = LinkBreakerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
