from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from closing.analysis_period import Compared, Span, Step
from closing.cash_analysis import Grouped
from closing.sales_trend import CHARTED
from stores.forms.choices import StoreChoiceField
from stores.models import Store

LONGEST = 400  # days
EARLIEST = 2000  # the year: nothing is that old, and what lies before a period is still a date
USUAL = timedelta(days=29)
STEPS = [("", _("自動")), (Step.DAY, _("日ごと")), (Step.WEEK, _("週ごと")), (Step.MONTH, _("月ごと"))]
COMPARED = [(Compared.PREVIOUS, _("前の期間")), (Compared.LAST_YEAR, _("昨年の同じ期間"))]
GROUPED = [(Grouped.STORE, _("店舗ごと")), (Grouped.REGISTER, _("レジごと")), (Grouped.PERSON, _("担当者ごと"))]


class PeriodForm(forms.Form):
    """期間, how it is cut, and what it is compared with; without any choice the last thirty days."""

    first = forms.DateField(label=_("期間の初日"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("期間の最終日"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    step = forms.ChoiceField(label=_("区切り"), choices=STEPS, required=False)
    compared = forms.ChoiceField(label=_("比べる期間"), choices=COMPARED)

    def __init__(self, chosen, *, reader):
        today = timezone.localdate()
        usual = {"first": f"{today - USUAL}", "last": f"{today}", "compared": Compared.PREVIOUS.value} | self.usual
        missing = {name: value for name, value in usual.items() if name not in chosen}
        chosen = chosen.copy()
        chosen.update(missing)
        super().__init__(chosen)
        self.stores_of_reader = Store.objects.visible_to(reader).retail()

    usual = {}

    def clean(self):
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", ValidationError(_("最終日は、初日以降の日付にしてください。")))
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("last", ValidationError(_("期間は%(days)s日以内にしてください。"), params={"days": LONGEST}))
        if first and first.year < EARLIEST:
            self.add_error("first", ValidationError(_("%(year)s年以降の日付にしてください。"), params={"year": EARLIEST}))
        if last and last.year > timezone.localdate().year + 1:
            self.add_error("last", ValidationError(_("来年までの日付にしてください。")))
        return self.cleaned_data

    @property
    def span(self):
        return Span(self.cleaned_data["first"], self.cleaned_data["last"])

    @property
    def cut_by(self):
        return Step(self.cleaned_data["step"] or self.span.suited_step)

    @property
    def spans(self):
        return self.span.cut(self.cut_by)

    @property
    def before(self):
        return self.span.compared_with(Compared(self.cleaned_data["compared"]))


class StoresForm(PeriodForm):
    """Which stores stand in the chart; without any choice those that sold most."""

    shown = forms.ModelMultipleChoiceField(queryset=Store.objects.none(), required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, chosen, *, reader):
        super().__init__(chosen, reader=reader)
        self.fields["shown"].queryset = self.stores_of_reader

    def clean_shown(self):
        shown = list(self.cleaned_data["shown"].order_by("code", "pk"))
        if len(shown) > CHARTED:
            raise ValidationError(_("グラフに選べるのは%(stores)s店舗までです。"), params={"stores": CHARTED})
        return shown


class OneStoreForm(PeriodForm):
    """All stores together, or one of them."""

    store = StoreChoiceField(required=False, empty_label=_("すべて"))

    def __init__(self, chosen, *, reader):
        super().__init__(chosen, reader=reader)
        self.fields["store"].queryset = self.stores_of_reader

    @property
    def stores(self):
        store = self.cleaned_data["store"]
        return self.stores_of_reader.filter(pk=store.pk) if store else self.stores_of_reader


class CashForm(OneStoreForm):
    grouped = forms.ChoiceField(label=_("分け方"), choices=GROUPED)

    usual = {"grouped": Grouped.STORE.value}
