from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.forms.choices import StoreChoiceField
from stores.models import Store
from yayoi_link.daybook import LARGEST_FILE
from yayoi_link.importfile import Dialect

LONGEST_PERIOD = timedelta(days=366)
MEGABYTE = 1024 * 1024
PRODUCTS = {Dialect.DESKTOP: gettext_lazy("デスクトップ・Next"), Dialect.ONLINE: gettext_lazy("オンライン")}


def day_field(label, **options):
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


class PeriodForm(forms.Form):
    """From when to when, of which store; nothing chosen means every store that the reader sees."""

    first = day_field(gettext_lazy("開始日"))
    last = day_field(gettext_lazy("終了日"))
    store = StoreChoiceField(required=False, empty_label=gettext_lazy("すべて"))

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        self.visible = Store.objects.visible_to(reader).retail()
        self.fields["store"].queryset = self.visible

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("開始日以降の日付にしてください。"))
        elif first and last and last - first > LONGEST_PERIOD:
            self.add_error("last", _("期間は1年以内にしてください。"))
        return cleaned

    @property
    def stores(self):
        chosen = self.cleaned_data["store"]
        return self.visible.filter(pk=chosen.pk) if chosen else self.visible


class ExportForm(PeriodForm):
    dialect = forms.ChoiceField(label=gettext_lazy("取り込む製品"), choices=PRODUCTS.items())

    @property
    def chosen(self):
        """What `export_days` wants to know."""
        return {"first": self.cleaned_data["first"], "last": self.cleaned_data["last"], "dialect": Dialect(self.cleaned_data["dialect"])}


class ReconcileForm(PeriodForm):
    file = forms.FileField(
        label=gettext_lazy("仕訳日記帳のファイル"),
        help_text=gettext_lazy("弥生でエクスポートしたCSV（20 MBまで）。ファイルは照合が終わると消します。"),
    )
    field_order = ["file", "first", "last", "store"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first", "last"):
            self.fields[name].required = False
        self.fields["first"].help_text = _("空欄のときは、ファイルの最初の日付から最後の日付までを照合します。")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(
                _("ファイルは%(size)s MBまでです。期間を分けてエクスポートしてください。") % {"size": LARGEST_FILE // MEGABYTE}
            )
        return file


def last_month(today):
    """Return the first and the last day of the month before: what an accountant asks for most."""
    last = today.replace(day=1) - timedelta(days=1)
    return {"first": date(last.year, last.month, 1), "last": last}
