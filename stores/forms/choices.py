"""Lists that one chooses from and that are long: a chain has a thousand stores and registers, and they stand on nearly every page."""

from html import escape

from django import forms
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from stores.models import Staff, Store

SELECTED = {True: " selected", False: ""}
CHECKED = {True: " checked", False: ""}
# With more boxes nobody sees at a glance which are ticked.
SEEN_AT_ONCE = 12


class LongSelect(forms.Select):
    """Writes its options without a template for each: a thousand of those take longer than the rest of the page."""

    def use_required_attribute(self, initial):
        # As Django has it, but for asking the first choice: that would read them all once more.
        return forms.Widget.use_required_attribute(self, initial) and self.choices.field.empty_label is not None

    def render(self, name, value, attrs=None, renderer=None):
        chosen = set(self.format_value(value))
        options = "\n".join(
            f'<option value="{escape(str(key))}"{SELECTED[str(key) in chosen]}>{escape(str(label))}</option>' for key, label in self.choices
        )
        attributes = flatatt(self.build_attrs(self.attrs, (attrs or {}) | {"name": name}))
        return format_html("<select{}>{}</select>", attributes, mark_safe(options))  # noqa: S308  escaped above


class StoreBoxes(forms.CheckboxSelectMultiple):
    """The same for boxes, marked up as Django does it; with a search, and buttons for all, where they are many (store-boxes.js)."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = set(self.format_value(value))
        attributes = self.build_attrs(self.attrs, attrs)
        base = attributes.pop("id", "")
        own = flatatt({"type": "checkbox", "name": name} | {key: said for key, said in attributes.items() if key != "class"})
        boxes = [
            f'<div><label for="{base}_{number}"><input{own} value="{escape(str(key))}" id="{base}_{number}"'
            f"{CHECKED[str(key) in chosen]}> {escape(str(label))}</label></div>"
            for number, (key, label) in enumerate(self.choices)
        ]
        look = flatatt({"id": base, "class": attributes.get("class", "")})
        tools = render_to_string("stores/store_box_tools.html", {"list": base}) if len(boxes) > SEEN_AT_ONCE else ""
        return format_html("{}<div{}>{}</div>", tools, look, mark_safe("\n".join(boxes)))  # noqa: S308  escaped above


class ChoicesFromColumns(ModelChoiceIterator):
    """Reads what the field's `columns` name, and no instances."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        key = self.field.to_field_name or "pk"
        for value, *said in self.queryset.values_list(key, *self.field.columns):
            yield value, self.field.label_of(*said)


class ByCodeAndName:
    """Choices such as "0001 渋谷店", of what the form's reader sees: the form sets `queryset`."""

    iterator = ChoicesFromColumns
    columns = ("code", "name")

    def __init__(self, **kwargs):
        super().__init__(**{"label": self.word, "queryset": self.chosen_from.objects.none()} | kwargs)

    def label_of(self, code, name):
        return f"{code} {name}"


class StoreChoiceField(ByCodeAndName, forms.ModelChoiceField):
    widget = LongSelect
    chosen_from, word = Store, _("店舗")


class StoresField(ByCodeAndName, forms.ModelMultipleChoiceField):
    widget = StoreBoxes
    chosen_from, word = Store, _("店舗")


class StaffChoiceField(ByCodeAndName, forms.ModelChoiceField):
    widget = LongSelect
    chosen_from, word = Staff, _("担当者")
