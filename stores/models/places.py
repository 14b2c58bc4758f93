from datetime import time

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

CODE = RegexValidator(r"\A[0-9A-Za-z-]{1,20}\Z", _("半角の英数字とハイフンで20文字以内にしてください。"))


class Company(models.Model):
    code = models.CharField(_("企業コード"), max_length=20, unique=True, validators=[CODE])
    name = models.CharField(_("企業名"), max_length=60)
    is_active = models.BooleanField(_("利用中"), default=True)
    created_at = models.DateTimeField(_("登録日時"), auto_now_add=True)
    requires_second_factor = models.BooleanField(_("企業管理者と店長の二段階認証を必須にする"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("企業")
        ordering = ["code", "pk"]

    def __str__(self):
        return f"{self.code} {self.name}"


class StoreQuerySet(models.QuerySet):
    def visible_to(self, staff):
        """The stores that exist for this person: the assigned ones, or all of the company."""
        if staff.company_id is None:
            return self.none()
        stores = self.filter(company=staff.company_id)
        return stores if staff.sees_all_stores else stores.filter(staff=staff)

    def found(self, words):
        """Those whose code or name holds every one of the words."""
        for word in words.split():
            self = self.filter(Q(code__icontains=word) | Q(name__icontains=word))
        return self

    def retail(self):
        return self.filter(kind=Store.Kind.RETAIL)

    def in_use(self):
        return self.filter(retired_on=None)

    def by_due_sync(self):
        """Those with a 未同期 register first."""
        due = Register.objects.in_use().due_for_sync().filter(store=OuterRef("pk"))
        return self.annotate(is_due=Exists(due)).order_by("-is_due", "code", "pk")


class Store(models.Model):
    class Kind(models.TextChoices):
        RETAIL = "RETAIL", _("実店舗")
        HEAD_OFFICE = "HEAD_OFFICE", _("管理店舗")

    company = models.ForeignKey(Company, models.PROTECT, related_name="stores", verbose_name=_("企業"))
    code = models.CharField(_("店舗コード"), max_length=20, validators=[CODE])
    name = models.CharField(_("店舗名"), max_length=40)
    kind = models.CharField(_("区分"), max_length=12, choices=Kind, default=Kind.RETAIL)
    closes_at = models.TimeField(
        _("締め時刻"), default=time(5), help_text=_("翌朝のこの時刻を過ぎても開いている営業日は「閉局忘れ」になります。")
    )
    difference_tolerance = models.PositiveIntegerField(
        _("現金差異の許容額（円）"), default=500, help_text=_("これを超える差異には理由の入力が必要です。")
    )
    master_version = models.PositiveIntegerField(_("マスタの版"), default=1, editable=False)
    retired_on = models.DateField(_("利用終了日"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("店舗")
        ordering = ["company", "code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "code"],
                name="store_code_unique_in_company",
                violation_error_message=_("この店舗コードはすでに使われています。"),
            ),
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(kind="HEAD_OFFICE"),
                name="one_head_office_per_company",
                violation_error_message=_("管理店舗は企業に一つだけです。"),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


class RegisterQuerySet(models.QuerySet):
    def visible_to(self, staff):
        return self.filter(store__in=Store.objects.visible_to(staff))

    def in_use(self):
        return self.filter(retired_on=None)

    def knowing_tokens(self):
        """Tell of each register whether it is connected: has a 接続トークン that is in force."""
        in_force = self.model._meta.get_field("tokens").related_model.objects.in_force()
        return self.annotate(has_token=Exists(in_force.filter(register=OuterRef("pk"))))

    def due_for_sync(self):
        return self.filter(synced_version__lt=F("store__master_version"))


class Register(models.Model):
    store = models.ForeignKey(Store, models.PROTECT, related_name="registers", verbose_name=_("店舗"))
    number = models.PositiveIntegerField(_("POS番号"), validators=[MinValueValidator(1)])
    name = models.CharField(_("レジ名"), max_length=40, blank=True)
    synced_version = models.PositiveIntegerField(_("取得済みのマスタの版"), default=0, editable=False)
    synced_at = models.DateTimeField(_("マスタ取得日時"), null=True, blank=True, editable=False)
    retired_on = models.DateField(_("利用終了日"), null=True, blank=True)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("レジ")
        ordering = ["store", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "number"],
                name="register_number_unique_in_store",
                violation_error_message=_("このPOS番号はすでに使われています。"),
            ),
        ]

    def __str__(self):
        return self.word(self.number)

    @staticmethod
    def word(number):
        return _("レジ%(number)s") % {"number": number}

    @property
    def is_synced(self):
        return self.synced_version >= self.store.master_version
