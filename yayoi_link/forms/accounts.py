"""仕訳設定 as a page edits it: one row per line, and from which 営業日 it applies."""

from dataclasses import asdict

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from closing.categories import Nature, TaxCategory
from closing.models import BusinessDay
from stores.forms.choices import StoreChoiceField
from stores.models import Store
from yayoi_link.account_choices import OVER_SHORT_LINE, OVERAGE_LINE, TAXED, Choice, sales_line
from yayoi_link.accounts import OUT_OF_SCOPE, TaxAccounting
from yayoi_link.company_accounts import AccountSettings, kinds_of_methods, line_groups, parent_choices
from yayoi_link.models.accounts import BUSINESS_TYPES, TAX_ACCOUNTINGS
from yayoi_link.writable import columns, writable
from yayoi_link.writable_names import check_writable

NAME_WIDTH, TAX_CATEGORY_WIDTH = 24, 32
# The money side of an entry is 対象外 always.
WITH_TAX_CATEGORY = ("sales/", "reason/", OVERAGE_LINE, OVER_SHORT_LINE)
LINES_OF_BUSINESS = frozenset(sales_line(category) for category in TAXED)


class YayoiNameField(forms.CharField):
    """A name as Yayoi can hold it: CP932, and no wider than `width` 半角 columns."""

    def __init__(self, *, width=NAME_WIDTH, **kwargs):
        self.width = width
        super().__init__(required=False, max_length=width, validators=[check_writable], **kwargs)

    def widget_attrs(self, widget):
        # Read aloud as what it is, whatever language the page is in.
        return super().widget_attrs(widget) | {"lang": "ja"}

    def clean(self, value):
        text = writable(super().clean(value))
        if (wide := columns(text)) > self.width:
            raise ValidationError(_("半角%(width)s桁までです（全角は2桁。いま%(wide)s桁）。") % {"width": self.width, "wide": wide})
        return text


class LineForm(forms.Form):
    """One line. An account left empty is the one that the line has otherwise: its kind's, its company's or the default."""

    account = YayoiNameField(label=gettext_lazy("勘定科目"))
    sub_account = YayoiNameField(label=gettext_lazy("補助科目"))
    per_store = forms.BooleanField(label=gettext_lazy("部門＝店舗"), required=False)
    per_method = forms.BooleanField(label=gettext_lazy("補助＝支払方法"), required=False)
    is_sent = forms.BooleanField(label=gettext_lazy("送る"), required=False)
    tax_category = YayoiNameField(label=gettext_lazy("税区分"), width=TAX_CATEGORY_WIDTH)
    returned_tax_category = YayoiNameField(label=gettext_lazy("返品の税区分"), width=TAX_CATEGORY_WIDTH)
    business_type = forms.ChoiceField(
        label=gettext_lazy("事業区分"), choices=[("", gettext_lazy("指定しない")), *BUSINESS_TYPES], required=False
    )

    def __init__(self, posted=None, *, line, group, parent, chosen, is_editable, kind=None):
        self.line, self.word, self.parent, self.kind = line, group.lines[line], parent, kind
        super().__init__(posted, prefix=line.replace("/", "-"), initial=asdict(chosen or parent))
        for name in self.names_left_out():
            del self.fields[name]
        for field in self.fields.values():
            field.disabled = not is_editable
            field.widget.attrs["aria-label"] = f"{group.labels[line]} {field.label}"
        self.is_changed = chosen is not None and chosen != parent

    def names_left_out(self):
        if not self.line.startswith(WITH_TAX_CATEGORY):
            yield "tax_category"
        if not self.line.startswith("sales/"):
            yield "returned_tax_category"
        if self.line not in LINES_OF_BUSINESS:
            yield "business_type"
        if not self.line.startswith("money/"):
            yield "per_method"

    @property
    def tax_fields(self):
        return [self[name] for name in ("tax_category", "returned_tax_category", "business_type") if name in self.fields]

    @property
    def has_returns(self):
        return "returned_tax_category" in self.fields

    def show_what_is_taken(self, mapping):
        """Where nobody wrote anything, show the account of the method's kind, and the 税区分 that the 経理方式 makes."""
        if "tax_category" in self.fields:
            self.show_tax_categories(mapping)
        if self.kind and (account := mapping.money_sides.get(self.kind)):
            self.fields["account"].widget.attrs["placeholder"] = account.name
            self.fields["sub_account"].widget.attrs["placeholder"] = self.word if account.per_method else account.sub_account

    def show_tax_categories(self, mapping):
        shown = {"tax_category": OUT_OF_SCOPE}
        if self.line.startswith("sales/"):
            category = TaxCategory(self.line.removeprefix("sales/"))
            natures = {"tax_category": Nature.SALE, "returned_tax_category": Nature.RETURN}
            shown = {name: mapping.sales_tax_category(category, nature) for name, nature in natures.items()}
        elif (reason := mapping.reason(self.line.removeprefix("reason/"))) and reason.is_expense:
            shown = {"tax_category": _("領収書で決まります")}
        for name, tax_category in shown.items():
            self.fields[name].widget.attrs["placeholder"] = tax_category

    @property
    def choice(self):
        """What was chosen, None where it is what the line has anyway."""
        typed = Choice(**(asdict(self.parent) | self.cleaned_data))
        chosen = typed if typed.account else typed.on_account_of(self.parent)
        return None if chosen == self.parent else chosen


