from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    words = forms.CharField(label=_("コード・名前"), max_length=60, required=False, widget=forms.SearchInput)

    def chosen(self, rows):
        """Narrow the rows to those whose code or name holds every one of the words."""
        return rows.found(self.cleaned_data["words"]) if self.is_valid() else rows
