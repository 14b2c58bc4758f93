from django import forms
from django.utils.translation import gettext_lazy as _

from stores.audit import ACTION_LABELS
from stores.forms.choices import StaffChoiceField
from stores.models import Staff


class AuditFilterForm(forms.Form):
    since = forms.DateField(label=_("開始日"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label=_("終了日"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    actor = StaffChoiceField(required=False, empty_label=_("すべて"))
    action = forms.ChoiceField(label=_("操作"), required=False)

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["actor"].queryset = Staff.objects.visible_to(reader)
        self.fields["action"].choices = [("", _("すべて")), *ACTION_LABELS.items()]

    def chosen(self, entries):
        """Narrow the entries to what was asked for; a filter that makes no sense narrows nothing."""
        if not self.is_valid():
            return entries
        wishes = {
            "at__date__gte": self.cleaned_data["since"],
            "at__date__lte": self.cleaned_data["until"],
            "actor": self.cleaned_data["actor"],
            "action": self.cleaned_data["action"],
        }
        return entries.filter(**{lookup: value for lookup, value in wishes.items() if value})
