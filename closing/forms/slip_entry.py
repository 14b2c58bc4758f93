"""Slips that people enter: the form of 支払取消, and the form of a whole slip for 訂正 and for sales."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from closing import slip_columns as columns
from closing import tax
from closing.categories import PaymentKind, ReversalReason, SlipKind, TaxCategory
from closing.forms.form_keys import FormKeyField
from closing.forms.numbers import MOST_YEN, TypedNumberField, YenField
from closing.forms.slips import date_input
from closing.models import BusinessDay, PaymentMethod
from closing.models.labels import REVERSAL_REASONS, TAX_CATEGORIES
from closing.slip_content import PaymentPart, SlipContent, SlipRow, TaxPart, assign_tender
from closing.slip_messages import sentence
from closing.taking_back import TakingBack
from closing.tax_rounding import rounding_of
from closing.templatetags.figures import yen
from stores.access import Ability, may, who_may
from stores.forms.choices import ChoicesFromColumns, LongSelect
from stores.models import Register


class StoreRegisterChoiceField(forms.ModelChoiceField):
    widget = LongSelect
    iterator = ChoicesFromColumns
    columns = ("store__name", "number", "name")

    def label_of(self, store, number, name):
        return f"{store} {Register.word(number)} {name}".strip()


class BookedSlipForm(forms.Form):
    """Where and when a slip is booked. The key makes two presses of the button one slip."""

    form_key = FormKeyField()
    register = StoreRegisterChoiceField(label=_("登録するレジ"), queryset=Register.objects.none(), empty_label=None)
    business_date = forms.DateField(label=_("登録する営業日"), widget=date_input())
    into_closed_day = forms.BooleanField(label=_("閉局済みの営業日に登録します"), required=False)

    def __init__(self, *args, registers, person, initial, **kwargs):
        super().__init__(*args, initial={"form_key": uuid.uuid4()} | initial, **kwargs)
        self.person = person
        self.fields["register"].queryset = registers

    def add_payments(self, methods, *, prefix, amounts):
        for method in methods:
            least = -MOST_YEN if method.kind == PaymentKind.CASH else 0
            field = YenField(label=method.name, required=False, min_value=least, initial=amounts.get(method.code) or None)
            self.fields[f"{prefix}{method.code}"] = field

    def add_problem(self, problem):
        """Say at its field, or above all of them, why the books refused the slip."""
        payments = {columns.payment_column(name.partition("_")[2]): name for name in self.fields if name.startswith(("paid_", "refund_"))}
        fields = payments | {columns.BUSINESS_DATE: "business_date", columns.REGISTER: "register"}
        self.add_error(fields.get(problem.column), sentence(problem))

    def numbers_of(self, prefix):
        """What was typed into the fields of this prefix, by what stands after it."""
        typed = {name.removeprefix(prefix): self.cleaned_data.get(name) for name in self.fields if name.startswith(prefix)}
        return {name: amount for name, amount in typed.items() if amount}

    @property
    def asks_for_closed_day(self):
        return "into_closed_day" in self.errors or bool(self["into_closed_day"].value())

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("register") and cleaned.get("business_date"):
            self.check_day(BusinessDay.objects.filter(store=cleaned["register"].store_id, date=cleaned["business_date"]).first())
        return cleaned

    def check_day(self, day):
        if day is None:
            self.add_error("business_date", _("この店舗では、この営業日はまだ開局していません。"))
        elif not day.is_open and not may(self.person, Ability.CORRECT_SLIPS):
            refusal = _("この営業日は閉局済みです。閉局済みの営業日に登録できるのは%(roles)sです。")
            self.add_error("business_date", refusal % {"roles": who_may(Ability.CORRECT_SLIPS)})
        elif not day.is_open and not self.cleaned_data["into_closed_day"]:
            question = _("この営業日は閉局済みです。登録すると「閉局後に変更あり」になります。よろしければチェックを入れてください。")
            self.add_error("into_closed_day", question)

    def check_margins(self, sold, paid):
        if sold != paid:
            said = _("支払の合計（%(paid)s）が、税区分ごとの金額の合計（%(sold)s）と一致しません。")
            raise ValidationError(said % {"paid": yen(paid), "sold": yen(sold)})


class TakeBackForm(BookedSlipForm):
    """支払取消: what is taken back of each category, and with what the money is given back."""

    reason = forms.ChoiceField(label=_("取消の理由"), choices=REVERSAL_REASONS.items(), widget=forms.RadioSelect)

    def __init__(self, *args, original, left, refundable, methods, **kwargs):
        super().__init__(*args, **kwargs)
        for part in left:
            if part.amount > 0:
                self.fields[f"take_{part.category}"] = YenField(
                    label=TAX_CATEGORIES[part.category],
                    required=False,
                    max_value=part.amount,
                    initial=part.amount,
                    help_text=_("残り %(left)s") % {"left": yen(part.amount)},
                )
        self.add_payments(methods, prefix="refund_", amounts=refundable)
        self.paid_with = {payment.method.code for payment in original.payments.all()}
        self.is_of_nothing = not original.total

    @property
    def amount_fields(self):
        return [self[name] for name in self.fields if name.startswith("take_")]

    @property
    def usual_refunds(self):
        return [field for field in self if field.name.startswith("refund_") and self.is_usual(field)]

    @property
    def other_refunds(self):
        return [field for field in self if field.name.startswith("refund_") and not self.is_usual(field)]

    def is_usual(self, field):
        code = field.name.removeprefix("refund_")
        return code in self.paid_with or field.field.min_value < 0 or bool(field.errors)

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            taken = sum(self.numbers_of("take_").values())
            if not taken and not self.is_of_nothing:
                raise ValidationError(_("取り消す金額を入力してください。"))
            self.check_margins(taken, sum(self.numbers_of("refund_").values()))
        return cleaned

    @property
    def taking(self):
        amounts = {TaxCategory(category): amount for category, amount in self.numbers_of("take_").items()}
        return TakingBack(ReversalReason(self.cleaned_data["reason"]), amounts, self.numbers_of("refund_"))


class SlipForm(BookedSlipForm):
    """A whole slip as it should be. A tax that is left empty is worked out from its amount."""

    tendered = YenField(label=_("お預り"), required=False)
    change = YenField(label=_("お釣り"), required=False)
    overage = YenField(label=_("金券等差額"), required=False)
    discount = YenField(label=_("値引"), required=False)
    service_charge = YenField(label=_("サービス料"), required=False)
    points = YenField(label=_("ポイント"), required=False)
    guests = TypedNumberField(label=_("客数"), required=False, max_value=9999)

    MAIN = (TaxCategory.STANDARD_10, TaxCategory.REDUCED_8)
    # お預り and お釣り stand beside the cash.
    TENDER = ("tendered", "change", "overage")
    FIGURES = ("discount", "service_charge", "points", "guests")

    def __init__(self, *args, methods, content=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.methods = list(methods)
        for category in TaxCategory:
            self.fields[f"amount_{category}"] = YenField(label=TAX_CATEGORIES[category], required=False)
            if tax.is_taxed(category):
                self.fields[f"tax_{category}"] = YenField(label=_("うち消費税"), required=False)
        self.add_payments(self.methods, prefix="paid_", amounts={})
        self.prepare_adding_up(on=self.initial["business_date"])
        if content:
            self.initial |= self.typed_as(content)

    def prepare_adding_up(self, *, on):
        """What static/slip.js shows while somebody types; the tax that is booked is worked out anew."""
        self.rounding = rounding_of(self.person.company_id, on=on)
        for category in self.MAIN:
            self.fields[f"amount_{category}"].widget.attrs["data-percent"] = tax.rule_on(category, on).percent
        for method in self.methods:
            if method.kind == PaymentKind.CASH:
                self.fields[f"paid_{method.code}"].widget.attrs["data-cash"] = True

    def typed_as(self, content):
        """The fields as somebody would have typed this slip."""
        typed = {f"amount_{part.category}": part.amount for part in content.taxes}
        typed |= {f"tax_{part.category}": part.tax for part in content.taxes}
        typed |= {f"paid_{payment.method}": payment.amount for payment in content.payments}
        typed |= {name: sum(getattr(payment, name) for payment in content.payments) or None for name in self.TENDER}
        return typed | {name: getattr(content, name) or None for name in self.FIGURES}

    @property
    def main_amounts(self):
        return [(self[f"amount_{category}"], self[f"tax_{category}"]) for category in self.MAIN]

    @property
    def other_amounts(self):
        return [self[f"amount_{category}"] for category in TaxCategory if category not in self.MAIN]

    @property
    def cash_fields(self):
        return [self[f"paid_{method.code}"] for method in self.methods if method.kind == PaymentKind.CASH]

    @property
    def other_payment_fields(self):
        return [self[f"paid_{method.code}"] for method in self.methods if method.kind != PaymentKind.CASH]

    @property
    def figure_fields(self):
        return [self[name] for name in self.FIGURES]

    @property
    def has_other_amounts(self):
        return say_something(self.other_amounts)

    @property
    def has_overage(self):
        return say_something([self["overage"]])

    @property
    def has_figures(self):
        return say_something(self.figure_fields)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.says_something:
            raise ValidationError(_("何も入力されていません。0円の伝票を登録するときは、客数・値引・ポイントのどれかを入力してください。"))
        if not self.errors:
            self.check_margins(sum(self.numbers_of("amount_").values()), sum(self.numbers_of("paid_").values()))
            self.check_change(cleaned)
        return cleaned

    @property
    def says_something(self):
        return bool(self.numbers_of("amount_") or self.numbers_of("paid_") or any(self.cleaned_data[name] for name in self.FIGURES))

    def check_change(self, cleaned):
        cash = sum(cleaned.get(f"paid_{method.code}") or 0 for method in self.methods if method.kind == PaymentKind.CASH)
        if cash > 0 and cleaned["tendered"] and cleaned["tendered"] - (cleaned["change"] or 0) != cash:
            self.add_error("change", _("お預りからお釣りを引いた金額が、現金の金額と一致しません。"))

    def slip_content(self, *, by):
        """The slip as it was typed, still without a number."""
        cleaned = self.cleaned_data
        content = SlipContent(
            number="",
            kind=SlipKind.SALE,
            business_date=cleaned["business_date"],
            issued_at=by.at,
            register_number=cleaned["register"].number,
            staff_code=by.actor.code,
            taxes=tuple(self.tax_part(TaxCategory(name), amount) for name, amount in self.numbers_of("amount_").items()),
            payments=tuple(PaymentPart(method, amount) for method, amount in self.numbers_of("paid_").items()),
            **{name: cleaned[name] or 0 for name in self.FIGURES},
        )
        kinds = {method.code: PaymentKind(method.kind) for method in self.methods}
        return assign_tender(SlipRow(0, content, **{name: cleaned[name] or 0 for name in self.TENDER}), kinds)

    def tax_part(self, category, amount):
        printed = self.cleaned_data.get(f"tax_{category}")
        # A tax left as it was proposed belongs to the amount that it was proposed with.
        is_of_other_amount = f"amount_{category}" in self.changed_data and f"tax_{category}" not in self.changed_data
        if printed is None or is_of_other_amount:
            printed = self.own_tax(amount, category, self.cleaned_data["business_date"])
        return TaxPart(category, amount, printed)

    def own_tax(self, amount, category, day):
        """0 of a category that there is not yet: the slip is refused then."""
        return tax.own_tax(amount, category, day, rounding_of(self.person.company_id, on=day)) if tax.exists(category, day) else 0


def say_something(fields):
    """Whether a part of the form that is folded away must be seen."""
    return any(field.value() or field.errors for field in fields)


def methods_for(company_id, *, also=()):
    """The payment methods in use, and those of a slip that was paid with one that no longer is."""
    methods = PaymentMethod.objects.filter(company=company_id)
    return (methods.filter(retired_on=None) | methods.filter(code__in=also)).distinct()
