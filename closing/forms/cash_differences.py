from calendar import monthrange

from django import forms
from django.utils.translation import gettext_lazy as _

from closing.forms.days import CalendarForm


class CashDifferenceForm(CalendarForm):
    """Which differences the list shows: those of a month, or whatever is beyond the tolerance and nobody has looked at."""

    unseen = forms.BooleanField(label=_("許容額を超え、まだ確認していないものだけ"), required=False)

    def __init__(self, query, *, reader, today):
        super().__init__({"month": f"{today:%Y-%m}"} | {name: value for name, value in query.items() if value}, reader=reader)
        self.today = today

    @property
    def month(self):
        return self.chosen_month(self.today)

    @property
    def shows_unseen(self):
        self.is_valid()
        return self.cleaned_data["unseen"]

    @property
    def span(self):
        return self.month, self.month.replace(day=monthrange(self.month.year, self.month.month)[1])

    def of_store(self, registers):
        store = self.chosen_store()
        return registers.filter(closing__day__store=store) if store else registers
