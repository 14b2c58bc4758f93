import re
from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stores.audit import ACTION_LABELS, AMOUNTS

register = template.Library()
DAY, MONTH = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]"), re.compile(r"[0-9]{4}-[01][0-9]")


@register.filter
def action_label(action):
    return ACTION_LABELS.get(action, action)


@register.filter
def subject_in_words(subject):
    """A 営業日 or a month as people write it, anything else as it is."""
    if DAY.fullmatch(subject):
        return date_format(date.fromisoformat(subject), "DATE_FORMAT")
    return date_format(date.fromisoformat(f"{subject}-01"), "YEAR_MONTH_FORMAT") if MONTH.fullmatch(subject) else subject


@register.filter
def change_in_words(change):
    """A pair reads "before → after", anything else as it is."""
    if isinstance(change, list) and len(change) == 2:
        return f"{in_words(change[0])} → {in_words(change[1])}"
    return in_words(change)


@register.simple_tag
def recorded_change(entry, label, change):
    """The same of a line of 操作履歴, which knows what is yen."""
    if AMOUNTS.isdisjoint({entry.action, label}):
        return change_in_words(change)
    return change_in_words([yen(part) for part in change] if isinstance(change, list) else yen(change))


def yen(amount):
    return f"{'-' if amount < 0 else ''}¥{abs(amount):,}" if isinstance(amount, int) else amount


def in_words(value):
    if isinstance(value, list):
        value = _("、").join(str(part) for part in value)
    return _("（なし）") if value in (None, "") else value


@register.filter
def label_in_words(label):
    """Labels are kept in Japanese; on an English screen they are translated like any other text."""
    return _(label)
