from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stores.models import Register, Staff, Store


class BusinessDayQuerySet(models.QuerySet):
    def visible_to(self, staff):
        return self.filter(store__in=Store.objects.visible_to(staff))

    def open(self):
        return self.filter(state=BusinessDay.State.OPEN)

    def closed(self):
        return self.filter(state=BusinessDay.State.CLOSED)

    def overdue(self, now):
        """閉局忘れ: still open after the store's 締め時刻 of the next morning."""
        local = timezone.localtime(now)
        yesterday = local.date() - timedelta(days=1)
        return self.open().filter(Q(date__lt=yesterday) | Q(date=yesterday, store__closes_at__lte=local.time()))

    def provisional(self):
        return self.closed().filter(is_provisional=True)

    def changed_after_close(self):
        return self.closed().filter(entries__gt=F("closed_entries"))

    def unchanged_after_close(self):
        return self.closed().filter(entries=F("closed_entries"))

    def add_entries(self, day, *, rows=1, slips=0, sales=0):
        """Count the rows that are about to be written to the day, and return the number of the last one.

        Must be the first write of its transaction: it locks the day, so that a close sees these rows whole or not at all.
        """
        self.filter(pk=day.pk).update(entries=F("entries") + rows, slip_count=F("slip_count") + slips, sales_total=F("sales_total") + sales)
        return self.values_list("entries", flat=True).get(pk=day.pk)


class BusinessDay(models.Model):
    """営業日: chosen when the day is opened, never derived from the clock.

    `entries` counts every row ever written to the day. A closing stores the number it saw, so that revision n holds
    exactly the rows up to its number, and a slip in flight is in it or after it, never neither.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("開局中")
        CLOSED = "CLOSED", pgettext_lazy("state", "閉局")

    store = models.ForeignKey(Store, models.PROTECT, related_name="days", verbose_name=_("店舗"))
    date = models.DateField(_("営業日"))
    state = models.CharField(_("状態"), max_length=6, choices=State, default=State.OPEN)
    entries = models.PositiveBigIntegerField(default=0)
    closed_entries = models.PositiveBigIntegerField(default=0)
    revision = models.PositiveIntegerField(_("回数"), default=0)
    # 仮閉局: closed from afar, with a register that nobody has counted.
    is_provisional = models.BooleanField(_("仮閉局"), default=False)
    # 付け替え: some of its slips came under another 営業日 from their register.
    holds_moved_slips = models.BooleanField(default=False, editable=False)
    slip_count = models.PositiveIntegerField(_("伝票数"), default=0)
    sales_total = models.BigIntegerField(_("売上"), default=0)
    opened_at = models.DateTimeField(_("開局日時"))
    opened_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("開局した担当者"))

    objects = BusinessDayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("営業日")
        ordering = ["-date", "store", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["store", "date"], name="one_day_per_store_and_date"),
            models.CheckConstraint(condition=Q(closed_entries__lte=F("entries")), name="a_closing_sees_only_entries_that_exist"),
            models.CheckConstraint(condition=Q(state="OPEN") | Q(revision__gte=1), name="a_closed_day_has_a_revision"),
        ]
        indexes = [
            # What is added up over many stores, so that no row is read for it.
            models.Index(
                fields=["store", "date", "state", "revision", "entries", "closed_entries", "is_provisional", "sales_total"],
                name="days_to_add_up",
            ),
            # The few days that were closed again: the others' closings are their last ones.
            models.Index(fields=["date", "id", "revision"], condition=Q(revision__gt=1), name="days_closed_again"),
            # The few days that somebody is asked about, among all that are done; with what the condition names, because SQLite would
            # rather look through the one above than read a row.
            models.Index(fields=["store", "date", "state"], condition=Q(state="OPEN"), name="days_open"),
            models.Index(
                fields=["store", "date", "state", "entries", "closed_entries"],
                condition=Q(entries__gt=F("closed_entries")),
                name="days_changed_after_close",
            ),
            models.Index(fields=["store", "date", "state", "is_provisional"], condition=Q(is_provisional=True), name="days_provisional"),
        ]

    def __str__(self):
        return f"{self.store.name} {self.date}"

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def changed_after_close(self):
        """閉局後に変更あり"""
        return not self.is_open and self.entries > self.closed_entries

    def overdue_from(self):
        """The moment from which an open day counts as 閉局忘れ: the store's 締め時刻 of the next morning."""
        morning = datetime.combine(self.date + timedelta(days=1), self.store.closes_at)
        return timezone.make_aware(morning)

    def is_overdue(self, now):
        return self.is_open and now >= self.overdue_from()


class RegisterDay(models.Model):
    """レジ精算: float and count of one register on one day."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("未精算")
        COUNTED = "COUNTED", _("精算済")
        UNUSED = "UNUSED", _("本日未使用")

    day = models.ForeignKey(BusinessDay, models.PROTECT, related_name="register_days", verbose_name=_("営業日"))
    register = models.ForeignKey(Register, models.PROTECT, related_name="+", verbose_name=_("レジ"))
    state = models.CharField(_("状態"), max_length=7, choices=State, default=State.OPEN)
    opening_float = models.PositiveIntegerField(_("釣銭準備金"), default=0)
    proposed_float = models.PositiveIntegerField(_("前回からの繰越"), default=0)
    actual_cash = models.PositiveIntegerField(_("実際のレジ内現金"), null=True, blank=True)
    # What it should have held when it was counted by itself, before the close of the day.
    expected_when_counted = models.BigIntegerField(null=True, blank=True)
    carry_over = models.PositiveIntegerField(_("翌日釣銭準備金"), null=True, blank=True)
    counts = models.JSONField(_("金種別枚数"), default=dict, blank=True)
    reason = models.CharField(_("差異の理由"), max_length=200, blank=True)
    counted_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("精算した担当者"))
    counted_at = models.DateTimeField(_("精算日時"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("レジ精算")
        ordering = ["day", "register__number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["day", "register"], name="one_settlement_per_register_and_day"),
            models.CheckConstraint(
                condition=Q(actual_cash=None, carry_over=None) | Q(carry_over__lte=F("actual_cash")),
                name="no_more_is_carried_over_than_is_there",
                violation_error_message=_("翌日釣銭準備金は、実際のレジ内現金を超えられません。"),
            ),
        ]

    @property
    def float_adjustment(self):
        """釣銭引継差額: what was put in or taken out between two days, in yen; not part of the expected cash."""
        return self.opening_float - self.proposed_float
