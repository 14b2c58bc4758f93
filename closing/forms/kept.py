from django import forms
from django.utils.translation import gettext_lazy as _

from closing.forms.slips import date_input
from closing.models import KeptSlip
from stores.forms.choices import StoreChoiceField
from stores.models import Store


class KeptFilterForm(forms.Form):
    store = StoreChoiceField(required=False, empty_label=_("すべて"))
    state = forms.ChoiceField(label=_("状態"), choices=[*KeptSlip.State.choices, ("all", _("すべて"))], required=False)

    def __init__(self, query, *, reader):
        super().__init__({"state": KeptSlip.State.WAITING} | {name: value for name, value in query.items() if value})
        self.fields["store"].queryset = Store.objects.visible_to(reader).retail()

    def chosen(self, kept):
        """Narrow the list to what was asked for; a filter that makes no sense narrows nothing."""
        if not self.is_valid():
            return kept
        store, state = self.cleaned_data["store"], self.cleaned_data["state"]
        if store:
            kept = kept.filter(store=store)
        return kept if state == "all" else kept.filter(state=state)


class BookKeptForm(forms.Form):
    """Under which 営業日 and number a kept slip is booked; as it came, unless somebody says otherwise."""

    business_date = forms.DateField(label=_("営業日"), widget=date_input())
    number = forms.CharField(label=_("伝票番号"), max_length=20)


class DiscardKeptForm(forms.Form):
    reason = forms.CharField(label=_("登録しない理由"), max_length=200, help_text=_("保留の内容は、理由と担当者とともにそのまま残ります。"))
