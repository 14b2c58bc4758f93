from django.db import models
from django.utils.translation import gettext_lazy as _

from closing.categories import ReasonPurpose
from closing.models.labels import PAYMENT_KINDS, PURPOSES
from stores.models import Company


class PaymentMethod(models.Model):
    """支払方法. The code never changes: journal keys are made of it."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="payment_methods")
    code = models.CharField(_("コード"), max_length=20)
    name = models.CharField(_("支払方法"), max_length=30)
    kind = models.CharField(_("種別"), max_length=14, choices=PAYMENT_KINDS)
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)
    retired_on = models.DateField(_("利用終了日"), null=True, blank=True)

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
    code = models.CharField(_("コード"), max_length=20)
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
