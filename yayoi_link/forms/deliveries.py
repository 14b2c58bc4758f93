from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from stores.models import Store
from yayoi_link.models.labels import STATES
from yayoi_link.states import IN_FLIGHT, NEEDS_A_PERSON, State

NEEDING = "needing"
IN_FLIGHT_CHOICE = "in_flight"
PERIODS = {"this_month": _("今月"), "last_month": _("先月"), "all": _("すべての期間")}


class DeliveryFilterForm(forms.Form):
    """What the list shows. Nothing chosen means: of this month, what needs somebody."""

    period = forms.ChoiceField(label=_("期間"), choices=PERIODS.items(), initial="this_month", required=False)
    store = forms.ModelChoiceField(label=_("店舗"), queryset=Store.objects.none(), required=False, empty_label=_("すべて"))
    state = forms.ChoiceField(
        label=_("状態"),
        choices=[
            (NEEDING, _("対応が必要")),
            ("all", _("すべて")),
            (IN_FLIGHT_CHOICE, STATES[State.SENDING]),
            *((state.value, word) for state, word in STATES.items() if state not in IN_FLIGHT | {State.SUPERSEDED}),
        ],
        initial=NEEDING,
        required=False,
    )

    def __init__(self, query, *, reader):
        defaults = {"period": "this_month", "state": NEEDING}
        super().__init__(defaults | {name: value for name, value in query.items() if value})
        self.fields["store"].queryset = Store.objects.visible_to(reader).retail()

    @property
    def shows_only_needs(self):
        return self.is_valid() and self.cleaned_data["state"] == NEEDING

    def chosen(self, deliveries, today):
        """Narrow the deliveries to what was asked for; a filter that makes no sense narrows nothing."""
        if not self.is_valid():
            return deliveries
        if store := self.cleaned_data["store"]:
            deliveries = deliveries.filter(day__store=store)
        return self._of_state(self._of_period(deliveries, today))

    def _of_period(self, deliveries, today):
        first = today.replace(day=1)
        match self.cleaned_data["period"]:
            case "this_month":
                return deliveries.filter(day__date__gte=first)
            case "last_month":
                return deliveries.filter(day__date__lt=first, day__date__gte=(first - timedelta(days=1)).replace(day=1))
            case _:
                return deliveries

    def _of_state(self, deliveries):
        match self.cleaned_data["state"]:
            case "all":
                return deliveries
            case "needing":
                return deliveries.filter(state__in=NEEDS_A_PERSON)
            case "in_flight":
                return deliveries.filter(state__in=IN_FLIGHT)
            case state:
                return deliveries.filter(state=state)
