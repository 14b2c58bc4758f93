from django import forms
from django.utils.translation import gettext_lazy as _

from yayoi_link.forms.rulings import ReasonForm


class NoContentForm(ReasonForm):
    """What a 204 means over a link: the other of two, for the link that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    accepts = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")], coerce=lambda answer: answer == "yes", empty_value=False, widget=forms.HiddenInput
    )
    is_known = forms.BooleanField(label=_("204は「受け取った」の返事だと、接続先に確かめました"))
    field_order = ["is_known", "reason"]

    def __init__(self, *args, link, **kwargs):
        super().__init__(*args, initial={"version": link.version, "accepts": "no" if link.accepts_204 else "yes"}, **kwargs)
        if link.accepts_204:
            del self.fields["is_known"]
