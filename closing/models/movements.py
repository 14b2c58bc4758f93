import uuid

from django.db import models
from django.db.models import Case, F, Q, Sum, When
from django.utils.translation import gettext_lazy as _

from closing.categories import MovementDirection, ReasonPurpose
from closing.models.days import BusinessDay, RegisterDay
from closing.models.labels import DIRECTIONS
from closing.models.masters import CashReason
from stores.models import Register, Staff, Store


def sum_cleared(of="", standing=None):
    """The sum of `CashMovement.cleared`, of the movements themselves or of those that a relation (`of`) leads to."""
    shortage = [direction for direction in MovementDirection if direction.clears_shortage]
    amount = F(f"{of}amount")
    return Sum(Case(When(**{f"{of}direction__in": shortage}, then=amount), default=-amount), filter=standing)


class CashMovementQuerySet(models.QuerySet):
    def visible_to(self, staff):
        return self.filter(day__store__in=Store.objects.visible_to(staff))

    def standing(self):
        """Those that nobody has cancelled."""
        return self.filter(cancellation=None)

    def standing_at(self, entry):
        """Those that were in the books when their day had so many entries."""
        return self.filter(Q(cancellation=None) | Q(cancellation__entry__gt=entry), entry__lte=entry)

    def unclear(self):
        """登録番号 要確認. By themselves first, so that an index leads to these few: asked in one, SQLite goes through every day."""
        return self.filter(pk__in=CashMovement.objects.filter(is_registration_unclear=True).values("pk"))

    def with_parts(self):
        return self.select_related("reason", "register", "staff", "explains__day", "cancellation__by", "cancellation__replacement")


class CashMovement(models.Model):
    """入出金: each 出金 is its own movement, because the law wants payee, date and number in the books."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    day = models.ForeignKey(BusinessDay, models.PROTECT, related_name="movements", verbose_name=_("営業日"))
    register = models.ForeignKey(Register, models.PROTECT, related_name="+", verbose_name=_("レジ"))
    entry = models.PositiveBigIntegerField()
    direction = models.CharField(_("区分"), max_length=15, choices=DIRECTIONS)
    reason = models.ForeignKey(CashReason, models.PROTECT, related_name="+", verbose_name=_("理由"))
    amount = models.PositiveIntegerField(_("金額"))
    reduced_amount = models.PositiveIntegerField(_("うち8%対象（軽減）"), default=0)
    payee = models.CharField(_("支払先"), max_length=40, blank=True)
    memo = models.CharField(_("内容"), max_length=40, blank=True)
    receipt_date = models.DateField(_("領収書日付"), null=True, blank=True)
    registration_no = models.CharField(_("登録番号"), max_length=14, blank=True)
    is_registration_unclear = models.BooleanField(_("登録番号は要確認"), default=False)
    # The レジ精算 whose 現金差異 it explains.
    explains = models.ForeignKey(
        RegisterDay, models.PROTECT, null=True, blank=True, related_name="explanations", verbose_name=_("過不足のあった営業日")
    )
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("担当者"))
    occurred_at = models.DateTimeField(_("日時"))

    objects = CashMovementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("入出金")
        ordering = ["day", "entry", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="movements_move_something"),
            models.CheckConstraint(
                condition=Q(reduced_amount__lte=models.F("amount")),
                name="the_reduced_part_is_not_more_than_the_whole",
                violation_error_message=_("8%対象額は、金額を超えられません。"),
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["PAID_IN", "PAID_OUT"]) | Q(explains__isnull=False), name="an_explanation_names_its_day"
            ),
        ]
        indexes = [models.Index(fields=["day"], condition=Q(is_registration_unclear=True), name="movements_with_unclear_number")]

    @property
    def is_cancelled(self):
        return hasattr(self, "cancellation")

    @property
    def cleared(self):
        """What it adds to the 現金差異 that it explains: positive clears a 不足, negative a 過剰 (yen)."""
        return self.amount if MovementDirection(self.direction).clears_shortage else -self.amount

    @property
    def is_correctable(self):
        """What the portal booked by itself is cancelled and entered anew; only what a person chose can be typed once more."""
        return self.reason.purpose == ReasonPurpose.CHOSEN and not self.explains_id


class MovementCancellation(models.Model):
    """入出金の取消 and what stands in its place. Database triggers refuse to change or delete a row.

    A movement itself is never edited: closings before this entry hold it, later ones do not.
    """

    movement = models.OneToOneField(CashMovement, models.PROTECT, related_name="cancellation", verbose_name=_("入出金"))
    entry = models.PositiveBigIntegerField()
    replacement = models.OneToOneField(CashMovement, models.PROTECT, null=True, related_name="corrects", verbose_name=_("訂正後の入出金"))
    reason = models.CharField(_("理由"), max_length=200)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("担当者"))
    at = models.DateTimeField(_("日時"))

    class Meta:
        verbose_name = verbose_name_plural = _("入出金の取消")
        ordering = ["movement", "pk"]
