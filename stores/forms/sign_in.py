from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    company_code = forms.CharField(
        label=_("企業コード"), max_length=20, widget=forms.TextInput({"autocomplete": "organization", "autocapitalize": "off"})
    )
    code = forms.CharField(
        label=_("担当者コード"), max_length=20, widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "off"})
    )
    password = forms.CharField(
        label=_("パスワード"), strip=False, max_length=128, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )

    def focus_first_empty(self):
        """Put the cursor where typing begins: the company is often filled in already."""
        name = "code" if self.initial.get("company_code") else "company_code"
        self.fields[name].widget.attrs["autofocus"] = True
        return self


class NewPasswordForm(forms.Form):
    current = forms.CharField(
        label=_("現在のパスワード"), strip=False, max_length=128, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("新しいパスワード"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )
    again = forms.CharField(
        label=_("新しいパスワード（確認）"), strip=False, max_length=128, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_current(self):
        current = self.cleaned_data["current"]
        if not self.person.check_password(current):
            raise ValidationError(_("現在のパスワードが正しくありません。"))
        return current

    def clean_new(self):
        new = self.cleaned_data["new"]
        validate_password(new, self.person)
        if new == self.cleaned_data.get("current"):
            raise ValidationError(_("現在のパスワードとは違うものにしてください。"))
        return new

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("新しいパスワードと一致しません。もう一度入力してください。"))
        return cleaned
