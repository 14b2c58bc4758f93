"""The list of stores that one is chosen from. A chain has a thousand of them, on nearly every page with a filter."""

from django import forms
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from stores.models import Store

SELECTED = {True: mark_safe(" selected"), False: ""}


class StoreSelect(forms.Select):
    """Writes its options without a template for each: a thousand of those take as long as the rest of the page."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = set(self.format_value(value))
        options = ((key, SELECTED[str(key) in chosen], label) for key, label in self.choices)
        attributes = flatatt(self.build_attrs(self.attrs, (attrs or {}) | {"name": name}))
        return format_html("<select{}>{}</select>", attributes, format_html_join("\n", '<option value="{}"{}>{}</option>', options))


class StoreChoices(ModelChoiceIterator):
    """Reads codes and names only."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        key = self.field.to_field_name or "pk"
        for value, code, name in self.queryset.values_list(key, "code", "name"):
            yield value, f"{code} {name}"


class StoreChoiceField(forms.ModelChoiceField):
    """One of the stores that the form's reader sees: the form sets `queryset`."""

    widget = StoreSelect
    iterator = StoreChoices

    def __init__(self, **kwargs):
        super().__init__(**{"label": _("店舗"), "queryset": Store.objects.none()} | kwargs)
