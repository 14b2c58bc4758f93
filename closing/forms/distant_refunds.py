from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from closing.categories import ReversalReason
from closing.forms.numbers import TypedNumberField
from closing.forms.slip_entry import SlipForm
from closing.forms.slips import date_input
from closing.models.labels import REVERSAL_REASONS
from closing.originals import find_original
from closing.slip_content import OriginalSlip
from closing.slip_rules import CODE, LARGEST_REGISTER
from stores.models import Store


class DistantRefundForm(SlipForm):
    """支払取消 by what stands on the receipt of another store: which slip it was, and what is given back."""

    reason = forms.ChoiceField(label=_("取消の理由"), choices=REVERSAL_REASONS.items(), widget=forms.RadioSelect)
    store_code = forms.CharField(label=_("店舗コード"), max_length=20, widget=forms.TextInput({"class": "code"}))
    register_number = TypedNumberField(label=_("POS番号"), min_value=1, max_value=LARGEST_REGISTER)
    sold_on = forms.DateField(label=_("レシートの営業日"), widget=date_input())
    number = forms.CharField(label=_("伝票番号"), max_length=20, widget=forms.TextInput({"class": "code"}))

    as_unseen = forms.BooleanField(label=_("まだ届いていない伝票として登録します"), required=False)

    RECEIPT = ("store_code", "register_number", "sold_on", "number")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in (*self.TENDER, *self.FIGURES):
            self.fields[name].disabled = True

    @property
    def receipt_fields(self):
        return [self[name] for name in self.RECEIPT]

    @property
    def payment_fields(self):
        return [*self.cash_fields, *self.other_payment_fields]

    def clean_store_code(self):
        code = self.cleaned_data["store_code"]
        if not Store.objects.retail().filter(company=self.person.company_id, code=code).exists():
            raise ValidationError(_("この店舗コードの店舗はありません。レシートの店舗コードをご確認ください。"))
        return code

    def clean_number(self):
        number = self.cleaned_data["number"]
        if not CODE.fullmatch(number):
            raise ValidationError(_("伝票番号は、レシートのとおりに半角の英数字で入力してください。"))
        return number

    def clean(self):
        cleaned = super().clean()
        sold_on, refunded_on = cleaned.get("sold_on"), cleaned.get("business_date")
        if sold_on and refunded_on and sold_on > refunded_on:
            self.add_error("sold_on", _("登録する営業日よりあとの伝票は取り消せません。"))
        if not self.errors and not self.numbers_of("amount_"):
            raise ValidationError(_("取り消す金額を入力してください。"))
        if not self.errors and not cleaned["as_unseen"] and find_original(self.person.company_id, self.original) is None:
            question = _(
                "この番号の伝票は届いていません。店舗コード・POS番号・営業日・伝票番号を、レシートともう一度見比べてください。"
                "合っていれば、チェックを入れて登録してください。"
            )
            self.add_error("as_unseen", question)
        return cleaned

    @property
    def asks_whether_unseen(self):
        return "as_unseen" in self.errors or bool(self["as_unseen"].value())

    @property
    def original(self):
        return OriginalSlip(*(self.cleaned_data[name] for name in self.RECEIPT))

    @property
    def chosen_reason(self):
        return ReversalReason(self.cleaned_data["reason"])
