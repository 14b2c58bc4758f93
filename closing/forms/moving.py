from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class MoveForm(forms.Form):
    """Which slips go, and to which 営業日."""

    since = forms.DateTimeField(
        label=_("この時刻からの伝票と入出金を移す"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("空欄のときは、この営業日のすべてを移します。"),
    )
    to = forms.DateField(label=_("正しい営業日"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args, day, today, **kwargs):
        super().__init__(*args, initial=proposal(day, today), **kwargs)
        self.day, self.today = day, today

    def clean_to(self):
        to = self.cleaned_data["to"]
        if to == self.day.date:
            raise ValidationError(_("移す先は、別の営業日にしてください。"))
        if to > self.today:
            raise ValidationError(_("未来の営業日には移せません。"))
        return to


class MoveNowForm(MoveForm):
    """The same again, with what the person saw and why."""

    reason = forms.CharField(label=_("理由"), max_length=200)
    seen = forms.CharField(widget=forms.HiddenInput)


def proposal(day, today):
    """Of a forgotten day what was sold since the morning goes to the next one."""
    tomorrow = day.date + timedelta(days=1)
    return {"since": day.overdue_from(), "to": tomorrow} if day.is_open and tomorrow <= today else {}
