from django import forms
from django.utils.translation import gettext_lazy as _


class UnlockForm(forms.Form):
    reason = forms.CharField(label=_("解除の理由"), max_length=200)
