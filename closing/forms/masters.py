"""マスタ › 支払方法 and 入出金理由."""

from unicodedata import east_asian_width

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from closing.masters import RESERVED_CODES
from closing.models import CashReason, PaymentMethod
from stores.models import Company
from stores.outgoing_names import check_name

ACCOUNT_WIDTH = 24
OUTGOING = {"name", "account", "sub_account"}
CODE_IS_TAKEN = _("このコードはすでに使われています（利用終了のものも含みます）。")


class MasterSearchForm(forms.Form):
    words = forms.CharField(label=_("コード・名前"), max_length=60, required=False, widget=forms.SearchInput)
    # Keeps the search in the list that is open.
    retired = forms.BooleanField(required=False, widget=forms.HiddenInput)


class MasterForm(forms.ModelForm):
    """A row of one company. The code is chosen once."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The company takes part although nobody can change it: without it "unique in the company" would not be checked.
        self.fields["company"].disabled = True
        self.fields["company"].queryset = Company.objects.filter(pk=self.instance.company_id)
        self.fields["code"].disabled = self.instance.pk is not None
        for name in OUTGOING & self.fields.keys():
            self.fields[name].validators.append(check_name)

    def clean_code(self):
        """Say at the field what the constraint would say about the form as a whole; cash beside CASH would be mistaken for it."""
        code = self.cleaned_data["code"]
        others = self._meta.model.objects.filter(company=self.instance.company_id).exclude(pk=self.instance.pk)
        if others.filter(code__iexact=code).exists():
            raise ValidationError(CODE_IS_TAKEN)
        return code


class PaymentMethodForm(MasterForm):
    class Meta:
        model = PaymentMethod
        fields = ["company", "code", "name", "kind"]
        widgets = {"company": forms.HiddenInput, "code": forms.TextInput({"autocomplete": "off", "class": "code"})}
        help_texts = {
            "code": _("レジが送る伝票と同じコードにします。"),
            "kind": _("商品券とポイントは発行元ごと、売掛は取引先ごとに1つずつ登録します。"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        kind.disabled = self.instance.pk is not None
        kind.choices = [("", _("選んでください")), *(choice for choice in kind.choices if choice[0])]


class CashReasonForm(MasterForm):
    """A reason that people choose; of one that the portal chooses by itself only the name may be another."""

    class Meta:
        model = CashReason
        fields = ["company", "code", "name", "for_paid_in", "for_paid_out", "is_expense", "is_sent", "account", "sub_account"]
        widgets = {"company": forms.HiddenInput, "code": forms.TextInput({"autocomplete": "off", "class": "code"})}
        help_texts = {
            "is_sent": _("外すと、この理由の入出金は弥生に送りません（両替や、銀行の明細から取り込む入金など）。"),
            "account": _("弥生の勘定科目と同じ名前にします。空のときは、決まるまで連携が送信保留になります。"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.purpose:
            for name in set(self.fields) - {"company", "code", "name"}:
                del self.fields[name]

    def clean_code(self):
        code = super().clean_code()
        if not self.instance.pk and code.upper() in RESERVED_CODES:
            raise ValidationError(_("このコードは、この管理画面が自動で登録する理由に使います。ほかのコードにしてください。"))
        return code

    def clean_account(self):
        return fitting(self.cleaned_data["account"])

    def clean_sub_account(self):
        return fitting(self.cleaned_data["sub_account"])

    def clean(self):
        cleaned = super().clean()
        if self.instance.purpose:
            return cleaned
        if not cleaned.get("for_paid_in") and not cleaned.get("for_paid_out"):
            self.add_error("for_paid_out", _("入金か出金の、少なくとも一方で使うようにしてください。"))
        elif cleaned.get("is_expense") and not cleaned.get("for_paid_out"):
            self.add_error("is_expense", _("経費は出金の理由です。「出金で使う」にもチェックを入れてください。"))
        if cleaned.get("sub_account") and not cleaned.get("account") and "account" not in self.errors:
            self.add_error("account", _("補助科目を決めるには、勘定科目も入力してください。"))
        return cleaned


def fitting(name):
    """Return a name that is no wider than the books can hold: 24 columns, of which a 全角 character takes two."""
    wide = sum(2 if east_asian_width(character) in "FWA" else 1 for character in name)
    if wide > ACCOUNT_WIDTH:
        raise ValidationError(_("半角%(width)s桁までです（全角は2桁。いま%(wide)s桁）。") % {"width": ACCOUNT_WIDTH, "wide": wide})
    return name
