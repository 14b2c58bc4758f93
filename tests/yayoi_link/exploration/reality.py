"""The same world in the database: puts a delivery where the model says it is, and reads what became of it."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.functions import Now
from django.utils import timezone

from tests.yayoi_link.exploration.protections import THE_RULES
from tests.yayoi_link.exploration.search import moves
from tests.yayoi_link.exploration.world import Lease, Row, Stage, Worker, World
from tests.yayoi_link.fates import reread
from yayoi_link.claiming import Claimed
from yayoi_link.models import Attempt, Delivery, YayoiLink
from yayoi_link.rulings import CHECKED_FROM
from yayoi_link.states import HoldReason, State

FENCE = 5
LEASE_ENDS = {Lease.RUNNING: timedelta(minutes=1), Lease.OVER: timedelta(minutes=-1)}


@dataclass
class Reality:
    """One delivery, its link, and a worker that claimed it with this fence."""

    delivery: Delivery
    attempt: Attempt
    fence: int = FENCE

    @classmethod
    def of(cls, delivery):
        fields = {"trigger": delivery.trigger, "fence": FENCE, "link_version": 1, "link_shown": "", "started_at": timezone.now()}
        return cls(delivery, Attempt.objects.create(delivery=delivery, number=1, **fields))

    def put(self, row, *, link_is_on=True, holds_fence=True):
        """Bring the delivery to where the row is; somebody else has raised its fence unless the worker still holds it."""
        gate_at = now_and(timedelta() if row.is_fresh else -CHECKED_FROM) if row.passed_gate else None
        Delivery.objects.filter(pk=self.delivery.pk).update(
            state=row.state,
            hold_reason=self._hold_reason(row),
            is_current=row.is_current,
            fence=self.fence if holds_fence else self.fence + 1,
            lease_until=now_and(LEASE_ENDS[row.lease]) if row.lease else None,
            link_version=row.link_version,
            due_at=None if row.state == State.PENDING else Now(),
            gate_at=gate_at,
        )
        YayoiLink.objects.filter(store=self.delivery.day.store_id).update(is_enabled=link_is_on)

    def _hold_reason(self, row):
        if row.state != State.HELD:
            return ""
        return HoldReason.AWAITING_DECISION if row.awaits_decision else HoldReason.LINK_OFF

    def claimed(self, *, link_version=1):
        """The delivery in the hands of the worker."""
        delivery = reread(self.delivery)
        link = YayoiLink.objects.get(store=delivery.day.store_id)
        link.version = link_version
        return Claimed(delivery, self.attempt, FENCE, link)

    def rows(self):
        """All deliveries of the day in the words of the model, the oldest first."""
        return tuple(map(row_of, Delivery.objects.of_day(self.delivery.day).order_by("pk")))

    def fence_rose(self, *, holds_fence=True):
        return Delivery.objects.get(pk=self.delivery.pk).fence > (self.fence if holds_fence else self.fence + 1)


def now_and(interval):
    return ExpressionWrapper(Now() + interval, output_field=DateTimeField())


def row_of(delivery):
    lease = Lease.NONE
    if delivery.lease_until:
        lease = Lease.RUNNING if delivery.lease_until > timezone.now() else Lease.OVER
    return Row(
        State(delivery.state),
        revision=delivery.closing.revision,
        is_current=delivery.is_current,
        awaits_decision=delivery.awaits_decision,
        lease=lease,
        link_version=delivery.link_version,
        passed_gate=delivery.passed_gate,
        is_fresh=delivery.passed_gate and delivery.gate_at > timezone.now() - CHECKED_FROM,
    )


def in_hand(stage, *, holds_fence=True, link_version=1):
    return Worker(stage, 0, holds_fence, link_version)


def world_of(row, worker=None, *, link_is_on=True):
    """A world of one row and of one worker; the other one only watches whether the fence rises."""
    watching = Worker(Stage.SENT_IN_VAIN, 0, holds_fence=True, link_version=1)
    return World((row,), (worker or Worker(), watching), link_is_on=link_is_on)


def after(world, label):
    """What the model makes of it: the worlds that follow under this name; none where it refuses."""
    return [following for name, following in moves(world, THE_RULES) if name == label]


def visible(rows):
    """Without what only the receiver knows."""
    return tuple(row._replace(copies=0, acknowledged=False, asked_for=False) for row in rows)