class VersionForm(forms.Form):
    applies_from = forms.DateField(
        label=gettext_lazy("適用開始営業日"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("この営業日から使います。送った日の内容は変わりません。"),
    )
    tax_accounting = forms.ChoiceField(
        label=gettext_lazy("経理方式"), choices=[(accounting.value, word) for accounting, word in TAX_ACCOUNTINGS]
    )
    is_simplified = forms.BooleanField(label=gettext_lazy("簡易課税（税区分に事業区分を入れます）"), required=False)

    def __init__(self, posted=None, *, settings, applies_from, is_of_store, is_editable):
        initial = {"applies_from": applies_from, "tax_accounting": settings.tax_accounting, "is_simplified": settings.is_simplified}
        super().__init__(posted, initial=initial)
        for name, field in self.fields.items():
            field.disabled = not is_editable or (is_of_store and name != "applies_from")


class WhoseAccountsForm(forms.Form):
    """Whose settings are shown, and as they apply to which 営業日."""

    store = StoreChoiceField(label=gettext_lazy("対象"), to_field_name="code", required=False, empty_label=gettext_lazy("企業（全店舗）"))
    on = forms.DateField(label=gettext_lazy("営業日"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *, reader, store, on):
        super().__init__(auto_id="accounts-%s", initial={"store": store and store.code, "on": on})
        self.fields["store"].queryset = Store.objects.visible_to(reader).retail().in_use()


class PreviewForm(forms.Form):
    """Which real day shall show what the settings make of it."""

    # It stands among the fields of the settings: whoever registers those need not choose a day.
    use_required_attribute = False

    store = StoreChoiceField(to_field_name="code", empty_label=gettext_lazy("選んでください"))
    day = forms.DateField(label=gettext_lazy("営業日"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, posted=None, *, reader, store=None):
        stores = Store.objects.visible_to(reader).retail()
        stores = stores.filter(pk=store.pk) if store else stores
        super().__init__(posted, prefix="preview", initial=latest_day(stores))
        self.fields["store"].queryset = stores

    def clean(self):
        wanted = super().clean()
        if not self.errors:
            days = BusinessDay.objects.filter(store=wanted["store"], date=wanted["day"]).select_related("store__company")
            wanted["business_day"] = days.first()
            if wanted["business_day"] is None:
                self.add_error("day", _("この店舗には、この営業日の記録がありません。"))
        return wanted


def latest_day(stores):
    """The day that is proposed: of the first store with the latest date, which is looked for first because all days have stores."""
    days = BusinessDay.objects.filter(store__in=stores)
    latest = days.aggregate(latest=Max("date"))["latest"]
    return (
        {"store": days.filter(date=latest).order_by("store__code").values_list("store__code", flat=True)[0], "day": latest}
        if latest
        else {}
    )


class AccountTable:
    """All rows of a version of the company, or of one store where `store` is given."""

    def __init__(self, posted=None, *, company, store, settings, applies_from, is_editable):
        parents = parent_choices(company, store=store, on=applies_from)
        self.version = VersionForm(
            posted, settings=settings, applies_from=applies_from, is_of_store=store is not None, is_editable=is_editable
        )
        kinds = kinds_of_methods(company)
        chosen = settings.choices
        self.groups = []
        for group in line_groups(company):
            rows = [
                LineForm(
                    posted,
                    line=line,
                    group=group,
                    parent=parents[line],
                    chosen=chosen.get(line),
                    kind=kinds.get(line),
                    is_editable=is_editable,
                )
                for line in group.lines
            ]
            self.groups.append((group.heading, rows))

    @property
    def rows(self):
        return [row for _heading, rows in self.groups for row in rows]

    def show_what_is_taken(self, mapping):
        for row in self.rows:
            row.show_what_is_taken(mapping)

    def is_valid(self):
        # All of them, so that every row shows what is wrong with it.
        are_valid = [form.is_valid() for form in (self.version, *self.rows)]
        return all(are_valid)

    @property
    def has_mistakes(self):
        return any(form.errors for form in (self.version, *self.rows))

    @cached_property
    def settings(self):
        """What was typed, once it is valid."""
        chosen = {row.line: choice for row in self.rows if (choice := row.choice)}
        version = self.version.cleaned_data
        return AccountSettings(chosen, TaxAccounting(version["tax_accounting"]), version["is_simplified"])
