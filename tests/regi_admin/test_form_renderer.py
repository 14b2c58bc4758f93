import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from regi_admin.form_renderer import FieldGroups

WIDGETS = [
    (forms.TextInput({"class": "code", "maxlength": 20, "autofocus": True, "readonly": False}), "<\"&'>"),
    (forms.TextInput({"placeholder": _("店舗"), "aria-label": '"'}), mark_safe("&amp;")),
    (forms.TextInput(), None),
    (forms.NumberInput(), 1200),
    (forms.DateInput({"type": "date"}, format="%Y-%m-%d"), "2026-04-01"),
    (forms.EmailInput(), "a@example.com"),
    (forms.PasswordInput(), "secret"),
    (forms.HiddenInput(), 0),
    (forms.CheckboxInput({"role": "switch"}), True),
    (forms.CheckboxInput(), False),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_an_input_is_written_as_django_writes_it(widget, value):
    written, expected = (widget.render("amount", value, {"id": "id_amount"}, renderer()) for renderer in (FieldGroups, TemplatesSetting))

    assert written == expected
