"""What a form says at a field that was left empty: Django's own sentence speaks of a "field", which nobody at a till does."""

from django import forms
from django.utils.translation import gettext_lazy as _

CHOOSE = {"required": _("選んでください。")}


def speak_plainly() -> None:
    """Set the sentences of all forms. What a field says for itself goes before them."""
    forms.Field.default_error_messages["required"] = _("入力してください。")
    forms.ChoiceField.default_error_messages |= CHOOSE
    forms.ModelChoiceField.default_error_messages |= CHOOSE
    forms.FileField.default_error_messages["required"] = _("ファイルを選んでください。")
    forms.BooleanField.default_error_messages = {"required": _("チェックを入れてください。")}
