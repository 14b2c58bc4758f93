from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stores.authenticator import matching_step
from stores.models import Company
from stores.second_factor import plain
from stores.sign_in import SignInRefused, verify_person

CODE = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("確認コード"),
        max_length=40,
        widget=forms.TextInput(CODE | {"autofocus": True}),
        help_text=_("アプリに表示されている6桁の数字です。アプリを使えないときは、リカバリーコードを入力してください。"),
    )


class OwnPasswordForm(forms.Form):
    """What changes the account asks for the password again: somebody else may sit at the screen."""

    password = forms.CharField(
        label=_("現在のパスワード"), strip=False, max_length=128, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self):
        person = self.request.user
        try:
            verify_person(self.request, person, account=person.username, password=self.cleaned_data["password"])
        except SignInRefused:
            raise ValidationError(_("パスワードが正しくありません。続けて間違えると、しばらく確認できなくなります。")) from None
        return self.cleaned_data["password"]


class EnrolForm(OwnPasswordForm):
    """The first code proves that the app has the secret."""

    code = forms.CharField(
        label=_("アプリに表示された6桁の確認コード"), max_length=20, widget=forms.TextInput(CODE | {"inputmode": "numeric"})
    )
    field_order = ["code", "password"]

    def __init__(self, *args, secret, **kwargs):
        super().__init__(*args, **kwargs)
        self.secret = secret

    def clean_code(self):
        """Return the step of the code."""
        step = matching_step(self.secret, plain(self.cleaned_data["code"]), at=timezone.now())
        if step is None:
            raise ValidationError(_("確認コードが正しくありません。アプリにいま表示されている6桁の数字を入力してください。"))
        return step


class SecondFactorRuleForm(forms.ModelForm):
    class Meta:
        model = Company
        fields = ["requires_second_factor"]
