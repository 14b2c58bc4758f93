from django import forms
from django.db.models import Exists, OuterRef

from closing.models import BusinessDay, SlipSplit
from closing.models.labels import NATURES


class BookedSlipsForm(forms.Form):
    """Narrows the list of slips to those behind a line of a day's books. Comes from `slips_behind`, and nobody types it."""

    day = forms.ModelChoiceField(queryset=BusinessDay.objects.none(), required=False, widget=forms.HiddenInput)
    after_entry = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    up_to_entry = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    nature = forms.MultipleChoiceField(choices=NATURES.items(), required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].queryset = BusinessDay.objects.visible_to(reader).select_related("store")

    @property
    def booked_day(self):
        return self.cleaned_data["day"] if self.is_valid() else None

    def booked(self, slips):
        day = self.cleaned_data["day"]
        if day is None:
            return slips
        entries = {"entry__gt": self.cleaned_data["after_entry"], "entry__lte": self.cleaned_data["up_to_entry"]}
        return slips.filter(day=day, **{lookup: entry for lookup, entry in entries.items() if entry is not None})

    def split_so(self, slips, **wanted):
        """Keep the slips of which a part is as wanted: of a method, a category, and a nature that was asked for."""
        natures = {"nature__in": self.cleaned_data["nature"]} if self.cleaned_data["nature"] else {}
        return slips.filter(Exists(SlipSplit.objects.filter(slip=OuterRef("pk"), **wanted, **natures)))
