import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import Now, RowNumber
from django.db.models.sql import UpdateQuery
from django.utils.translation import gettext_lazy as _

from closing.models import BusinessDay, Closing
from stores.models import Staff, Store
from yayoi_link.journal import LeftOut
from yayoi_link.models.breakers import LinkBreaker
from yayoi_link.models.labels import HOLD_REASONS, STATES
from yayoi_link.models.links import LONGEST_GRACE_MINUTES, YayoiLink
from yayoi_link.payload import entries_from_posting
from yayoi_link.schedule import LONGEST_WAIT
from yayoi_link.states import CLAIM, IN_FLIGHT, NEEDS_A_PERSON, HoldReason, State

# How far ahead `due_at` can be by itself. What lies further ahead was written by a clock that somebody has set back since.
LONGEST_WAITS = {State.PENDING: timedelta(minutes=LONGEST_GRACE_MINUTES), State.RETRY_WAIT: LONGEST_WAIT}


def _waits(state):
    return Q(state=state, due_at__gt=Now(), due_at__lte=Now() + LONGEST_WAITS[state])


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, staff):
        return self.filter(day__store__in=Store.objects.visible_to(staff))

    def current(self):
        return self.filter(is_current=True)

    def in_states(self, states):
        """Twice: by itself an index leads to them; asked only together with stores, SQLite looks at every delivery of these."""
        return self.filter(pk__in=Delivery.objects.filter(state__in=states).values("pk"), state__in=states)

    def of_day(self, day):
        return self.filter(day=day)

    def needing_a_person(self):
        return self.current().in_states(NEEDS_A_PERSON)

    def changed_since(self):
        """送信後に変更あり: current, of a day to which somebody wrote after its close, and of which something was sent."""
        sent = Delivery.objects.filter(day=OuterRef("day"), gate_at__isnull=False)
        return self.current().filter(Exists(sent), day__state=BusinessDay.State.CLOSED, day__entries__gt=F("day__closed_entries"))

    def in_flight(self):
        return self.filter(state__in=IN_FLIGHT)

    def due(self):
        """What may be tried now, by the database's clock, if its link is idle. Pending without a time, it is due at once.

        So it is with a time that lies further ahead than any wait.
        """
        is_time = Q(state=State.PENDING, due_at=None) | Q(state__in=LONGEST_WAITS, due_at__lte=Now())
        for state, longest in LONGEST_WAITS.items():
            is_time |= Q(state=state, due_at__gt=Now() + longest)
        return self.current().filter(is_time, Exists(YayoiLink.objects.ready().filter(store__days=OuterRef("day"))))

    def in_grace(self):
        """Closed, and not yet sent, because its store lets a close wait."""
        return self.current().filter(_waits(State.PENDING))

    def waiting_for_link(self, url_hash):
        """What waits to be sent over a link, due or not, whichever of the stores that share it the days are of.

        Not what 送信猶予 still keeps back: a link that is tried by its oldest day alone would rest for as long.
        """
        waits = Q(state__in=CLAIM.sources) & ~_waits(State.PENDING)
        return self.current().filter(waits, day__store__yayoi_link__url_hash=url_hash)

    def next_of_each_link(self, *, at_most=1, in_hand=()):
        """Return (id, hash of the link, priority, host, date) of what each link sends next: by priority, then the oldest business day.

        Links are left out over which something is in flight, other than those `in_hand` (ids). While nothing gets through over a
        link, what comes next is its oldest day; and what was closed or sent again just now, once.
        """
        link = "day__store__yayoi_link__url_hash"
        in_flight = Delivery.objects.in_flight().exclude(pk__in=in_hand).filter(link_hash=OuterRef(link))
        is_broken = Exists(LinkBreaker.objects.open().filter(url_hash=OuterRef(link)))
        is_older = Q(day__date__lt=OuterRef("day__date")) | Q(day__date=OuterRef("day__date"), pk__lt=OuterRef("pk"))
        is_oldest = ~Exists(Delivery.objects.waiting_for_link(OuterRef(link)).filter(is_older))
        is_new = Q(state=State.PENDING, tries=0, priority=Delivery.Priority.FRESH)
        order = ["priority", "day__date", "pk"]
        place = Window(RowNumber(), partition_by=F(link), order_by=order)
        idle = self.due().filter(~Exists(in_flight)).filter(~is_broken | is_new | is_oldest)
        return (
            idle.annotate(place=place)
            .filter(place__lte=at_most)
            .order_by(*order)
            .values_list("pk", link, "priority", "day__store__yayoi_link__host", "day__date")
        )

    def with_history(self):
        """Read all attempts, what came of them, and what people ruled, in as many queries for many rows as for one."""
        return self.prefetch_related("attempts__outcomes", "attempts__actor", "decisions__actor")

    def take(self, step, **changes):
        """Move the rows of this queryset that stand where the step begins; return how many did. The compare-and-set."""
        if sum(map(bool, self.query.alias_refcount.values())) > 1:
            # PostgreSQL looks again at a row that it had to wait for, but not at the subquery that a join becomes.
            raise ValueError("A compare-and-set names columns of its own table only.")
        return self.filter(state__in=step.sources).update(state=step.target, **changes)

    def take_each(self, step, **changes):
        """The same for rows that stand side by side; return the ids of those that were moved."""
        moved = self.filter(state__in=step.sources).query.chain(UpdateQuery)
        moved.add_update_values({"state": step.target, **changes})
        return {pk for (pk,) in moved.get_compiler(self.db).execute_returning_sql([self.model._meta.pk])}


