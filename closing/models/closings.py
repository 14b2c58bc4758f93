from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from closing.figures import DayFigures
from closing.models.days import BusinessDay
from closing.models.labels import NATURES, TAX_CATEGORIES
from closing.models.masters import PaymentMethod
from closing.models.movements import CashMovement, sum_cleared
from stores.models import Register, Staff, Store


class ClosingQuerySet(models.QuerySet):
    def visible_to(self, staff):
        return self.filter(day__store__in=Store.objects.visible_to(staff))


class Closing(models.Model):
    """日計: the frozen figures of one close. Never changed; closing the same day again makes the next revision."""

    day = models.ForeignKey(BusinessDay, models.PROTECT, related_name="closings", verbose_name=_("営業日"))
    revision = models.PositiveIntegerField(_("回数"))
    entries = models.PositiveBigIntegerField()
    slip_count = models.PositiveIntegerField(_("伝票数"))
    slip_digest = models.CharField(max_length=64)
    figures_frozen = models.JSONField()
    sales_total = models.BigIntegerField(_("総売上"))
    expected_cash = models.BigIntegerField(_("想定レジ金額"))
    actual_cash = models.BigIntegerField(_("実際のレジ内現金"), null=True)
    cash_difference = models.GeneratedField(
        expression=F("actual_cash") - F("expected_cash"), output_field=models.BigIntegerField(null=True), db_persist=True
    )
    closed_at = models.DateTimeField(_("閉局日時"))
    closed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("閉局した担当者"))

    objects = ClosingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("日計")
        ordering = ["day", "-revision", "pk"]
        constraints = [models.UniqueConstraint(fields=["day", "revision"], name="one_closing_per_day_and_revision")]
        indexes = [
            # Figures make the rows long: PostgreSQL reads here which day a register's closing is of, and whether it is the last one.
            models.Index(fields=["id", "day", "revision"], name="closings_of_days"),
            # So that the last close of a month is found without reading the others.
            models.Index(fields=["day", "closed_at"], name="closings_by_time"),
        ]

    def __str__(self):
        return f"{self.day} #{self.revision}"

    @property
    def figures(self):
        return DayFigures.from_json(self.figures_frozen)


class DifferenceSeen(models.Model):
    """Who of those responsible has looked at a close whose drawer was off by more than the tolerance."""

    closing = models.OneToOneField(Closing, models.PROTECT, related_name="difference_seen", verbose_name=_("日計"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("担当者"))
    at = models.DateTimeField(_("日時"))

    class Meta:
        verbose_name = verbose_name_plural = _("現金差異の確認")
        ordering = ["-at", "-pk"]


def _beyond(amount):
    return Q(cash_difference__gt=amount) | Q(cash_difference__lt=-amount)


class ClosingRegisterQuerySet(models.QuerySet):
    def visible_to(self, staff):
        return self.filter(register__store__in=Store.objects.visible_to(staff))

    def of_last_revisions(self):
        """Without what a later close of the same day has replaced."""
        return self.filter(closing__revision=F("closing__day__revision"))

    def of_last_revisions_between(self, first, last):
        """The same of a period, without reading each drawer's closing: few days are closed again, and they are found by that."""
        replaced = Closing.objects.filter(day__date__range=(first, last), day__revision__gt=1, revision__lt=F("day__revision"))
        return self.between(first, last).exclude(closing__in=replaced.values("pk"))

    def beyond_tolerance(self):
        """Off by more than the store lets pass without a reason. One query more, for PostgreSQL plans by a figure and not by a question."""
        least = Store.objects.aggregate(least=models.Min("difference_tolerance", default=0))["least"]
        return self._off_by_more_than(least).filter(_beyond(F("register__store__difference_tolerance")))

    def knowing_what_is_left(self):
        """Tell of each difference how much of it (`left`, yen) no 過不足の原因判明 has cleared."""
        of_register = CashMovement.objects.standing().filter(
            explains__day=OuterRef("closing__day"), explains__register=OuterRef("register")
        )
        cleared = of_register.order_by().values("explains").annotate(sum=sum_cleared()).values("sum")
        return self.annotate(left=F("cash_difference") + Coalesce(Subquery(cleared), 0))

    def unexplained(self):
        """Of the drawers that were off those of which something is left. What explains a difference leads to the few that are not."""
        explaining = CashMovement.objects.standing().filter(explains__isnull=False)
        explained = ClosingRegister.objects.filter(closing__day__in=explaining.values("explains__day"))
        return self.exclude(pk__in=explained.knowing_what_is_left().filter(left=0).values("pk"))

    def unseen(self):
        return self.exclude(Exists(DifferenceSeen.objects.filter(closing=OuterRef("closing"))))

    def off(self):
        """Counted, and not what was expected."""
        return self._off_by_more_than(0)

    def _off_by_more_than(self, amount):
        # An index leads to these few. SQLite finds it only when asked for them apart, PostgreSQL only when asked for them here.
        return self.filter(_beyond(amount), pk__in=ClosingRegister.objects.filter(_beyond(amount)).values("pk"))

    def between(self, first, last):
        return self.filter(date__range=(first, last))

    def sum_differences(self):
        """Return what the drawers were over and short (yen), and how many of each."""
        over, short = Q(cash_difference__gt=0), Q(cash_difference__lt=0)
        return self.order_by().aggregate(
            over=Coalesce(models.Sum("cash_difference", filter=over), 0),
            short=Coalesce(models.Sum("cash_difference", filter=short), 0),
            over_count=models.Count("pk", filter=over),
            short_count=models.Count("pk", filter=short),
        )


class ClosingLine(models.Model):
    closing = models.ForeignKey(Closing, models.PROTECT, related_name="lines")
    method = models.ForeignKey(PaymentMethod, models.PROTECT, related_name="+")
    category = models.CharField(max_length=18, choices=TAX_CATEGORIES)
    nature = models.CharField(max_length=15, choices=NATURES)
    amount = models.BigIntegerField()
    tax = models.BigIntegerField()

    class Meta:
        ordering = ["closing", "pk"]


class ClosingRegister(models.Model):
    """What one register was expected to hold and held, and who counted it, as frozen by the closing.

    `date` is the closing's 営業日, written here too so that months of drawers are added up without reading their closings.
    """

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="registers")
    date = models.DateField(_("営業日"))
    register = models.ForeignKey(Register, models.PROTECT, related_name="+")
    opening_float = models.BigIntegerField()
    expected_cash = models.BigIntegerField()
    actual_cash = models.BigIntegerField(null=True)
    counted_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("精算した担当者"))
    cash_difference = models.GeneratedField(
        expression=F("actual_cash") - F("expected_cash"), output_field=models.BigIntegerField(null=True), db_persist=True
    )
    carry_over = models.BigIntegerField(null=True)
    counts = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True)

    objects = ClosingRegisterQuerySet.as_manager()

    class Meta:
        ordering = ["closing", "pk"]
        indexes = [
            models.Index(fields=["cash_difference"], name="registers_by_difference"),
            # So that counting them, by whatever they have in common, reads no row.
            models.Index(
                fields=["register", "date", "counted_by", "closing"],
                condition=Q(counted_by__isnull=False),
                name="drawers_counted",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(actual_cash=None, counted_by=None) | Q(actual_cash__isnull=False, counted_by__isnull=False),
                name="who_counted_a_drawer_is_known",
            )
        ]
