from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from closing.categories import ReasonPurpose
from closing.models.labels import PAYMENT_KINDS, PURPOSES
from stores.models import Company

# Codes stand in journal keys, which are divided by "/", and in the headings of slip files, which are divided by ":".
CODE = RegexValidator(r"\A[0-9A-Za-z_-]{1,20}\Z", _("半角の英数字・ハイフン・下線で20文字以内にしてください。"))


class MasterQuerySet(models.QuerySet):
    def visible_to(self, staff):
        return self.filter(company=staff.company_id) if staff.company_id else self.none()

    def in_use(self):
        return self.filter(retired_on=None)

    def retired(self):
        return self.exclude(retired_on=None)

    def found(self, words):
        """Those whose code or name holds every one of the words."""
        for word in words.split():
            self = self.filter(Q(code__icontains=word) | Q(name__icontains=word))
        return self


class CashReasonQuerySet(MasterQuerySet):
    def chosen(self):
        """The reasons that people choose; the others belong to the portal."""
        return self.filter(purpose=ReasonPurpose.CHOSEN)


class PaymentMethod(models.Model):
    """支払方法. Code and kind never change: journal keys are made of the code, and what cash a slip left in the drawer is read from the kind.

    A slip may be on its way while somebody edits, so there is no moment at which a kind is known to be unused.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="payment_methods")
    code = models.CharField(_("コード"), max_length=20, validators=[CODE])
    name = models.CharField(_("支払方法"), max_length=30)
    kind = models.CharField(_("種別"), max_length=14, choices=PAYMENT_KINDS)
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)
    retired_on = models.DateField(_("利用終了日"), null=True, blank=True)

    objects = MasterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("支払方法")
        ordering = ["company", "position", "code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "code"],
                name="method_code_unique_in_company",
                violation_error_message=_("このコードはすでに使われています。"),
            )
        ]

    def __str__(self):
        return self.name


class CashReason(models.Model):
    """入出金理由, selectable for 入金 and 出金 separately, with the account that the other side of the entry takes."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="cash_reasons")
    code = models.CharField(_("コード"), max_length=20, validators=[CODE])
    name = models.CharField(_("理由"), max_length=30)
    for_paid_in = models.BooleanField(_("入金で使う"), default=False)
    for_paid_out = models.BooleanField(_("出金で使う"), default=False)
    # The portal chooses some reasons by itself; nobody selects them in a form of 入金 or 出金.
    purpose = models.CharField(_("用途"), max_length=10, choices=PURPOSES, default=ReasonPurpose.CHOSEN, blank=True)
    is_expense = models.BooleanField(_("経費"), default=False, help_text=_("領収書のある支払い。税率・領収書日付・登録番号を記録します。"))
    is_sent = models.BooleanField(_("弥生に送る"), default=True)
    account = models.CharField(_("勘定科目"), max_length=24, blank=True)
    sub_account = models.CharField(_("補助科目"), max_length=24, blank=True)
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)
    retired_on = models.DateField(_("利用終了日"), null=True, blank=True)

    objects = CashReasonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("入出金理由")
        ordering = ["company", "position", "code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "code"],
                name="reason_code_unique_in_company",
                violation_error_message=_("このコードはすでに使われています。"),
            )
        ]

    def __str__(self):
        return self.name
