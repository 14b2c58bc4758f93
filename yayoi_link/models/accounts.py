from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from closing.models import BusinessDay
from stores.models import Company, Staff, Store
from yayoi_link.account_choices import Choice
from yayoi_link.accounts import TaxAccounting

BUSINESS_TYPES = [
    ("一", _("第一種（卸売業）")),
    ("二", _("第二種（小売業）")),
    ("三", _("第三種（製造業など）")),
    ("四", _("第四種（飲食店など）")),
    ("五", _("第五種（サービス業など）")),
    ("六", _("第六種（不動産業）")),
]
TAX_ACCOUNTINGS = [
    (TaxAccounting.INCLUSIVE, _("税込経理")),
    (TaxAccounting.EXCLUSIVE, _("税抜経理")),
    (TaxAccounting.NONE, _("免税事業者")),
]


class AccountVersionQuerySet(models.QuerySet):
    def visible_to(self, staff):
        """Those of the person's company; a store's own only where the person sees the store."""
        return self.filter(Q(store=None) | Q(store__in=Store.objects.visible_to(staff)), company=staff.company_id)

    def valid_on(self, day):
        return self.filter(applies_from__lte=day).order_by("-applies_from", "-pk")

    def of_company(self, company):
        return self.filter(company=company, store=None)

    def of_store(self, store):
        return self.filter(store=store)

    def not_applied_yet(self):
        """Those under which no posting can have been made: nobody has opened a 営業日 from their first one on."""
        later = BusinessDay.objects.filter(date__gte=OuterRef("applies_from"))
        of_company = later.filter(store__company=OuterRef("company"))
        of_store = later.filter(store=OuterRef("store"))
        return self.filter(Q(~Exists(of_company), store=None) | Q(~Exists(of_store), store__isnull=False))


class AccountVersion(models.Model):
    """仕訳設定 from a 営業日 on: the company's, or what one store has otherwise. Lines that nobody chose have no row."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="account_versions")
    store = models.ForeignKey(Store, models.PROTECT, null=True, blank=True, related_name="account_versions", verbose_name=_("店舗"))
    applies_from = models.DateField(_("適用開始営業日"))
    # A store keeps its books as its company does: its own versions say nothing of these two.
    tax_accounting = models.CharField(
        _("経理方式"),
        max_length=9,
        choices=[(accounting.value, word) for accounting, word in TAX_ACCOUNTINGS],
        default=TaxAccounting.INCLUSIVE.value,
    )
    is_simplified = models.BooleanField(_("簡易課税"), default=False)
    changed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("担当者"))
    changed_at = models.DateTimeField(_("変更日時"))

    objects = AccountVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("仕訳設定")
        ordering = ["company", "store", "-applies_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "applies_from"], condition=Q(store=None), name="one_account_version_per_company_and_day"
            ),
            models.UniqueConstraint(fields=["store", "applies_from"], name="one_account_version_per_store_and_day"),
        ]

    @property
    def choices(self):
        return {line.line: line.choice for line in self.lines.all()}


class AccountLine(models.Model):
    """One line of a version: which account it takes, or that it is not sent."""

    version = models.ForeignKey(AccountVersion, models.PROTECT, related_name="lines")
    line = models.CharField(max_length=40)
    account = models.CharField(_("勘定科目"), max_length=24, blank=True)
    sub_account = models.CharField(_("補助科目"), max_length=24, blank=True)
    per_store = models.BooleanField(_("部門＝店舗"), default=False)
    per_method = models.BooleanField(_("補助＝支払方法"), default=False)
    is_sent = models.BooleanField(_("送る"), default=True)
    tax_category = models.CharField(_("税区分"), max_length=32, blank=True)
    returned_tax_category = models.CharField(_("返品の税区分"), max_length=32, blank=True)
    business_type = models.CharField(_("事業区分"), max_length=1, choices=BUSINESS_TYPES, blank=True)

    class Meta:
        ordering = ["version", "line", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "line"], name="one_choice_per_version_and_line")]

    @property
    def choice(self):
        return Choice(**{name: getattr(self, name) for name in Choice.__dataclass_fields__})
