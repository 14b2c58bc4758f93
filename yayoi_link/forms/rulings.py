from django import forms
from django.utils.translation import gettext_lazy as _

REASON_LENGTH = 200


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=REASON_LENGTH, widget=forms.TextInput({"autocomplete": "off"}))


class SettleForm(ReasonForm):
    """What somebody found in Yayoi's 未確定の取引."""

    was_there = forms.TypedChoiceField(
        label=_("弥生の「未確定の取引」に、下の内容は"),
        choices=[("yes", _("あった（このまま完了にします）")), ("no", _("なかった（もう一度送ります）"))],
        coerce=lambda chosen: chosen == "yes",
        widget=forms.RadioSelect,
    )
    field_order = ["was_there", "reason"]
