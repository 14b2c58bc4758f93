from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from closing.models import BusinessDay
from closing.tax import FIRST_DAY
from stores.access import ABILITIES, Ability
from stores.models import Role, Staff

OPERATORS = [role for role in Role if Ability.OPEN_DAY in ABILITIES[role]]


class OperatorChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return f"{person.code} {person.name}"


class OperatorForm(forms.Form):
    """担当者選択 + パスワード of レジ業務."""

    operator = OperatorChoiceField(label=_("担当者選択"), queryset=Staff.objects.none(), empty_label=_("選んでください"))
    password = forms.CharField(
        label=_("パスワード"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args, store, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["operator"].queryset = Staff.objects.working_at(store).filter(role__in=OPERATORS)
        self.fields["operator"].initial = person.pk


class TradingDayForm(forms.Form):
    """開始営業日. A day long past that nobody has opened yet is more often a slip of the finger than a wish: it needs a tick."""

    date = forms.DateField(label=_("開始営業日"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    is_certain = forms.BooleanField(label=_("営業日に間違いありません"), required=False)

    def __init__(self, *args, store, today, **kwargs):
        super().__init__(*args, initial={"date": today}, **kwargs)
        self.store, self.today = store, today
        self.fields["date"].widget.attrs |= {"max": today.isoformat(), "min": FIRST_DAY.isoformat()}

    @property
    def asks_to_be_certain(self):
        return "is_certain" in self.errors or bool(self["is_certain"].value())

    def clean_date(self):
        day = self.cleaned_data["date"]
        if day > self.today:
            raise ValidationError(_("未来の日付は開始営業日にできません。"))
        if day < FIRST_DAY:
            raise ValidationError(_("2019年10月1日より前の日付は開始営業日にできません。"))
        return day

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get("date")
        if day and self.is_surprising(day) and not cleaned["is_certain"]:
            self.add_error(
                "is_certain",
                _("この日はまだ開局されていない過去の日付です。間違いなければチェックを入れて、もう一度「確定」を押してください。"),
            )
        return cleaned

    def is_surprising(self, day):
        return day < self.today - timedelta(days=1) and not BusinessDay.objects.filter(store=self.store, date=day).exists()
