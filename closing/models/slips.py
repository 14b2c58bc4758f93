from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from closing.categories import SlipKind
from closing.models.days import BusinessDay
from closing.models.labels import NATURES, REVERSAL_REASONS, SLIP_KINDS, TAX_CATEGORIES
from closing.models.masters import PaymentMethod
from closing.tax import FLAGGED_FROM
from stores.models import Register, Staff, Store


class SlipQuerySet(models.QuerySet):
    def visible_to(self, staff):
        return self.of_stores(Store.objects.visible_to(staff))

    def of_stores(self, stores):
        """As a question about each slip: the other way round the database reads and sorts all slips of the stores for one page."""
        return self.filter(Exists(BusinessDay.objects.filter(pk=OuterRef("day"), store__in=stores)))

    def up_to(self, day, entry):
        return self.filter(day=day, entry__lte=entry)

    def with_parts(self):
        """Read taxes and payments along, in as many queries for many slips as for one."""
        return self.prefetch_related("taxes", "payments__method")

    def late(self):
        """後日入力: what came in after its day had been closed."""
        return self.filter(is_late=True)

    def with_flagged_tax(self):
        """Whose receipt and our own computation are 2 yen or more apart."""
        return self.filter(pk__in=SlipTax.objects.flagged().values("slip"))

    def knowing_flags(self):
        """Tell of each slip whether its tax is flagged, and whether it belongs to a 取消の超過, in the same query."""
        excess = Slip.objects.in_excess()
        return self.annotate(
            is_flagged=Exists(SlipTax.objects.flagged().filter(slip=OuterRef("pk"))),
            is_in_excess=Exists(excess.filter(pk=OuterRef("pk"))) | Exists(excess.filter(pk=OuterRef("original"))),
        )

    def in_excess(self):
        """取消の超過: of which red slips have taken back more than they came to, and nobody has accepted that yet."""
        accepted = AcceptedExcess.objects.filter(slip=OuterRef("pk"), excess=OuterRef("excess"))
        return self.filter(~Exists(accepted), excess__gt=0)

    def of_excess(self):
        """Every slip of a 取消の超過: the one that was taken back, and the red ones that did it. Looks the few up at once."""
        found = list(Slip.objects.in_excess().order_by().values_list("pk", flat=True))
        return self.filter(Q(pk__in=found) | Q(original__in=found, kind=SlipKind.REVERSAL))

    def reckoning_excess(self):
        """Work out of each slip what its `excess` must be: black slips sell again what their red slip took back."""
        reds = Slip.objects.filter(original=OuterRef("pk"), kind=SlipKind.REVERSAL)
        blacks = Slip.objects.filter(original__original=OuterRef("pk"), original__kind=SlipKind.REVERSAL, kind=SlipKind.CORRECTION)
        left = F("total") + _sum_of(reds) + _sum_of(blacks)
        is_too_far = Exists(reds) & Q(left__lt=0)
        return self.annotate(left=left).annotate(reckoned_excess=Case(When(is_too_far, then=-F("left")), default=Value(0)))

    def awaiting_original(self):
        """Red and black slips that point at a slip which is not there."""
        return self.filter(original=None).exclude(original_reference="")

    def entered_on_screen(self):
        return self.filter(form_key__isnull=False)


def _sum_of(slips):
    return Coalesce(Subquery(slips.order_by().values("kind").annotate(sum=Sum("total")).values("sum")), 0)


