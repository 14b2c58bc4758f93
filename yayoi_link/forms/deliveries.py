"""What 連携状況 shows. List and calendar have the same filters, so that each leads to the other."""

from calendar import monthrange
from datetime import date, timedelta
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from stores.forms.choices import StoreChoiceField
from stores.models import Store
from yayoi_link.models import Delivery
from yayoi_link.models.labels import STATES
from yayoi_link.states import IN_FLIGHT, NEEDS_A_PERSON, State

NEEDING, ALL, IN_FLIGHT_CHOICE, CHANGED, OPEN, OVERDUE = "needing", "all", "in_flight", "changed", "open", "overdue"
STATE_CHOICES = [
    (NEEDING, _("対応が必要")),
    (ALL, _("すべて")),
    (CHANGED, _("送信後に変更あり")),
    (IN_FLIGHT_CHOICE, STATES[State.SENDING]),
    *((state.value, word) for state, word in STATES.items() if state not in IN_FLIGHT | {State.SUPERSEDED}),
]
# Of days that have no delivery yet; the list cannot show them.
DAY_CHOICES = [(OVERDUE, _("閉局忘れ")), (OPEN, _("開局中"))]
PERIODS = [("this_month", _("今月")), ("last_month", _("先月"))]
MONTHS_OFFERED = 12
# More stores are searched for by words.
MOST_STORES_OFFERED = 20


def month_before(month):
    return (month - timedelta(days=1)).replace(day=1)


class DeliveryFilterForm(forms.Form):
    """Which stores, and what of them. A filter that makes no sense narrows nothing."""

    store = StoreChoiceField(required=False, empty_label=_("すべて"))
    words = forms.CharField(label=_("店舗のコード・名前"), max_length=60, required=False, widget=forms.SearchInput)
    state = forms.ChoiceField(label=_("状態"), choices=STATE_CHOICES, required=False)

    def __init__(self, query, *, reader, today):
        self.asked = {name: value for name, value in query.items() if value}
        self.today = today
        super().__init__(self.unasked() | self.asked)
        self.fields["store"].queryset = stores = Store.objects.visible_to(reader).retail()
        is_searched = "store" not in self.asked and stores.count() > MOST_STORES_OFFERED
        del self.fields["store" if is_searched else "words"]

    def unasked(self):
        """What is shown where nothing was asked for."""
        return {"state": ALL}

    def chosen_stores(self, stores):
        if not self.is_valid():
            return stores
        if store := self.cleaned_data.get("store"):
            return stores.filter(pk=store.pk)
        return stores.found(self.cleaned_data.get("words", ""))

    def asked_again(self, *names, **others):
        """The query of another page that shows the same, of what was asked for here."""
        return urlencode({name: self.asked[name] for name in names if name in self.asked} | others)

    def of_state(self, deliveries):
        match self.cleaned_data["state"]:
            case "all":
                return deliveries
            case "needing":
                return deliveries.in_states(NEEDS_A_PERSON)
            case "in_flight":
                return deliveries.in_states(IN_FLIGHT)
            case "changed":
                return deliveries.changed_since()
            case state:
                return deliveries.filter(state=state)


class DeliveryListForm(DeliveryFilterForm):
    """What the list shows. Nothing chosen means: of this month, what needs somebody."""

    period = forms.ChoiceField(label=_("期間"), required=False)

    field_order = ["period"]

    def __init__(self, query, *, reader, today):
        super().__init__(query, reader=reader, today=today)
        self.fields["period"].choices = [*PERIODS, *self._months(), ("all", _("すべての期間"))]

    def unasked(self):
        return {"period": "this_month", "state": NEEDING}

    def _months(self):
        """The months before those, and the one that was asked for, however long ago."""
        month = month_before(self.today.replace(day=1))
        offered = [month := month_before(month) for each in range(MONTHS_OFFERED)]
        if (asked := self._asked_month()) and asked not in offered:
            offered.append(asked)
        return [(f"{month:%Y-%m}", date_format(month, "YEAR_MONTH_FORMAT")) for month in offered]

    def _asked_month(self):
        try:
            return date.fromisoformat(f"{self.asked.get('period')}-01")
        except ValueError:
            return None

    @property
    def shows_only_needs(self):
        return self.is_valid() and self.cleaned_data["state"] == NEEDING

    @property
    def calendar_query(self):
        month = month_before(self.today.replace(day=1)) if self.asked.get("period") == "last_month" else self._asked_month()
        return self.asked_again("store", "words", "state", **({"month": f"{month:%Y-%m}"} if month else {}))

    def chosen(self, deliveries):
        """Narrow the deliveries to what was asked for."""
        if not self.is_valid():
            return deliveries
        if self.cleaned_data.get("store") or self.cleaned_data.get("words"):
            deliveries = deliveries.filter(day__store__in=self.chosen_stores(Store.objects.all()))
        return self.of_state(self._of_period(deliveries))

    def _of_period(self, deliveries):
        first = self.today.replace(day=1)
        match self.cleaned_data["period"]:
            case "this_month":
                return deliveries.filter(day__date__gte=first)
            case "last_month":
                return deliveries.filter(day__date__range=days_of(month_before(first)))
            case "all":
                return deliveries
            case _:
                return deliveries.filter(day__date__range=days_of(self._asked_month()))


def days_of(month):
    return (month, month.replace(day=monthrange(month.year, month.month)[1]))


class DeliveryCalendarForm(DeliveryFilterForm):
    """What the calendar shows: one month, by default the present one, with everything."""

    month = forms.DateField(
        label=_("月"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput({"type": "month"}, format="%Y-%m"),
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 1))],
    )

    field_order = ["month"]

    def __init__(self, query, *, reader, today):
        super().__init__(query, reader=reader, today=today)
        self.fields["state"].choices = [*STATE_CHOICES[:2], *DAY_CHOICES, *STATE_CHOICES[2:]]

    def unasked(self):
        return super().unasked() | {"month": f"{self.today:%Y-%m}"}

    @property
    def chosen_month(self):
        self.is_valid()
        return self.cleaned_data.get("month") or self.today.replace(day=1)

    @property
    def before(self):
        return month_before(self.chosen_month)

    @property
    def after(self):
        return (self.chosen_month + timedelta(days=31)).replace(day=1)

    @property
    def narrows_days(self):
        return self.is_valid() and self.cleaned_data["state"] != ALL

    @property
    def list_query(self):
        names = ["store", "words"] if self.asked.get("state") in dict(DAY_CHOICES) else ["store", "words", "state"]
        month = self.chosen_month
        is_present = month == self.today.replace(day=1)
        return self.asked_again(*names, **({} if is_present else {"period": f"{month:%Y-%m}"}))

    def sought(self, days, now):
        """Narrow the days to those in the state that was asked for."""
        match self.cleaned_data["state"]:
            case "overdue":
                return days.overdue(now)
            case "open":
                return days.open().exclude(pk__in=days.overdue(now))
            case _:
                return days.filter(Exists(self.of_state(Delivery.objects.current().filter(day=OuterRef("pk")))))
