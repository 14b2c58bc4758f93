from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

CLASS_OF_INPUT = {"select": "form-select", "checkbox": "form-check-input", "radio": "form-check-input"}


class StyledField(BoundField):
    """Gives each input the style sheet's class of its kind."""

    def build_widget_attrs(self, attrs, widget=None):
        input_type = (widget or self.field.widget).input_type
        styles = CLASS_OF_INPUT.get(input_type, "form-control")
        return {"class": f"{styles} is-invalid" if self.errors else styles} | super().build_widget_attrs(attrs, widget)


class SandboxFields(TemplatesSetting):
    """Field markup is written once, in sandbox/field.html."""

    field_template_name = "sandbox/field.html"
    bound_field_class = StyledField
