from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stores.models.places import CODE, Company, Store


class Role(models.TextChoices):
    COMPANY_ADMIN = "COMPANY_ADMIN", _("企業管理者")
    STORE_MANAGER = "STORE_MANAGER", _("店長")
    CLERK = "CLERK", _("スタッフ")
    ACCOUNTANT = "ACCOUNTANT", _("経理・税理士")


class Language(models.TextChoices):
    """Each is named in itself, so that who reads nothing else finds it."""

    JAPANESE = "ja", "日本語"
    ENGLISH = "en", "English"


SEES_ALL_STORES = {Role.COMPANY_ADMIN, Role.ACCOUNTANT}


class StaffQuerySet(models.QuerySet):
    def visible_to(self, staff):
        """Colleagues: people of the same company, and for who is bound to stores those who share one."""
        if staff.company_id is None:
            return self.none()
        colleagues = self.filter(company=staff.company_id)
        if staff.sees_all_stores:
            return colleagues
        return colleagues.filter(Q(stores__in=staff.stores.all()) | Q(pk=staff.pk)).distinct()

    def found(self, words):
        """Those whose code or name holds every one of the words."""
        for word in words.split():
            self = self.filter(Q(code__icontains=word) | Q(name__icontains=word))
        return self

    def working_at(self, store):
        return self.filter(Q(stores=store) | Q(role__in=SEES_ALL_STORES), company=store.company_id, is_active=True).distinct()


class StaffManager(BaseUserManager.from_queryset(StaffQuerySet)):
    def create_staff(self, company, code, password, **fields):
        staff = self.model(company=company, code=code, **fields)
        staff.set_password(password)
        staff.full_clean(exclude=["password"])
        staff.save(using=self._db)
        return staff

    def create_superuser(self, username, password=None, **fields):
        """The operator (運営): belongs to no company, works in the Django admin only."""
        operator = self.model(username=username, code=username, name=fields.pop("name", username), is_staff=True, is_superuser=True)
        operator.set_password(password)
        operator.save(using=self._db)
        return operator


class Staff(AbstractBaseUser, PermissionsMixin):
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("企業"))
    code = models.CharField(_("担当者コード"), max_length=20, validators=[CODE])
    username = models.CharField(max_length=41, unique=True, editable=False)
    name = models.CharField(_("氏名"), max_length=40)
    role = models.CharField(_("権限"), max_length=14, choices=Role, blank=True)
    stores = models.ManyToManyField(Store, blank=True, related_name="staff", verbose_name=_("担当店舗"))
    email = models.EmailField(_("メールアドレス"), blank=True, help_text=_("連携エラーや閉局忘れなどを、このアドレスに知らせます。"))
    language = models.CharField(_("表示言語"), max_length=2, choices=Language, blank=True)
    must_change_password = models.BooleanField(_("初期パスワード"), default=False)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    is_active = models.BooleanField(_("利用中"), default=True)
    is_staff = models.BooleanField(_("運営"), default=False)

    objects = StaffManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = verbose_name_plural = _("担当者")
        ordering = ["company", "code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "code"],
                name="staff_code_unique_in_company",
                violation_error_message=_("この担当者コードはすでに使われています。"),
            ),
            models.CheckConstraint(
                condition=Q(company=None, is_staff=True) | Q(company__isnull=False, is_staff=False, is_superuser=False),
                name="operators_belong_to_no_company",
                violation_error_message=_("運営は企業に属しません。"),
            ),
            models.CheckConstraint(
                condition=Q(company=None) | ~Q(role=""),
                name="staff_of_a_company_have_a_role",
                violation_error_message=_("権限を選んでください。"),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    def save(self, *args, **kwargs):
        if self._state.adding and self.company_id:
            self.username = f"{self.company.code}/{self.code}"
        super().save(*args, **kwargs)

    @property
    def sees_all_stores(self):
        return self.role in SEES_ALL_STORES

    def get_session_auth_hash(self):
        """Part of every session of this person: raising the epoch ends them all, at no query per request."""
        return f"{super().get_session_auth_hash()}-{self.session_epoch}"

    def get_session_auth_fallback_hash(self):
        return (f"{session_hash}-{self.session_epoch}" for session_hash in super().get_session_auth_fallback_hash())

    def end_sessions(self):
        Staff.objects.filter(pk=self.pk).update(session_epoch=F("session_epoch") + 1)
        self.refresh_from_db(fields=["session_epoch"])

    def choose_language(self, language):
        """Have the portal and its mails speak it, on every machine; an empty one leaves it to the browser."""
        self.language = language
        self.save(update_fields=["language"])

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name
