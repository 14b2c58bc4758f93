from django import forms, template

register = template.Library()

CLASS_OF_WIDGET = [
    (forms.RadioSelect, "field-choices"),
    (forms.CheckboxSelectMultiple, "field-choices"),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.HiddenInput, ""),
]


@register.filter
def is_tick_box(field):
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def dressed(field):
    """Return the widget in the portal's look, keeping the classes that its form gave it."""
    widget = field.field.widget
    look = next((name for kind, name in CLASS_OF_WIDGET if isinstance(widget, kind)), "form-control")
    invalid = "is-invalid" if field.errors else ""
    classes = " ".join(filter(None, [widget.attrs.get("class"), look, invalid]))
    return field.as_widget(attrs={"class": classes})
