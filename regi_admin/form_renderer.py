from django.forms.renderers import TemplatesSetting


class FieldGroups(TemplatesSetting):
    """Field markup is written once, in templates/forms/field.html."""

    field_template_name = "forms/field.html"
