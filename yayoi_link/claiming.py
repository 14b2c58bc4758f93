"""Taking due deliveries into a worker's hands, with a lease and the next fence."""

import contextlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Now
from django.utils import timezone

from yayoi_link.group_commit import write_all_together
from yayoi_link.models import Attempt, Delivery, YayoiLink
from yayoi_link.states import CLAIM


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in a worker's hands, as it was just before it was claimed."""

    delivery: Delivery
    attempt: Attempt
    fence: int
    link: YayoiLink

    @property
    def own(self):
        """The row, as long as nobody else has taken it over."""
        return Delivery.objects.filter(pk=self.delivery.pk, fence=self.fence)

    @property
    def tries(self) -> int:
        return self.delivery.tries + 1

    @property
    def since_first_try(self) -> timedelta:
        return timezone.now() - (self.delivery.first_tried_at or timezone.now())


def claim(delivery_id: int) -> Claimed | None:
    """Take a due delivery by compare-and-set. None: it is not due, somebody is at it, or something is in flight over its link."""
    return next(iter(claim_all([delivery_id])), None)


def claim_all(delivery_ids: Collection[int]) -> list[Claimed]:
    """Take those of the deliveries that are due and free."""
    claims = []
    for written in write_all_together(_claim_all, list(delivery_ids)):
        with contextlib.suppress(IntegrityError):  # over its link another delivery is in flight
            claims.append(written.result())
    return [claimed for claimed in claims if claimed]


def _claim_all(delivery_ids):
    deliveries = _lock(Delivery.objects.due().filter(pk__in=delivery_ids)).select_related("day__store__company")
    stores = [each.day.store_id for each in deliveries]
    # Ready once more, now that it is locked: it may have been switched off since it was read.
    links = {link.store_id: link for link in _lock(YayoiLink.objects.ready().filter(store__in=stores))}
    seen = [(delivery, links[delivery.day.store_id]) for delivery in deliveries if delivery.day.store_id in links]
    for delivery, link in seen:
        link.store = delivery.day.store  # which opening the link asks for
    claims = {claimed.delivery.pk: claimed for claimed in _claims(seen)} if seen else {}
    return [claims.pop(delivery_id, None) for delivery_id in delivery_ids]


def _claims(seen):
    taken = _take(seen)
    ours = [(delivery, link) for delivery, link in seen if delivery.pk in taken]
    attempts = Attempt.objects.bulk_create(_attempts(ours))
    return [Claimed(delivery, attempt, attempt.fence, link) for (delivery, link), attempt in zip(ours, attempts, strict=True)]


def _lock(rows):
    """Lock the rows, but leave those to others that they are changing: a day that is closed again, a link that is replaced."""
    return rows.select_for_update(of=("self",), skip_locked=True, no_key=True).order_by("pk")


def _take(seen):
    link = YayoiLink.objects.filter(store__days=OuterRef("day"))
    unchanged = (Q(pk=delivery.pk, fence=delivery.fence) for delivery, _link in seen)
    return Delivery.objects.filter(reduce(or_, unchanged)).take_each(
        CLAIM,
        fence=F("fence") + 1,
        tries=F("tries") + 1,
        # A first try in the future was written by a clock that was wrong: the 72 hours would not end.
        first_tried_at=Case(When(first_tried_at__lte=Now(), then=F("first_tried_at")), default=Now()),
        link_version=Subquery(link.values("version")),
        link_hash=Subquery(link.values("url_hash")),
        lease_until=Now() + settings.DELIVERY_LEASE,
        gate_at=None,
    )


def _attempts(ours):
    deliveries = [delivery for delivery, _link in ours]
    earlier = Attempt.objects.filter(delivery__in=deliveries).order_by().values_list("delivery")
    counts = dict(earlier.annotate(count=Count("pk")))
    for delivery, link in ours:
        yield Attempt(
            delivery=delivery,
            number=counts.get(delivery.pk, 0) + 1,
            trigger=delivery.trigger,
            actor_id=delivery.triggered_by_id,
            fence=delivery.fence + 1,
            link_version=link.version,
            link_shown=link.shown,
            started_at=timezone.now(),
        )
