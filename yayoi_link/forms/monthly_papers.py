from django import forms
from django.utils.translation import gettext_lazy as _

from stores.forms.choices import StoreChoiceField
from stores.models import Store
from yayoi_link.forms.exports import PRODUCTS
from yayoi_link.importfile import Dialect
from yayoi_link.monthly_papers.scope import opened_in


class PapersForm(forms.Form):
    """Which store's papers (nothing chosen: every store that the reader sees), and for which product their CSV is."""

    store = StoreChoiceField(required=False, empty_label=_("すべて"))
    dialect = forms.ChoiceField(label=_("CSVを取り込む製品"), choices=PRODUCTS.items())

    def __init__(self, *args, reader, month, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["store"].queryset = opened_in(Store.objects.visible_to(reader), month)

    @property
    def chosen(self):
        """What `scope_for` wants to know."""
        return {"store": self.cleaned_data["store"], "dialect": Dialect(self.cleaned_data["dialect"])}
