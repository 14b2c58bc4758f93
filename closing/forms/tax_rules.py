from django import forms
from django.utils.translation import gettext_lazy as _

from closing.models.labels import ROUNDINGS
from closing.tax import FIRST_DAY, Rounding


class RoundingForm(forms.Form):
    rounding = forms.TypedChoiceField(label=_("端数処理"), choices=ROUNDINGS.items(), coerce=Rounding, widget=forms.RadioSelect)
    applies_from = forms.DateField(
        label=_("適用開始営業日"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("この営業日の伝票から使います。登録済みの伝票の判定は変わりません。"),
    )

    def clean_applies_from(self):
        first_day = self.cleaned_data["applies_from"]
        if first_day < FIRST_DAY:
            raise forms.ValidationError(_("2019年10月1日より後の日付にしてください。"))
        return first_day