class Slip(models.Model):
    """伝票. Never edited: a red slip takes it back, a black one follows a red one."""

    day = models.ForeignKey(BusinessDay, models.PROTECT, related_name="slips", verbose_name=_("営業日"))
    register = models.ForeignKey(Register, models.PROTECT, related_name="+", verbose_name=_("レジ"))
    business_date = models.DateField(_("営業日"))
    number = models.CharField(_("伝票番号"), max_length=20)
    kind = models.CharField(_("種別"), max_length=10, choices=SLIP_KINDS)
    entry = models.PositiveBigIntegerField()
    issued_at = models.DateTimeField(_("日時"))
    received_at = models.DateTimeField(_("入力日時"))
    is_late = models.BooleanField(_("後日入力"), default=False)
    # Only of slips that a person entered on screen: two presses of the button are one slip.
    form_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("担当者"))
    staff_code = models.CharField(_("担当者コード"), max_length=20, blank=True)
    reason = models.CharField(_("取消の理由"), max_length=7, choices=REVERSAL_REASONS, blank=True)
    original = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", db_index=False, verbose_name=_("元伝票")
    )
    # The original may arrive later than the slip that points at it.
    original_reference = models.CharField(_("元伝票の番号"), max_length=80, blank=True)
    total = models.BigIntegerField(_("合計"))
    # By how many yen red slips have taken back more than it came to: they may come before it.
    excess = models.BigIntegerField(_("取消の超過"), default=0, editable=False)
    cash_sales = models.BigIntegerField(default=0)
    cash_refunds = models.BigIntegerField(default=0)
    voucher_change = models.BigIntegerField(default=0)
    discount = models.BigIntegerField(_("値引"), default=0)
    service_charge = models.BigIntegerField(_("サービス料"), default=0)
    points = models.BigIntegerField(_("ポイント"), default=0)
    guests = models.IntegerField(_("客数"), default=0)
    digest_high = models.BigIntegerField()
    digest_low = models.BigIntegerField()

    objects = SlipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("伝票")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["register", "business_date", "number"], name="slip_number_unique_in_register_and_day"),
            models.CheckConstraint(
                condition=Q(kind=SlipKind.REVERSAL, total__lte=0) | (~Q(kind=SlipKind.REVERSAL) & Q(total__gte=0)),
                name="red_slips_are_negative_and_others_are_not",
            ),
        ]
        indexes = [
            models.Index(fields=["day", "entry"], name="slips_of_a_day_by_entry"),
            # Not of all slips: a database that has not counted them yet would look for the few that wait among the many without one.
            models.Index(fields=["original"], condition=Q(original__isnull=False), name="slips_that_follow_another"),
            models.Index(fields=["original_reference"], condition=~Q(original_reference=""), name="slips_that_point_at_another"),
            models.Index(fields=["business_date", "id"], name="slips_by_day"),
            models.Index(fields=["number"], name="slips_by_number"),
            models.Index(fields=["total", "business_date"], name="slips_by_amount"),
            models.Index(fields=["business_date", "id"], condition=Q(is_late=True), name="slips_that_came_late"),
            models.Index(fields=["day"], condition=Q(excess__gt=0), name="slips_taken_back_too_far"),
            models.Index(fields=["register", "number"], condition=Q(form_key__isnull=False), name="slips_entered_on_screen"),
        ]

    def __str__(self):
        return self.number


class SlipTaxQuerySet(models.QuerySet):
    def flagged(self):
        return self.filter(tax_disagreement__gte=FLAGGED_FROM)


class SlipTax(models.Model):
    """What the receipt says of one tax category: inclusive amount, and the tax in it."""

    slip = models.ForeignKey(Slip, models.PROTECT, related_name="taxes")
    category = models.CharField(_("税区分"), max_length=18, choices=TAX_CATEGORIES)
    amount = models.BigIntegerField(_("税込額"))
    tax = models.BigIntegerField(_("消費税"))
    # By how many yen the receipt's tax differs from our own; 2 or more is shown to the accountant.
    tax_disagreement = models.IntegerField(default=0)

    objects = SlipTaxQuerySet.as_manager()

    class Meta:
        ordering = ["slip", "pk"]
        indexes = [models.Index(fields=["slip"], condition=Q(tax_disagreement__gte=FLAGGED_FROM), name="taxes_that_disagree")]
        constraints = [models.UniqueConstraint(fields=["slip", "category"], name="one_amount_per_slip_and_category")]


class SlipPayment(models.Model):
    slip = models.ForeignKey(Slip, models.PROTECT, related_name="payments")
    method = models.ForeignKey(PaymentMethod, models.PROTECT, related_name="+")
    amount = models.BigIntegerField(_("金額"))
    tendered = models.BigIntegerField(_("お預り"), default=0)
    change = models.BigIntegerField(_("お釣り"), default=0)
    overage = models.BigIntegerField(_("金券等差額"), default=0)

    class Meta:
        ordering = ["slip", "pk"]
        constraints = [models.UniqueConstraint(fields=["slip", "method"], name="one_amount_per_slip_and_method")]


class SlipSplit(models.Model):
    """Payment × tax category of one slip, made once when it comes in: the rows that a close adds up."""

    slip = models.ForeignKey(Slip, models.PROTECT, related_name="splits")
    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    date = models.DateField()
    entry = models.PositiveBigIntegerField()
    method = models.ForeignKey(PaymentMethod, models.PROTECT, related_name="+", db_index=False)
    category = models.CharField(max_length=18, choices=TAX_CATEGORIES)
    nature = models.CharField(max_length=15, choices=NATURES)
    amount = models.BigIntegerField()
    tax = models.BigIntegerField()

    class Meta:
        ordering = ["slip", "pk"]
        indexes = [
            # All columns as keys: a close reads the index alone, and SQLite knows no INCLUDE.
            models.Index(
                fields=["date", "store", "entry", "method", "category", "nature", "amount", "tax"], name="splits_of_a_day_covering"
            )
        ]


class AcceptedExcess(models.Model):
    """Who let a 取消の超過 stand, and why. Database triggers refuse to change or delete a row."""

    slip = models.ForeignKey(Slip, models.PROTECT, related_name="accepted_excesses", verbose_name=_("伝票"))
    excess = models.BigIntegerField(_("取消の超過"))
    reason = models.CharField(_("理由"), max_length=200)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("担当者"))
    at = models.DateTimeField(_("日時"))

    class Meta:
        verbose_name = verbose_name_plural = _("取消の超過の確認")
        ordering = ["slip", "pk"]
        constraints = [models.UniqueConstraint(fields=["slip", "excess"], name="an_excess_is_accepted_once")]
