from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yayoi_link.sandbox.models import Account, Link, Office, Transaction

LONGEST_DELAY_SECONDS = 600


class SignInForm(forms.Form):
    account = forms.CharField(
        label=_("アカウント"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("パスワード"), max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def clean(self):
        entered = super().clean()
        if self.errors:
            return entered
        self.signed_in = Account.objects.sign_in(entered["account"], entered["password"])
        if self.signed_in is None:
            raise forms.ValidationError(_("このアカウントのパスワードではありません。"))
        return entered


class AuthenticationForm(forms.Form):
    """Manual 2-1, step 4: a new authentication, or one that is there already."""

    NEW = "new"
    authentication = forms.ChoiceField(label=_("認証"), widget=forms.RadioSelect)

    def __init__(self, *args, links, **kwargs):
        super().__init__(*args, **kwargs)
        existing = [(str(link.pk), f"{link}（{link.office}）") for link in links]
        self.fields["authentication"].choices = [*existing, (self.NEW, _("新しい認証を追加"))]


class NewLinkForm(forms.ModelForm):
    class Meta:
        model = Link
        fields = ["office", "label"]
        widgets = {"office": forms.RadioSelect}
        labels = {"office": _("事業所データ/サービス")}
        error_messages = {"office": {"required": _("取引を取り込む先を選んでください。")}}
        help_texts = {"label": _("店舗名など、見分けるための名前です（任意）。")}

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Office.objects.filter(account=account)
        self.fields["office"].empty_label = None


class AnswersForm(forms.ModelForm):
    delay_seconds = forms.IntegerField(
        label=_("応答までの秒数"), min_value=0, max_value=LONGEST_DELAY_SECONDS, help_text=_("取り込んだ後、応答する前に待つ秒数です。")
    )
    postings_left = forms.IntegerField(
        label=pgettext_lazy("postings", "回数"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=Link._meta.get_field("postings_left").help_text,
    )

    class Meta:
        model = Link
        fields = ["manner", "postings_left", "delay_seconds", "retry_after_seconds", "ignores_repeats"]


class FilterForm(forms.Form):
    link = forms.ModelChoiceField(Link.objects.none(), label=pgettext_lazy("filter", "連携"), required=False, empty_label=_("すべての連携"))

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["link"].queryset = Link.objects.owned_by(account)


class DeletionForm(forms.Form):
    transactions = forms.ModelMultipleChoiceField(
        Transaction.objects.none(),
        error_messages={"required": _("削除する取引を選んでください。"), "invalid_choice": _("選んだ取引の一部は、もうありません。")},
    )

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["transactions"].queryset = Transaction.objects.owned_by(account)
