from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

# Django's templates of these are the same line, with one more template for the attributes.
INPUTS = frozenset(f"django/forms/widgets/{kind}.html" for kind in ("checkbox", "date", "email", "hidden", "number", "password", "text"))


class FieldGroups(TemplatesSetting):
    """Field markup is written once, in templates/forms/field.html."""

    field_template_name = "forms/field.html"

    def render(self, template_name, context, request=None):
        if template_name in INPUTS:
            return input_tag(context["widget"])
        return super().render(template_name, context, request)


def input_tag(widget):
    """As Django writes it, without two templates for each: 仕訳設定 and 弥生会計連携 have hundreds of them."""
    own = {"type": widget["type"], "name": widget["name"], "value": widget["value"]}
    attributes = {name: said for name, said in own.items() if said is not None} | widget["attrs"]
    said = "".join(f" {attribute(*each)}" for each in attributes.items() if each[1] is not False)
    return mark_safe(f"<input{said}>")  # noqa: S308  escaped in `attribute`


def attribute(name, value):
    return name if value is True else f'{name}="{conditional_escape(value)}"'
