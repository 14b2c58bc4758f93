from django import template
from django.utils.translation import gettext as _

from stores.audit import ACTION_LABELS

register = template.Library()


@register.filter
def action_label(action):
    return ACTION_LABELS.get(action, action)


@register.filter
def change_in_words(change):
    """A pair reads "before → after", anything else as it is."""
    if isinstance(change, list) and len(change) == 2:
        return f"{in_words(change[0])} → {in_words(change[1])}"
    return in_words(change)


def in_words(value):
    if isinstance(value, list):
        value = _("、").join(str(part) for part in value)
    return _("（なし）") if value in (None, "") else value


@register.filter
def label_in_words(label):
    """Labels are kept in Japanese; on an English screen they are translated like any other text."""
    return _(label)
