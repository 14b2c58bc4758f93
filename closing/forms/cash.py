import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from closing.categories import MovementDirection
from closing.forms.form_keys import FormKeyField
from closing.forms.numbers import YenField
from closing.models import CashMovement, CashReason
from closing.registration_number import may_be_dated, read_registration_number
from stores.models import Register
from stores.outgoing_names import check_name


class FloatForm(forms.Form):
    """釣銭準備金 of one register."""

    amount = YenField(label=_("釣銭準備金"))

    def __init__(self, *args, settled, **kwargs):
        super().__init__(*args, initial={"amount": settled.opening_float}, prefix=f"register{settled.register.number}", **kwargs)
        self.settled = settled


class Registered(models.TextChoices):
    """Whether the receipt names a 適格請求書発行事業者."""

    YES = "YES", _("あり")
    NO = "NO", _("なし")
    UNCLEAR = "UNCLEAR", _("要確認")


class RegisterChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, register):
        return f"{register} {register.name}".strip()


class ReasonSelect(forms.Select):
    """Marks the reasons that need a receipt, so that a script shows its fields only for them."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if value and value.instance.is_expense:
            option["attrs"]["data-expense"] = ""
        return option


class MovementForm(forms.Form):
    """入金 or 出金. The uuid makes two presses of the button one movement."""

    uuid = FormKeyField()
    reason = forms.ModelChoiceField(
        label=_("理由"), queryset=CashReason.objects.none(), empty_label=_("選んでください"), widget=ReasonSelect
    )
    amount = YenField(label=_("金額（円）"), min_value=1)
    register = RegisterChoiceField(label=_("レジ"), queryset=Register.objects.none(), empty_label=None)
    memo = forms.CharField(label=_("内容"), max_length=40, required=False, validators=[check_name])
    payee = forms.CharField(label=_("支払先"), max_length=40, required=False, validators=[check_name])
    receipt_date = forms.DateField(label=_("領収書日付"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    registered = forms.ChoiceField(
        label=_("登録番号"), choices=Registered, initial=Registered.YES, required=False, widget=forms.RadioSelect
    )
    registration_no = forms.CharField(
        label=_("登録番号（Tと13桁の数字）"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "class": "code"}),
    )
    reduced_amount = YenField(
        label=_("うち8%対象（軽減・円）"), required=False, help_text=_("飲食料品など8%の金額。なければ空欄のままにします。")
    )
    into_closed_day = forms.BooleanField(label=_("閉局済みの営業日に登録します"), required=False)

    EXPENSE_FIELDS = ("payee", "receipt_date", "registered", "registration_no", "reduced_amount")

    def __init__(self, *args, day, direction, **kwargs):
        super().__init__(*args, initial={"uuid": uuid.uuid4(), "receipt_date": day.date}, **kwargs)
        self.day, self.direction = day, direction
        wanted = {"for_paid_in": True} if direction.is_inward else {"for_paid_out": True}
        self.fields["reason"].queryset = CashReason.objects.filter(company=day.store.company_id, retired_on=None, **wanted)
        self.fields["register"].queryset = day.store.registers.filter(retired_on=None)
        if direction.is_inward:
            for name in self.EXPENSE_FIELDS:
                del self.fields[name]
        if day.is_open:
            del self.fields["into_closed_day"]

    @property
    def plain_fields(self):
        return [self[name] for name in ("reason", "amount", "register", "memo")]

    @property
    def expense_fields(self):
        return [self[name] for name in self.EXPENSE_FIELDS if name in self.fields]

    def clean_into_closed_day(self):
        if not self.cleaned_data["into_closed_day"]:
            raise ValidationError(
                _("この営業日は閉局済みです。登録すると「閉局後に変更あり」になります。よろしければチェックを入れてください。")
            )
        return True

    def clean(self):
        cleaned = super().clean()
        reason = cleaned.get("reason")
        if not self.direction.is_inward and reason and reason.is_expense:
            self.check_expense(cleaned)
        return cleaned

    def check_expense(self, cleaned):
        required = {
            "payee": _("支払先を入力してください。"),
            "memo": _("内容を入力してください。"),
            "receipt_date": _("領収書日付を入力してください。"),
        }
        for name, sentence in required.items():
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, sentence)
        self.check_receipt_date(cleaned.get("receipt_date"))
        if (cleaned.get("reduced_amount") or 0) > cleaned.get("amount", 0) and "amount" not in self.errors:
            self.add_error("reduced_amount", _("8%対象の金額は、出金の金額を超えられません。"))
        if cleaned.get("registered") == Registered.YES and not read_registration_number(cleaned.get("registration_no", "")):
            self.add_error(
                "registration_no",
                _("登録番号が正しくありません。領収書のTと13桁の数字をご確認ください。わからないときは「要確認」を選んでください。"),
            )

    def check_receipt_date(self, dated):
        """Its year decides how much of the tax is deductible, so one that cannot be is refused."""
        if dated and not may_be_dated(dated, self.day.date):
            self.add_error("receipt_date", _("領収書日付は、2023年10月1日から営業日の翌日までです。年をご確認ください。"))

    @property
    def movement(self):
        """The movement as it was typed; what belongs to a receipt is kept for expenses only."""
        typed = self.cleaned_data
        movement = CashMovement(
            uuid=typed["uuid"],
            register=typed["register"],
            direction=self.direction,
            reason=typed["reason"],
            amount=typed["amount"],
            memo=typed["memo"],
        )
        if not self.direction.is_inward and typed["reason"].is_expense:
            movement.payee, movement.receipt_date = typed["payee"], typed["receipt_date"]
            movement.reduced_amount = typed["reduced_amount"] or 0
            movement.is_registration_unclear = typed["registered"] == Registered.UNCLEAR
            if typed["registered"] == Registered.YES:
                movement.registration_no = read_registration_number(typed["registration_no"])
        return movement


class DrawerForm(forms.Form):
    """両替 or 売上回収 of one drawer. The uuid makes two presses of the button one."""

    uuid = FormKeyField()
    amount = YenField(label=_("金額（円）"), min_value=1)
    register = RegisterChoiceField(label=_("レジ"), queryset=Register.objects.none(), empty_label=None)
    memo = forms.CharField(label=_("内容"), max_length=40, required=False, validators=[check_name])

    def __init__(self, *args, day, **kwargs):
        super().__init__(*args, initial={"uuid": uuid.uuid4()}, **kwargs)
        self.fields["register"].queryset = day.store.registers.filter(retired_on=None)


class Found(models.TextChoices):
    """What was found to be behind a difference."""

    UNRECORDED = "UNRECORDED", _("記録していなかった（現金は動かさない）")
    CASH = "CASH", _("現金が見つかった・返した（レジの現金が動く）")


class ExplainForm(MovementForm):
    """過不足の原因判明 of one register's difference of an earlier day."""

    found = forms.ChoiceField(label=_("わかったこと"), choices=Found, initial=Found.UNRECORDED, widget=forms.RadioSelect)

    def __init__(self, *args, day, difference, returned, **kwargs):
        direction = MovementDirection.SHORT_EXPLAINED if difference.is_short else MovementDirection.OVER_EXPLAINED
        super().__init__(*args, day=day, direction=direction, **kwargs)
        self.difference, self.returned = difference, returned
        self.initial["amount"] = abs(difference.difference)
        self.fields["amount"].max_value = abs(difference.difference)
        self.fields["reason"].required = False
        self.fields["reason"].label = _("原因（記録していなかったとき）")
        del self.fields["register"]

    @property
    def plain_fields(self):
        return [self[name] for name in ("found", "amount", "reason", "memo")]

    def clean_amount(self):
        amount, most = self.cleaned_data["amount"], abs(self.difference.difference)
        if amount > most:
            raise ValidationError(_("原因がまだわかっていない金額（%(most)s円）を超えられません。") % {"most": f"{most:,}"})
        return amount

    def clean(self):
        if self.cleaned_data.get("found") == Found.CASH:
            self.cleaned_data["reason"] = self.returned
        cleaned = super().clean()
        if not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("原因を選んでください。"))
        return cleaned

    @property
    def movement(self):
        self.cleaned_data["register"] = self.difference.settled.register
        movement = super().movement
        movement.explains = self.difference.settled
        if self.cleaned_data["found"] == Found.CASH:
            movement.direction = MovementDirection.PAID_IN if self.difference.is_short else MovementDirection.PAID_OUT
        return movement
