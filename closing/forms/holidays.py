from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from closing.store_calendar import days_between

LONGEST = timedelta(days=366)


class HolidayForm(forms.Form):
    """One date, a span of dates, or one weekday in a span."""

    first = forms.DateField(label=_("休業日（開始日）"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(
        label=_("終了日"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("1日だけのときは空欄のままにします。"),
    )
    weekday = forms.TypedChoiceField(
        label=_("曜日"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("毎日")), *WEEKDAYS.items()],
        help_text=_("定休日を登録するときに選びます。"),
    )
    note = forms.CharField(label=_("メモ"), max_length=40, required=False)

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not first <= last <= first + LONGEST:
            raise ValidationError({"last": _("終了日は、開始日から1年以内の日付にしてください。")})
        return cleaned

    @property
    def dates(self):
        typed = self.cleaned_data
        return days_between(typed["first"], typed["last"] or typed["first"], weekday=typed["weekday"] if typed["last"] else None)
