from calendar import monthrange

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stores.forms.choices import StoreChoiceField
from stores.models import Store


class ShownState(models.TextChoices):
    OPEN = "OPEN", _("開局中")
    OVERDUE = "OVERDUE", _("閉局忘れ")
    CLOSED = "CLOSED", pgettext_lazy("state", "閉局")
    PROVISIONAL = "PROVISIONAL", _("仮閉局")
    CHANGED = "CHANGED", _("閉局後に変更あり")


class DayFilterForm(forms.Form):
    store = StoreChoiceField(required=False, empty_label=_("すべて"))
    month = forms.DateField(
        label=_("月"), required=False, input_formats=["%Y-%m"], widget=forms.DateInput({"type": "month"}, format="%Y-%m")
    )
    state = forms.ChoiceField(label=_("状態"), choices=[("", _("すべて")), *ShownState.choices], required=False)

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["store"].queryset = Store.objects.visible_to(reader).retail()

    def chosen(self, days, now):
        """Narrow the days to what was asked for; a filter that makes no sense narrows nothing."""
        if not self.is_valid():
            return days
        wanted = self.cleaned_data
        if wanted["store"]:
            days = days.filter(store=wanted["store"])
        if first := wanted["month"]:
            days = days.filter(date__range=(first, first.replace(day=monthrange(first.year, first.month)[1])))
        return self.in_state(days, wanted["state"], now)

    def in_state(self, days, state, now):
        questions = {
            ShownState.OPEN: lambda: days.open().exclude(pk__in=days.overdue(now)),
            ShownState.OVERDUE: lambda: days.overdue(now),
            ShownState.CLOSED: lambda: days.unchanged_after_close().filter(is_provisional=False),
            ShownState.PROVISIONAL: lambda: days.provisional(),
            ShownState.CHANGED: lambda: days.changed_after_close(),
        }
        return questions[state]() if state else days


class CalendarForm(forms.Form):
    """Which month of which store; what makes no sense shows the present month of all."""

    store = StoreChoiceField(required=False, empty_label=_("すべて"))
    month = forms.DateField(
        label=_("月"), required=False, input_formats=["%Y-%m"], widget=forms.DateInput({"type": "month"}, format="%Y-%m")
    )

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        stores = Store.objects.visible_to(reader).retail()
        self.fields["store"].queryset = stores

    def chosen_month(self, today):
        self.is_valid()
        month = self.cleaned_data.get("month")
        return month if month and 2000 <= month.year <= today.year + 1 else today.replace(day=1)

    def chosen_store(self):
        self.is_valid()
        return self.cleaned_data.get("store")

    def only_store(self):
        """The reader's one store, when there is just one."""
        stores = list(self.fields["store"].queryset[:2])
        return stores[0] if len(stores) == 1 else None
