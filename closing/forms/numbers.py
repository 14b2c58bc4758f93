from django import forms

from closing.typed_numbers import bare_number

# Wider than any drawer, narrower than any column.
MOST_YEN = 99_999_999
MOST_PIECES = 99_999


class TypedNumberField(forms.IntegerField):
    """A whole number as people type it: １２，３００, ¥12,300 and 12300円 are 12300."""

    widget = forms.TextInput

    def __init__(self, **kwargs):
        super().__init__(**{"min_value": 0} | kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value = bare_number(value)
        return super().to_python(value)

    def widget_attrs(self, widget):
        return {"inputmode": "numeric", "autocomplete": "off", "class": "money"}


class YenField(TypedNumberField):
    def __init__(self, **kwargs):
        super().__init__(**{"max_value": MOST_YEN} | kwargs)


class PiecesField(TypedNumberField):
    def __init__(self, **kwargs):
        super().__init__(**{"max_value": MOST_PIECES, "required": False} | kwargs)