class Delivery(models.Model):
    """連携: one generation of one closing. Its bytes are frozen when it first becomes pending."""

    class Mode(models.TextChoices):
        FULL = "full", _("全件")
        DIFFERENCE = "difference", _("差分")

    class Priority(models.IntegerChoices):
        FRESH = 0, _("閉局")
        RETRY = 1, _("再送")
        BULK = 2, _("一括")

    class Trigger(models.TextChoices):
        CLOSE = "close", _("閉局")
        RETRY = "retry", _("自動再送")
        RESEND = "resend", _("再連携")
        RELEASE = "release", _("保留の解除")

    day = models.ForeignKey(BusinessDay, models.PROTECT, related_name="deliveries", verbose_name=_("営業日"))
    closing = models.ForeignKey(Closing, models.PROTECT, related_name="deliveries", verbose_name=_("日計"))
    mode = models.CharField(_("送り方"), max_length=10, choices=Mode, default=Mode.FULL)
    generation = models.PositiveIntegerField(_("送信回"), default=1)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_current = models.BooleanField(default=True)
    state = models.CharField(_("状態"), max_length=10, choices=STATES)
    hold_reason = models.CharField(_("保留の理由"), max_length=17, choices=HOLD_REASONS, blank=True)
    hold_details = models.JSONField(default=list, blank=True)
    body = models.BinaryField(null=True)
    body_sha256 = models.CharField(max_length=64, blank=True)
    is_empty = models.BooleanField(_("取引なし"), default=False)
    row_count = models.PositiveIntegerField(_("行数"), default=0)
    # What the company did not send of the day when the bytes were frozen, so that both together can be proved.
    left_out = models.JSONField(default=list, blank=True)
    # Which rows a person found at Yayoi, by key, when some were missing; None where nobody had to say.
    found_keys = models.JSONField(null=True, blank=True)
    # The date of its rows where it is not the 営業日: of a difference to a day whose month is locked.
    posted_on = models.DateField(_("仕訳の日付"), null=True, blank=True)
    fence = models.PositiveBigIntegerField(default=0)
    link_version = models.PositiveIntegerField(default=0)
    link_hash = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    # When it is tried next; of what is pending, the end of its 送信猶予, and None at once.
    due_at = models.DateTimeField(null=True)
    gate_at = models.DateTimeField(_("送信開始日時"), null=True)
    first_tried_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(_("試行回数"), default=0)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.FRESH)
    trigger = models.CharField(_("きっかけ"), max_length=7, choices=Trigger, default=Trigger.CLOSE)
    triggered_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("担当者"))
    created_at = models.DateTimeField(_("作成日時"))
    ended_at = models.DateTimeField(_("完了日時"), null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("連携")
        ordering = ["-day__date", "day__store__code", "-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["closing", "mode", "generation"], name="one_delivery_per_closing_mode_and_generation"),
            models.UniqueConstraint(fields=["day"], condition=Q(is_current=True), name="one_current_delivery_per_day"),
            models.UniqueConstraint(fields=["link_hash"], condition=Q(state__in=sorted(IN_FLIGHT)), name="one_delivery_in_flight_per_link"),
            models.CheckConstraint(
                condition=~Q(state__in=["pending", "claimed", "sending", "retry_wait"]) | Q(body__isnull=False),
                name="what_is_to_be_sent_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(state=State.HELD) ^ Q(hold_reason=""),
                name="held_with_a_reason_and_nothing_else",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="deliveries_by_state_and_due"),
            # With what its condition names: so that counting them reads no row.
            models.Index(fields=["day", "is_current"], condition=Q(is_current=True), name="current_deliveries"),
            # The few differences that were dated outside of their month.
            models.Index(fields=["posted_on"], condition=Q(posted_on__isnull=False), name="deliveries_dated_elsewhere"),
        ]

    def __str__(self):
        return f"{self.day} {self.closing.revision}-{self.generation}"

    @property
    def passed_gate(self):
        return self.gate_at is not None

    @property
    def is_frozen(self):
        return self.body is not None

    @property
    def entries(self):
        """The rows as they were frozen; none before that."""
        return entries_from_posting(bytes(self.body)) if self.is_frozen else ()

    @property
    def lines_left_out(self):
        return tuple(LeftOut(**line) for line in self.left_out)

    @property
    def grace_ends_at(self):
        """Until when 送信猶予 lets it wait; None where it does not wait for that."""
        return self.due_at if self.state == State.PENDING else None

    def waits_until(self, now):
        """The end of its 送信猶予, or its next try; None where it is due."""
        longest = LONGEST_WAITS.get(self.state)
        waits = longest and self.due_at and now < self.due_at <= now + longest
        return self.due_at if waits else None

    @property
    def needs_a_person(self):
        return self.is_current and self.state in NEEDS_A_PERSON

    @property
    def last_outcome(self):
        """What came of the last try that has ended, None before the first."""
        outcomes = [outcome for attempt in self.attempts.all() for outcome in attempt.outcomes.all()]
        return outcomes[-1] if outcomes else None

    @property
    def last_tried_at(self):
        attempts = self.attempts.all()
        return max((attempt.started_at for attempt in attempts), default=None)

    @property
    def awaits_decision(self):
        return self.hold_reason == HoldReason.AWAITING_DECISION
