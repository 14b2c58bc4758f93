import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from closing.forms.form_keys import FormKeyField
from closing.models.handover import LONGEST_NOTE
from stores.forms.choices import StoreChoiceField


class HandoverForm(forms.Form):
    """A note for the next shift. The uuid makes two presses of the button one note."""

    uuid = FormKeyField()
    store = StoreChoiceField(empty_label=_("選んでください"))
    text = forms.CharField(
        label=_("次の人へ"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("メモを入力してください。")},
    )

    def __init__(self, *args, stores, **kwargs):
        super().__init__(*args, initial={"uuid": uuid.uuid4()}, **kwargs)
        self.fields["store"].queryset = stores
        self.choose_only_store(list(stores[:2]))

    def choose_only_store(self, first_two):
        """Who sees one store is not asked for which."""
        if len(first_two) == 1:
            self.initial["store"] = first_two[0].pk
            self.fields["store"].widget = forms.HiddenInput()
