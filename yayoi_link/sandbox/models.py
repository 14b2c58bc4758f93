import secrets
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yayoi_link.sandbox.manners import Manner, manners_by_outcome


class AccountManager(BaseUserManager):
    def sign_in(self, name, password):
        """Return the account, made on its first use, or None when the password is another one."""
        account = self.filter(name=name).first() or self.open_account(name, password)
        return account if account.check_password(password) else None

    @transaction.atomic
    def open_account(self, name, password):
        account = self.model(name=name)
        account.set_password(password)
        account, is_new = self.get_or_create(name=name, defaults={"password": account.password})
        if is_new:
            Office.objects.bulk_create(Office(account=account, name=_("お試し事業所"), product=product) for product in Office.Product)
        return account


class Account(AbstractBaseUser):
    name = models.CharField(_("アカウント"), max_length=100, unique=True)

    USERNAME_FIELD = "name"
    objects = AccountManager()

    def __str__(self):
        return self.name


class Office(models.Model):
    """One set of books: what manual 2-1 calls 事業所データ/サービス."""

    class Product(models.TextChoices):
        ONLINE = "online", _("弥生会計 オンライン")
        NEXT = "next", _("弥生会計 Next")
        DESKTOP = "desktop", _("弥生会計（デスクトップ）")

    account = models.ForeignKey(Account, models.PROTECT, related_name="offices")
    name = models.CharField(_("事業所名"), max_length=60)
    product = models.CharField(_("製品"), max_length=10, choices=Product)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["account", "name", "product"], name="sandbox_office_once")]

    def __str__(self):
        return f"{self.name} / {self.get_product_display()}"


@dataclass(frozen=True, slots=True)
class Instruction:
    """What one posting is to meet."""

    manner: Manner
    delay_seconds: int
    retry_after_seconds: int | None


class LinkQuerySet(models.QuerySet):
    def owned_by(self, account):
        return self.filter(office__account=account).select_related("office")


def new_token():
    return secrets.token_urlsafe(32)


class Link(models.Model):
    office = models.ForeignKey(Office, models.PROTECT, related_name="links")
    label = models.CharField(_("連携の名前"), max_length=60, blank=True)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    manner = models.CharField(_("応答"), max_length=20, choices=manners_by_outcome, default=Manner.NORMAL)
    postings_left = models.PositiveSmallIntegerField(
        pgettext_lazy("postings", "回数"),
        null=True,
        blank=True,
        help_text=_("この回数だけ続け、正常に戻します。空欄なら変更するまで続けます。"),
    )
    delay_seconds = models.PositiveSmallIntegerField(_("応答までの秒数"), default=0)
    retry_after_seconds = models.PositiveIntegerField(
        "Retry-After", null=True, blank=True, default=60, help_text=_("429と503に付ける秒数です。空欄なら付けません。")
    )
    ignores_repeats = models.BooleanField(
        _("同じ送信を二重に取り込まない"),
        default=False,
        help_text=_("Idempotency-Keyが同じ送信を1回だけ取り込みます。弥生会計はそうしないため、ふだんはオフです。"),
    )

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.label or str(_("認証 %(number)s") % {"number": self.pk})

    @property
    def path(self):
        return reverse("receive", args=[self.token])

    @transaction.atomic
    def take_instruction(self):
        """Return what the next posting is to meet, and count it."""
        link = Link.objects.select_for_update().get(pk=self.pk)
        instruction = Instruction(Manner(link.manner), link.delay_seconds, link.retry_after_seconds)
        if link.postings_left is not None:
            link.count_down()
        return instruction

    def count_down(self):
        self.postings_left -= 1
        if self.postings_left < 1:
            self.manner, self.postings_left, self.delay_seconds = Manner.NORMAL, None, 0
        self.save(update_fields=["manner", "postings_left", "delay_seconds"])


class PostingQuerySet(models.QuerySet):
    @transaction.atomic
    def keep(self, link, received, *, repeat_key, manner, is_booked, received_at):
        """Log a readable posting; book its rows where it is to be booked and is not a repeat that the link ignores."""
        link = Link.objects.select_for_update().get(pk=link.pk)
        is_repeat = link.ignores_repeats and repeat_key and self.filter(link=link, repeat_key=repeat_key, is_booked=True).exists()
        posting = self.create(
            link=link,
            received_at=received_at,
            manner=manner,
            repeat_key=repeat_key,
            batch=received.batch,
            is_booked=bool(is_booked and not is_repeat),
        )
        if posting.is_booked:
            Transaction.objects.bulk_create(Transaction.from_wire(posting, row) for row in received.transactions)
        return posting


class Posting(models.Model):
    """One request that came in through a link. It stays when its rows are deleted."""

    link = models.ForeignKey(Link, models.PROTECT, related_name="postings")
    received_at = models.DateTimeField()
    manner = models.CharField(max_length=20, choices=manners_by_outcome)
    repeat_key = models.CharField(max_length=200, blank=True)
    batch = models.JSONField(default=dict)
    is_booked = models.BooleanField(default=False)
    complaint = models.TextField(blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    @property
    def short_id(self):
        return self.batch.get("id", "")[:8]


class TransactionQuerySet(models.QuerySet):
    def owned_by(self, account):
        return self.filter(posting__link__office__account=account).select_related("posting__link__office")

    def newest_first(self):
        return self.order_by("-posting_id", "pk")


class Transaction(models.Model):
    """A row of 未確定の取引."""

    class Direction(models.TextChoices):
        INCOME = "income", _("収入")
        EXPENSE = "expense", _("支出")

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="transactions")
    key = models.CharField(max_length=200)
    date = models.DateField(_("取引日"))
    direction = models.CharField(_("収入・支出"), max_length=7, choices=Direction)
    amount = models.PositiveIntegerField(_("金額"))
    description = models.CharField(_("摘要"), max_length=64)
    payment_account = models.CharField(_("取引手段"), max_length=200)
    payment_sub_account = models.CharField(max_length=200, blank=True)
    payment_department = models.CharField(max_length=200, blank=True)
    counter_account = models.CharField(_("勘定科目"), max_length=200)
    counter_sub_account = models.CharField(max_length=200, blank=True)
    counter_department = models.CharField(max_length=200, blank=True)
    tax_category = models.CharField(_("税区分"), max_length=200)
    tax_amount = models.PositiveIntegerField()
    reduced_tax_rate = models.BooleanField()

    objects = TransactionQuerySet.as_manager()

    def __str__(self):
        return self.description

    @classmethod
    def from_wire(cls, posting, row):
        payment, counter = row["payment_account"], row["counter_account"]
        return cls(
            posting=posting,
            **{name: row[name] for name in ("key", "date", "direction", "amount", "description", "tax_amount", "reduced_tax_rate")},
            payment_account=payment["account"],
            payment_sub_account=payment["sub_account"],
            payment_department=payment["department"],
            counter_account=counter["account"],
            counter_sub_account=counter["sub_account"],
            counter_department=counter["department"],
            tax_category=counter["tax_category"],
        )
