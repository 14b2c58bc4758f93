"""The key by which two presses of one button are known as one."""

from django import forms
from django.utils.translation import gettext_lazy as _

STALE = _("画面が古くなっています。画面を開き直して、もう一度入力してください。")


class FormKeyField(forms.UUIDField):
    """Nobody types it: a form that comes back without its key was not made by this page, or by an older one."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(error_messages={"required": STALE, "invalid": STALE}, **kwargs)
