from django import forms
from django.utils.translation import gettext_lazy as _

from closing.forms.numbers import YenField


class AcceptExcessForm(forms.Form):
    """Why a 取消の超過 may stand, of as many yen as the page has shown."""

    excess = YenField(widget=forms.HiddenInput, min_value=1)
    reason = forms.CharField(label=_("超過してよい理由"), max_length=200)
